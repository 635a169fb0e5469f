import { type Html, raw } from './html.ts';

/** Ids of every page, and of the overview. */
const OF_PAGES =
  /^(about|main|redoc-view|said|schemas|search-(input|results|status)|security|servers|site-search|top|webhooks)$/;

/** What names a part of the reference in a URL: an id on a page, or a folder. Other texts have other names. */
function slug(text: string): string {
  return text
    .replaceAll(/[^\p{L}\p{N}\w .@$*[\]…-]/gu, (one) => `~${one.codePointAt(0)?.toString(16)}`)
    .replaceAll(' ', '+');
}

type Section =
  | 'parameters'
  | 'authentication'
  | 'body'
  | 'responses'
  | 'samples'
  | 'try'
  | 'callbacks';

/**
 * The ids of everything in the reference. They are published: a name here may be added, never changed,
 * and `test/published-anchors.txt` remembers those that were.
 */
export const anchors = {
  operation: (id: string) => (OF_PAGES.test(id) ? `${id}-2` : slug(id)),
  section: (id: string, name: Section) => `${slug(id)}-${name}`,
  parameter: (id: string, { in: place, name }: { in: string; name: string }, twice = false) =>
    `${slug(id)}-parameter-${twice ? `${place}-` : ''}${slug(name)}`,
  response: (id: string, status: string) => `${slug(id)}-${status}`,
  part: (of: string, path: string) => `${of}-${slug(path)}`,
  shared: (id: string, schema: string) => `${slug(id)}-body-${slug(schema)}`,
  tag: (name: string) => `tag-${slug(name)}`,
  security: (name: string) => `security-${slug(name)}`,
  schema: (name: string) => `schema-${slug(name)}`,
};

/** Gives ids to a page: one that is there already gets a number. */
export function ownIds(): (id: string) => string {
  const taken = new Set<string>();
  return (id) => {
    let own = id;
    for (let count = 2; taken.has(own); count++) own = `${id}-${count}`;
    taken.add(own);
    return own;
  };
}

/** A page in which no id is there twice; a link to itself goes with its id. */
export function withOwnIds({ text }: Html): Html {
  const own = ownIds();
  return raw(
    text.replaceAll(
      / id="([^"]+)"([^<>]*>\s*(?:<p class="field-head">)?<a class="self" href="#\1")?/g,
      (whole, id: string) => {
        const name = own(id);
        return name === id ? whole : whole.replaceAll(`${id}"`, `${name}"`);
      },
    ),
  );
}
