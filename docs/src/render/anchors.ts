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
  operation: (id: string) => slug(id),
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
