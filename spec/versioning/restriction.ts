import type { RedoclyChange } from './redocly-diff.ts';

/** What happened to the values that a schema allows. `other`: they got more and fewer, or nobody can say. */
export type Shift = 'fewer' | 'more' | 'other';

const LOWER = /^(minLength|minItems|minProperties|minContains|minimum|exclusiveMinimum)$/;
const UPPER = /^(maxLength|maxItems|maxProperties|maxContains|maximum|exclusiveMaximum)$/;
const LISTS = /^(enum|type)$/;
const OTHERS =
  /^(pattern|format|multipleOf|uniqueItems|items|x-(not|if|then|else|contains|propertyNames|dependentRequired|dependentSchemas|unevaluatedProperties|unevaluatedItems|allOf|anyOf|oneOf|never))$/;

/** Formats whose values the other one has as well. */
const NARROWER: Record<string, string> = { int32: 'int64', float: 'double' };

/** How a keyword of a schema restricts values otherwise than before; undefined for a keyword of another kind. */
export function shiftOf({ property = '', base, revision }: RedoclyChange): Shift | undefined {
  const [before, after] = [base?.value, revision?.value];
  if (property === 'required') return compare(asSet(after), asSet(before));
  const known = [LOWER, UPPER, LISTS, OTHERS].some((kind) => kind.test(property));
  if (!known) return undefined;
  if (before === undefined) return 'fewer';
  if (after === undefined) return 'more';
  if (LOWER.test(property)) return (after as number) > (before as number) ? 'fewer' : 'more';
  if (UPPER.test(property)) return (after as number) < (before as number) ? 'fewer' : 'more';
  if (property === 'format' && NARROWER[`${before}`] === after) return 'more';
  if (property === 'format' && NARROWER[`${after}`] === before) return 'fewer';
  if (LISTS.test(property)) return compare(asSet(before), asSet(after));
  return 'other';
}

function asSet(value: unknown): Set<unknown> {
  const set = new Set([value ?? []].flat());
  // Whatever allows numbers allows whole ones.
  if (set.has('number')) set.add('integer');
  return set;
}

function compare(before: Set<unknown>, after: Set<unknown>): Shift {
  const lost = [...before].some((value) => !after.has(value));
  const gained = [...after].some((value) => !before.has(value));
  if (lost && gained) return 'other';
  return lost ? 'fewer' : 'more';
}
