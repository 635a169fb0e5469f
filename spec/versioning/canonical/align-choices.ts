import { stableJson } from './stable-json.ts';

type Node = Record<string, unknown>;

/**
 * Where one side has a choice and the other has what is one of its alternatives, the other one becomes a choice of one:
 * an alternative more or less is all that differs then.
 */
export function alignChoices(before: Node, after: Node): void {
  for (const key of Object.keys(before)) {
    const [a, b] = [before[key], after[key]];
    if (!isNode(a) || !isNode(b)) continue;
    before[key] = asChoiceLike(a, b);
    after[key] = asChoiceLike(b, a);
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

function isChoice({ properties }: Node): boolean {
  const names = isNode(properties) ? Object.keys(properties) : [];
  return names.length > 0 && names.every((name) => /^(anyOf|oneOf):/.test(name));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
