import type { Contract, Link, Operation } from '../src/model.ts';
import { plainText } from './canonical/plain-text.ts';
import { operationKey } from './canonical/print-contract.ts';
import { stableJson } from './canonical/stable-json.ts';
import { type Add, type Meaning, WORDING } from './found.ts';

type In = readonly [Contract, Operation];

/** A link by its parts: where it leads to, and with what. */
export function compareLinks(before: In, after: In, add: Add): void {
  const [old, now] = [linksOf(before), linksOf(after)];
  const tell = (what: string, meaning: keyof typeof LINKS, values: object) =>
    add('modified', { what, ...LINKS[meaning] }, values);
  for (const [name, link] of old) {
    const other = now.get(name);
    if (other === undefined) {
      // A response that is gone is told as such.
      const [status = ''] = name.split(' ');
      if (after[1].responses.some((one) => one.status === status))
        tell(`Link \`${name}\` was removed.`, 'lost', { before: link });
      continue;
    }
    const differs = (part: keyof typeof link) => stableJson(link[part]) !== stableJson(other[part]);
    const values = { before: link, after: other };
    if (differs('leads')) tell(`Link \`${name}\` leads elsewhere.`, 'lost', values);
    else if (differs('carries')) {
      const onlyMore = Object.entries(link.carries).every(
        ([key, value]) => stableJson(value) === stableJson(other.carries[key]),
      );
      tell(`Link \`${name}\` carries other values.`, onlyMore ? 'gained' : 'unknown', values);
    } else if (differs('words'))
      add(
        'modified',
        { ...WORDING, what: `Link \`${name}\` is described in other words.` },
        values,
      );
  }
  for (const [name, link] of now)
    if (!old.has(name)) tell(`Link \`${name}\` was added.`, 'gained', { after: link });
}

const LINKS = {
  lost: {
    rating: 'major',
    rule: 'our/link-lost',
    affects: ['callers'],
    reason: 'Callers that follow the link by its name get elsewhere.',
    migration: 'Call the operation that you need by its own name.',
  },
  gained: {
    rating: 'minor',
    rule: 'our/link-gained',
    affects: ['callers', 'servers'],
    reason: 'Callers who do not know it do without.',
  },
  unknown: {
    rating: 'unknown',
    rule: 'our/unknown',
    affects: ['callers', 'servers', 'types'],
    reason: 'No rule knows whether the old values still lead there, so its author has to say it.',
  },
} satisfies Record<string, Omit<Meaning, 'what'>>;

/** Links by status and name. */
function linksOf([{ operations }, { responses }]: In) {
  const target = ({ operationId, operationRef }: Link) => {
    const one = operations.find(
      ({ id, pointer }) => id === operationId || pointer === operationRef,
    );
    return one ? operationKey(one) : (operationId ?? operationRef);
  };
  return new Map(
    responses.flatMap(({ status, links }) =>
      links.map((link) => {
        const parameters = Object.entries(link.parameters).map(
          ([name, value]) => [name.replace(/^(path|query|header|cookie)\./, ''), value] as const,
        );
        const body = link.requestBody === undefined ? {} : { 'the request body': link.requestBody };
        return [
          `${status} ${link.name}`,
          {
            leads: [target(link), link.server?.defaultUrl],
            carries: { ...Object.fromEntries(parameters), ...body } as Record<string, unknown>,
            words: plainText(link.description),
          },
        ] as const;
      }),
    ),
  );
}
