import { stableJson } from './stable-json.ts';

export type Node = Record<string, unknown>;

export const CHOICES = ['anyOf', 'oneOf'] as const;

/** Writes `anyOf` for `oneOf`, or the other way round, where one side has this and the other that. */
export function exchangeKeywords(a: Node, b: Node): void {
  const [from] = CHOICES.filter((keyword) => membersOf(b, keyword).length > 0);
  const [to] = CHOICES.filter((keyword) => membersOf(a, keyword).length > 0);
  if (!from || !to || from === to || membersOf(a, from).length + membersOf(b, to).length > 0)
    return;
  const strict = from === 'oneOf' ? b : a;
  const alternatives = membersOf(strict, 'oneOf').map((name) => (strict.properties as Node)[name]);
  if (!alternatives.every((one, at) => alternatives.slice(0, at).every(excludes(one))))
    strict['x-oneOf'] = true;
  b.properties = Object.fromEntries(
    Object.entries(b.properties as Node).map(([name, one]) => [
      name.startsWith(`${from}:`) ? to + name.slice(from.length) : name,
      one,
    ]),
  );
}

/** Whether no value is allowed by both. */
function excludes(one: unknown): (other: unknown) => boolean {
  return (other) => {
    const [a, b] = [one as Node, other as Node];
    const apart = (list: unknown, others: unknown) =>
      list !== undefined && others !== undefined && !common([list].flat(), [others].flat());
    if (apart(a.type, b.type) || apart(a.enum, b.enum)) return true;
    const required = [a.required, b.required].map((names) => (names ?? []) as string[]);
    return (
      a.type === 'object' &&
      b.type === 'object' &&
      (required[0] ?? []).some(
        (name) =>
          required[1]?.includes(name) &&
          excludes((a.properties as Node)[name] ?? {})((b.properties as Node)[name] ?? {}),
      )
    );
  };
}

function common(a: unknown[], b: unknown[]): boolean {
  const wide = (list: unknown[]) => (list.includes('number') ? [...list, 'integer'] : list);
  return wide(a).some((one) => wide(b).includes(one));
}

/** Gives each alternative, and each member of `allOf`, the name of the old one that it is, or that it was made from. */
export function pairLikeOld({ properties: before }: Node, { properties: after }: Node): void {
  if (!isNode(before) || !isNode(after)) return;
  for (const keyword of [...CHOICES, 'allOf']) {
    const free = membersOf({ properties: before }, keyword);
    const now = membersOf({ properties: after }, keyword);
    const old = new Map<string, string>();
    const pair = (isSame: (name: string, other: string) => boolean): void => {
      for (const name of now) {
        const other = old.has(name) ? undefined : free.find((one) => isSame(name, one));
        if (other === undefined) continue;
        old.set(name, other);
        free.splice(free.indexOf(other), 1);
      }
    };
    const saysSame = (name: string, other: string) =>
      withoutWords(after[name]) === withoutWords(before[other]);
    const unnamed = (name: string) => name.replace(/ \d+$|(?<=:)\d+$/, '');
    pair((name, other) => name === other && saysSame(name, other));
    pair(saysSame);
    pair((name, other) => name === other);
    pair((name, other) => unnamed(name) === unnamed(other));
    const members = now.map((name) => after[name]);
    for (const name of now) delete after[name];
    for (const [index, name] of now.entries()) {
      let key: string = old.get(name) ?? name;
      while (!old.has(name) && (key in before || key in after)) key += ' 1';
      after[key] = members[index];
    }
  }
}

export function withoutWords(schema: unknown): string {
  return stableJson(schema).replaceAll(/"(title|description)":"(\\.|[^"\\])*",?/g, '');
}

/** The names of the alternatives of `anyOf`, of `oneOf`, or of the members of `allOf`. */
export function membersOf({ properties }: Node, keyword: string): string[] {
  const names = isNode(properties) ? Object.keys(properties) : [];
  return names.filter((name) => name.startsWith(`${keyword}:`));
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
