import { asNode, asText, childOf, type Node, valueAt } from '../references.ts';
import { rules } from './rules.ts';
import { type Cells, PARTS, type Part } from './verdicts.ts';
import { type FilePlace, type Follow, type Visit, walkDocument } from './walk-document.ts';

/** A place in a document that a part does not support, or that nothing knows. */
export interface KeywordNotice {
  /** JSON pointer, as a fragment, to the place. */
  readonly pointer: string;
  /** The file of the place; empty for a document in one piece. */
  readonly file: string;
  /** The parts that do not support it; see {@link Part}. All of them for a keyword that OpenAPI does not have. */
  readonly parts: readonly Part[];
  /** What stands there, the reason that it is not supported, and what to do instead: one line. */
  readonly message: string;
  /** Whether OpenAPI and JSON Schema have such a keyword at all. */
  readonly known: boolean;
}

/**
 * Says what in an OpenAPI document is not supported, all of it at once, in document order.
 *
 * @param document a parsed OpenAPI 3.1 document in one piece. What has the wrong type is passed over.
 * @param parts only what these parts do not support; by default, any part
 * @returns a notice per place; empty: everything is supported
 */
export function keywordNotices(
  document: object,
  parts: readonly Part[] = PARTS,
): readonly KeywordNotice[] {
  const follow: Follow = (reference, { file }) => {
    try {
      return { file, pointer: reference, value: valueAt(asNode(document), reference, '#') };
    } catch {
      return undefined;
    }
  };
  const root = { file: '', pointer: '#', value: document };
  return [...noticesOf(root, follow)].filter((notice) =>
    notice.parts.some((part) => parts.includes(part)),
  );
}

/** The same for a document in any number of files. */
export function* noticesOf(root: FilePlace, follow: Follow): Generator<KeywordNotice> {
  for (const visit of walkDocument(root, follow)) {
    const { kind, place, node, fields, unknown } = visit;
    const notice = (keys: readonly (string | number)[], what: string, cells: Cells) =>
      toNotice(place, keys, what, cells);
    for (const [name, { cells, values }] of fields) {
      yield* notice([name], `\`${name}\``, cells);
      if (Object.keys(values).length === 0) continue;
      const value = asText(node[name]);
      const verdict = Object.hasOwn(values, value) ? values[value] : values['*'];
      yield* notice([name], `\`${name}: ${value}\``, verdict ?? {});
    }
    const look = {
      root: asNode(root.value),
      inRoot: place.file === root.file,
      at: lookFrom(visit, follow),
    };
    for (const rule of rules.filter((each) => each.kind === kind))
      for (const { keys, what } of rule.find(node, look)) yield* notice(keys, what, rule.cells);
    for (const name of kind === 'Reference' ? [] : unknown)
      yield {
        pointer: childOf(place.pointer, name),
        file: place.file,
        parts: PARTS,
        message: `\`${name}\` is not a field of ${kind} objects in OpenAPI 3.1. Correct its name, or begin it with x-.`,
        known: false,
      };
  }
}

function* toNotice(
  place: FilePlace,
  keys: readonly (string | number)[],
  what: string,
  cells: Cells,
): Generator<KeywordNotice> {
  const refusals = PARTS.flatMap((part) => {
    const cell = cells[part];
    return cell?.verdict === 'refused' ? [{ part, cell }] : [];
  });
  const [first] = refusals;
  if (!first) return;
  const parts = refusals.map(({ part }) => part);
  yield {
    pointer: childOf(place.pointer, ...keys),
    file: place.file,
    parts,
    message: `${what.replace(/^[a-z]/, (letter) => letter.toUpperCase())} is not supported by ${listOf(parts)}. ${first.cell.reason} ${first.cell.instead}`,
    known: true,
  };
}

function lookFrom({ place }: Visit, follow: Follow): (value: unknown) => Node {
  return (value) => {
    let at: FilePlace | undefined = { ...place, value };
    for (const seen = new Set<unknown>(); at !== undefined; ) {
      const { $ref } = asNode(at.value);
      if (typeof $ref !== 'string' || seen.has(at.value)) return asNode(at.value);
      seen.add(at.value);
      at = follow($ref, at);
    }
    return {};
  };
}

function listOf(parts: readonly Part[]): string {
  if (parts.length === PARTS.length) return 'any part';
  return parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
