import type { Contract, Operation, SecurityAlternative, SecurityScheme } from '../src/model.ts';
import { plainText } from './canonical/plain-text.ts';
import { type Add, type Found, type Meaning, WORDING } from './found.ts';

/** What has to be sent, and its scopes. */
type Needs = ReadonlyMap<string, readonly string[]>;

/** @param shared names of schemes that both contracts have: another one of them is another token */
function needsOf({ schemes }: SecurityAlternative, shared: ReadonlySet<string>): Needs {
  return new Map(
    schemes.map(({ scheme, scopes }) => {
      const { type, credential, httpScheme, openIdConnectUrl } = scheme;
      const name = credential?.in === 'header' ? credential.name.toLowerCase() : credential?.name;
      const own = shared.has(scheme.name) ? `(${scheme.name})` : '';
      const parts = [type, credential?.in, name, httpScheme, openIdConnectUrl, own];
      return [parts.filter(Boolean).join(' '), scopes];
    }),
  );
}

function say(needs: Needs): string {
  const parts = [...needs].map(([what, scopes]) => [what, ...[...scopes].sort()].join(' '));
  return parts.sort().join(' and ') || 'no credentials';
}

/** Whether who has what `more` needs has what `less` needs. No credentials are another way than any. */
function suffices(more: Needs, less: Needs): boolean {
  if (less.size === 0) return more.size === 0;
  return [...less].every(([what, scopes]) =>
    scopes.every((scope) => more.get(what)?.includes(scope)) ? more.has(what) : false,
  );
}

/** Whether calls are accepted as before, alternative by alternative. */
export function compareAlternatives(
  old: Operation,
  now: Operation,
  shared: ReadonlySet<string>,
  add: Add,
): void {
  const needs = ({ security }: Operation): Needs[] =>
    security.length > 0 ? security.map((one) => needsOf(one, shared)) : [new Map()];
  const [before, after] = [needs(old), needs(now)];
  const lost = before.filter((one) => !after.some((other) => suffices(one, other)));
  const gained = after.filter((one) => !before.some((other) => suffices(one, other)));
  const less = after.filter(
    (one) => !before.some((other) => suffices(other, one) && suffices(one, other)),
  );
  const values = { before: before.map(say), after: after.map(say) };
  if (lost.length > 0)
    add(
      'modified',
      {
        rating: 'major',
        what: `Calls with ${lost.map(say).join(' or with ')} are not accepted any more.`,
        rule: 'our/security-lost',
        affects: less.length > 0 ? ['callers', 'servers'] : ['callers'],
        reason: 'Calls that were accepted are refused.',
        migration: 'Send the credentials that the contract now asks for.',
      },
      values,
    );
  else if (gained.length > 0 || less.length > 0)
    add(
      'modified',
      {
        rating: 'minor',
        what: `Calls with ${less.map(say).join(' or with ')} are accepted as well.`,
        rule: 'our/security-gained',
        affects: ['callers', 'servers'],
        reason: 'The old ways stay.',
      },
      values,
    );
}

/** The names of schemes that both have. */
export function sharedSchemes(before: Contract, after: Contract): ReadonlySet<string> {
  const names = new Set(before.securitySchemes.map(({ name }) => name));
  return new Set(after.securitySchemes.map(({ name }) => name).filter((name) => names.has(name)));
}

/** Schemes by name: callers give their tokens by it, and get them from the URLs of its flows. */
export function compareSchemes(before: Contract, after: Contract): Found[] {
  const found: Found[] = [];
  const now = new Map(after.securitySchemes.map((one) => [one.name, one]));
  for (const old of before.securitySchemes) {
    const other = now.get(old.name);
    const add = (what: string, meaning: Omit<Meaning, 'what'>, values: object = {}) =>
      found.push({
        kind: other ? 'modified' : 'removed',
        where: `components › securitySchemes › ${old.name}`,
        what: `security scheme \`${old.name}\` ${what}.`,
        ...meaning,
        ...values,
        pointer: (other ?? old).pointer,
        gone: other === undefined,
      });
    if (other === undefined) {
      add('was removed, or has another name', NAME_GONE);
      continue;
    }
    const [a, b] = [flowsOf(old), flowsOf(other)];
    const values = { before: Object.fromEntries(a), after: Object.fromEntries(b) };
    const lost = [...a].filter(([key, value]) => b.get(key) !== value);
    if (lost.length > 0) add('changed how a token is got', FLOW_LOST, values);
    else if (b.size > a.size) add('has more ways to get a token', FLOW_GAINED, values);
    const words = rewordedIn(old, other);
    if (words) add('is described in other words', WORDING, words);
  }
  return found;
}

/** Where tokens come from, and which scopes there are. */
function flowsOf({ flows }: SecurityScheme): Map<string, string> {
  return new Map(
    Object.entries(flows).flatMap(([name, { scopes, ...urls }]): [string, string][] => [
      [name, 'there'],
      ...Object.entries(urls).flatMap(([key, url]): [string, string][] =>
        typeof url === 'string' ? [[`${name} ${key}`, url]] : [],
      ),
      ...Object.keys(scopes).map((scope): [string, string] => [`${name} ${scope}`, 'there']),
    ]),
  );
}

function rewordedIn(old: SecurityScheme, now: SecurityScheme): object | undefined {
  const [before, after] = [wordsOf(old), wordsOf(now)];
  const keys = [...before.keys()].filter(
    (key) => after.has(key) && after.get(key) !== before.get(key),
  );
  if (keys.length === 0) return undefined;
  const pick = (words: typeof before) =>
    Object.fromEntries(keys.map((key) => [key, words.get(key)]));
  return { before: pick(before), after: pick(after) };
}

function wordsOf({ description, bearerFormat, flows }: SecurityScheme): Map<string, unknown> {
  return new Map<string, unknown>([
    ['description', plainText(description)],
    ['bearerFormat', bearerFormat],
    ...Object.entries(flows).flatMap(([name, { scopes }]) =>
      Object.entries(scopes).map(([scope, words]) => [`${name} ${scope}`, words] as const),
    ),
  ]);
}

const NAME_GONE = {
  rating: 'major',
  rule: 'our/security-scheme-name-removed',
  affects: ['types'],
  reason: 'Callers give their tokens by the names of schemes.',
  migration: 'Give the token under its new name.',
} satisfies Omit<Meaning, 'what'>;

const FLOW_LOST = {
  rating: 'major',
  rule: 'our/flow-lost',
  affects: ['callers'],
  reason: 'Callers get their tokens the old way.',
  migration: 'Get the token the way that the contract says now.',
} satisfies Omit<Meaning, 'what'>;

const FLOW_GAINED = {
  rating: 'minor',
  rule: 'our/flow-gained',
  affects: ['callers'],
  reason: 'The old ways stay.',
} satisfies Omit<Meaning, 'what'>;
