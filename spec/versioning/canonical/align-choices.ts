import {
  CHOICES,
  exchangeKeywords,
  isNode,
  membersOf,
  type Node,
  pairLikeOld,
  withoutWords,
} from './pair-members.ts';
import { stableJson } from './stable-json.ts';

const LIMITS = [
  ['minimum', 'exclusiveMinimum', 1],
  ['maximum', 'exclusiveMaximum', -1],
] as const;

/**
 * Where one side has a choice and the other has what is one of its alternatives, the other one becomes a choice of one:
 * an alternative more or less is all that differs then. In the same way what one side says once (a pattern) becomes a
 * member of `allOf` where the other side says it twice. A choice that has no counterpart restricts as a whole, like any
 * other keyword: `x-anyOf`, `x-oneOf`.
 */
export function alignChoices(
  before: Node,
  after: Node,
  { isMap = false, isResponse = false } = {},
): void {
  for (const key of Object.keys(before)) {
    const [a, b] = [before[key], after[key]];
    // What was closed is opened, however wide.
    if (a === false && isNode(b) && !isMap) delete after[key];
    if (!isNode(a) || !isNode(b)) continue;
    const fields = key === 'properties' && !isMap;
    if (!fields) {
      exchangeKeywords(a, b);
      alignLimits(a, b);
      pairLikeOld(a, b);
      before[key] = asMembersLike(asChoiceLike(a, b), b);
      after[key] = asMembersLike(asChoiceLike(b, a), a);
      dropLoneChoice(before[key] as Node, after[key] as Node);
      dropLoneChoice(after[key] as Node, before[key] as Node);
      nameFields(before[key] as Node, after[key] as Node, isResponse);
    }
    alignChoices(before[key] as Node, after[key] as Node, {
      isMap: fields,
      isResponse: isResponse || (key === 'responses' && typeof before.operationId === 'string'),
    });
  }
}

function asChoiceLike(schema: Node, other: Node): Node {
  if (isChoice(schema) || !isChoice(other)) return schema;
  const text = stableJson(schema);
  const alternatives = Object.entries(other.properties as Node);
  const [name] = alternatives.find(([, one]) => stableJson(one) === text) ?? [];
  return name === undefined ? schema : { properties: { [name]: schema } };
}

/** Leaves out the wider limit, where one side includes it and the other excludes it. */
function alignLimits(a: Node, b: Node): void {
  for (const [limit, exclusive, sign] of LIMITS)
    for (const [one, other] of [[a, b] as const, [b, a] as const]) {
      const [value, excluded] = [one[limit], other[exclusive]];
      if (typeof value !== 'number' || typeof excluded !== 'number') continue;
      if (exclusive in one || limit in other) continue;
      if (sign * excluded >= sign * value) delete one[limit];
      else delete other[exclusive];
    }
}

/** A choice that only one side has. What is one of its alternatives and more keeps it anyway. */
function dropLoneChoice(schema: Node, other: Node): void {
  const [properties, others] = [schema.properties, other.properties];
  if (!isNode(properties) || !isNode(others)) return;
  // Then the alternatives also say which fields there may be.
  const isClosed = (node: Node) => Object.keys(node).some((key) => /^x-unevaluated/.test(key));
  if (isClosed(schema) || isClosed(other)) return;
  for (const keyword of CHOICES) {
    const names = membersOf(schema, keyword);
    // Fields of alternatives may have become fields of all.
    const isNew = (name: string) => !/^allOf:/.test(name) && !(name in properties);
    if (names.length === 0 || membersOf(other, keyword).length > 0) continue;
    if (Object.keys(others).some(isNew)) continue;
    const alternatives = names.map((name) => properties[name] as Node);
    const texts = alternatives.map(withoutWords);
    const kept = membersOf(other, 'allOf').some((name) =>
      texts.includes(withoutWords(others[name])),
    );
    if (keyword === 'oneOf' || !kept) schema[`x-${keyword}`] = stableJson(alternatives);
    if (alternatives.every(({ type }) => type !== undefined))
      schema.type ??= unite(alternatives.flatMap(({ type }) => type as string | string[]));
    for (const name of names) delete properties[name];
  }
}

function asMembersLike(schema: Node, other: Node): Node {
  const [mine, theirs] = [schema.properties, other.properties];
  if (!isNode(mine) || !isNode(theirs)) return schema;
  const result: Node = { ...schema };
  for (const key of Object.keys(theirs)) {
    const [, keyword = ''] = /^allOf:\{"(\w+)":/.exec(key) ?? [];
    if (!(keyword in result)) continue;
    const one = { [keyword]: result[keyword] };
    delete result[keyword];
    const members = { ...(result.properties as Node) };
    result.properties = { ...members, [`allOf:${stableJson(one)}`]: { ...one, properties: {} } };
  }
  return result;
}

/**
 * What is named only now had the values that all names without a schema have. Where any value was allowed, nobody is
 * taken to have used a name; of a pattern, or of what is forbidden now, nobody knows.
 */
function nameFields(schema: Node, { properties: now }: Node, isResponse: boolean): void {
  const { properties, additionalProperties: others } = schema;
  if (!isNode(properties) || !isNode(now) || others === false) return;
  for (const [name, one] of Object.entries(now)) {
    if (name in properties || /^(anyOf|oneOf|allOf|item):/.test(name)) continue;
    const isLimit = name.startsWith('pattern:') || (isNode(one) && one['x-never'] === true);
    if (!isNode(others) && (isResponse || !isLimit)) continue;
    const other = isNode(others) ? structuredClone(others) : { properties: {} };
    if (withoutWords(other) !== withoutWords(one)) properties[name] = other;
  }
}

function isChoice({ properties }: Node): boolean {
  const names = isNode(properties) ? Object.keys(properties) : [];
  return names.length > 0 && names.every((name) => /^(anyOf|oneOf):/.test(name));
}

function unite(types: string[]): string | string[] {
  const list = [...new Set(types)].sort();
  return list.length === 1 ? `${list[0]}` : list;
}
