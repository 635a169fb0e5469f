import type { Server } from '../src/model.ts';
import { plainText } from './canonical/plain-text.ts';
import { type Add, WORDING } from './found.ts';

/** Where calls may go to. */
export function compareServers(
  before: readonly Server[],
  after: readonly Server[],
  add: Add,
): void {
  const now = new Map(after.map((server) => [server.url, server]));
  const old = new Map(before.map((server) => [server.url, server]));
  const lost = (what: string, values: object) =>
    add(
      'modified',
      {
        rating: 'major',
        what,
        rule: 'our/server-lost',
        affects: ['callers'],
        reason: 'Calls go to a place that is not promised any more.',
        migration: 'Give your client the new base URL.',
      },
      values,
    );
  const gained = (what: string, values: object) =>
    add(
      'modified',
      {
        rating: 'minor',
        what,
        rule: 'our/server-gained',
        affects: ['callers'],
        reason: 'The old one stays.',
      },
      values,
    );
  for (const url of now.keys())
    if (!old.has(url)) gained(`Server \`${url}\` was added.`, { after: url });
  for (const [url, server] of old) {
    const match = now.get(url);
    if (match === undefined) lost(`Server \`${url}\` was removed.`, { before: url });
    else {
      for (const variable of server.variables) {
        const other = match.variables.find(({ name }) => name === variable.name);
        const name = `variable \`${variable.name}\` of server \`${url}\``;
        if (other === undefined) {
          lost(`The ${name} was removed.`, { before: withoutWords(variable) });
          continue;
        }
        const values = { before: withoutWords(variable), after: withoutWords(other) };
        if (variable.default !== other.default) lost(`The default of ${name} changed.`, values);
        else if (!isWithin(variable.enum, other.enum)) lost(`The ${name} lost values.`, values);
        else if (!isWithin(other.enum, variable.enum))
          gained(`The ${name} may have more values.`, values);
        else if (plainText(variable.description) !== plainText(other.description))
          reworded(`The ${name}`, add, variable, other);
      }
      if (plainText(server.description) !== plainText(match.description))
        reworded(`Server \`${url}\``, add, server, match);
    }
  }
}

function withoutWords({ default: value, enum: values }: Server['variables'][number]): object {
  return { default: value, ...(values.length > 0 && { enum: values }) };
}

/** Whether everything that the first list allows is allowed by the second; an empty list allows all. */
function isWithin(inner: readonly string[], outer: readonly string[]): boolean {
  return outer.length === 0 || (inner.length > 0 && inner.every((value) => outer.includes(value)));
}

function reworded(
  what: string,
  add: Add,
  before: { description: string },
  after: { description: string },
): void {
  add(
    'modified',
    { ...WORDING, what: `${what} is described in other words.` },
    {
      before: before.description,
      after: after.description,
    },
  );
}
