import { stableJson } from './stable-json.ts';

type Node = Record<string, unknown>;

/**
 * Where one side has a choice and the other has what is one of its alternatives, the other one becomes a choice of one:
 * an alternative more or less is all that differs then. In the same way what one side says once (a pattern) becomes a
 * member of `allOf` where the other side says it twice.
 */
export function alignChoices(before: Node, after: Node): void {
  for (const key of Object.keys(before)) {
    const [a, b] = [before[key], after[key]];
    if (!isNode(a) || !isNode(b)) continue;
    renameLikeOld(a, b);
    before[key] = asMembersLike(asChoiceLike(a, b), b);
    after[key] = asMembersLike(asChoiceLike(b, a), a);
    alignChoices(before[key] as Node, after[key] as Node);
  }
}

function asChoiceLike(schema: Node, other: Node): Node {
  if (isChoice(schema) || !isChoice(other)) return schema;
  const text = stableJson(schema);
  const alternatives = Object.entries(other.properties as Node);
  const [name] = alternatives.find(([, one]) => stableJson(one) === text) ?? [];
  return name === undefined ? schema : { properties: { [name]: schema } };
}

/** An alternative that says the same under another name, or with a title, is the old one. */
function renameLikeOld({ properties: before }: Node, { properties: after }: Node): void {
  if (!isNode(before) || !isNode(after)) return;
  const isNew = (key: string) => /^(any|one|all)Of:/.test(key) && !(key in before);
  for (const key of Object.keys(before)) {
    if (!/^(any|one|all)Of:/.test(key) || key in after) continue;
    const same = Object.keys(after).find(
      (other) => isNew(other) && withoutWords(after[other]) === withoutWords(before[key]),
    );
    if (same === undefined) continue;
    after[key] = after[same];
    delete after[same];
  }
}

function withoutWords(schema: unknown): string {
  return stableJson(schema).replaceAll(/"(title|description)":"(\\.|[^"\\])*",?/g, '');
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

function isChoice({ properties }: Node): boolean {
  const names = isNode(properties) ? Object.keys(properties) : [];
  return names.length > 0 && names.every((name) => /^(anyOf|oneOf):/.test(name));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
