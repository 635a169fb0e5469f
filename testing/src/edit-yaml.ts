import { isMap, isNode, type Pair, parseDocument } from 'yaml';

/**
 * A YAML text in which one entry of a map is written differently, and everything else as before.
 *
 * @param path the keys that lead to the entry
 * @param write gets the entry, `key: value`, and returns what is to stand in its place
 */
export function editYaml(
  text: string,
  path: readonly string[],
  write: (entry: string) => string,
): string {
  const document = parseDocument(text);
  const map = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const pair = isMap(map)
    ? (map.items as Pair[]).find(({ key }) => `${key}` === path.at(-1))
    : undefined;
  const start = isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  const end = isNode(pair?.value) ? pair.value.range?.[1] : undefined;
  if (start === undefined || end === undefined) throw new Error(`There is no ${path.join(' › ')}.`);
  const entry = text.slice(start, end).trimEnd();
  return text.slice(0, start) + write(entry) + text.slice(start + entry.length);
}
