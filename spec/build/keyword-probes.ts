import { grammar } from '../src/model/keywords/grammar.ts';
import { type Cells, PARTS, type Part, type Row } from '../src/model/keywords/verdicts.ts';
import { walkDocument } from '../src/model/keywords/walk-document.ts';

type Json = Record<string, unknown>;

/** A document, and the same document with one keyword less or different. */
export type Pair = readonly [document: Json, changed: Json];

/**
 * Finds the cells of the keyword table that are lies: the part is said to support the keyword, and gives the same out
 * of a document without it.
 *
 * @param ours documents in which every part supports everything
 * @param foreign a document with what only some parts support
 * @param differs for each pair, whether the part gives something else out of its two documents
 * @returns the cells, as `Kind.field` or `Kind.field: value`
 */
export async function unheldCells(
  part: Part,
  ours: readonly object[],
  foreign: object,
  differs: (pairs: readonly Pair[]) => Promise<readonly (boolean | 'unreadable')[]>,
): Promise<string[]> {
  let open = [...cells()]
    .filter(({ verdicts }) => verdicts[part] === undefined)
    .map(({ kind, field, value, verdicts }) => {
      const refused = PARTS.some((each) => verdicts[each]?.verdict === 'refused');
      const documents = refused ? [foreign] : [...ours, foreign];
      return {
        name: `${kind}.${field}${value === undefined ? '' : `: ${value}`}`,
        // What holds or names objects is needed where nothing can be read without it; each keyword in those has its own cell.
        container: grammar[kind]?.[field]?.holds !== undefined || field === '$ref',
        pairs: pairsOf(documents as Json[], kind, field, value),
      };
    });
  const unheld: string[] = [];
  while (open.length > 0) {
    const round = open.map((cell) => ({ cell, next: cell.pairs.next() }));
    const tried = round.flatMap(({ cell, next }) =>
      next.done ? [] : [{ cell, pair: next.value }],
    );
    for (const { cell, next } of round) if (next.done) unheld.push(cell.name);
    const held = await differs(tried.map(({ pair }) => pair));
    open = tried
      .filter(({ cell }, index) => !(held[index] === 'unreadable' ? cell.container : held[index]))
      .map(({ cell }) => cell);
  }
  return unheld;
}

function* cells(): Generator<{ kind: string; field: string; value?: string; verdicts: Cells }> {
  for (const [kind, fields] of Object.entries(grammar)) {
    for (const [field, row] of Object.entries(fields)) {
      yield { kind, field, verdicts: row.cells };
      for (const [value, verdicts] of Object.entries(row.values))
        yield { kind, field, value, verdicts: { ...row.cells, ...verdicts } };
    }
  }
}

/** Each place of the keyword, first without it, then with other values. */
function* pairsOf(documents: Json[], kind: string, field: string, value?: string): Generator<Pair> {
  const row = grammar[kind]?.[field] as Row;
  for (const document of documents) {
    const root = { file: '', pointer: '#', value: document };
    const follow = (reference: string) => ({
      file: '',
      pointer: reference,
      value: at(document, keysOf(reference)),
    });
    for (const { kind: found, place, node, fields } of walkDocument(root, follow)) {
      if (found !== kind) continue;
      for (const [name, each] of fields) {
        if (each !== row || (value !== undefined && value !== '*' && node[name] !== value))
          continue;
        const keys = keysOf(place.pointer);
        const base = sliceFor(document, [...keys, name]);
        const { values } = name === 'style' ? (grammar.Parameter?.style ?? row) : row;
        for (const change of changesOf(node[name], Object.keys(values), document)) {
          const changed = structuredClone(base);
          const target = at(changed, keys) as Json;
          if (change === undefined) delete target[name];
          else target[name] = change;
          yield [base, changed];
        }
      }
    }
  }
}

/** Other values for a keyword; undefined: take it away. */
function* changesOf(value: unknown, known: string[], document: Json): Generator<unknown> {
  yield undefined;
  if (typeof value === 'boolean') yield !value;
  if (typeof value === 'number') yield value + 1;
  if (typeof value === 'string' && value.startsWith('#/')) {
    const keys = keysOf(value);
    const siblings = Object.keys(at(document, keys.slice(0, -1)) as Json);
    for (const other of siblings.filter((name) => name !== keys.at(-1)).slice(0, 3))
      yield `#/${[...keys.slice(0, -1), other].map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
  } else if (typeof value === 'string') {
    yield* known.filter((each) => each !== '*' && each !== value);
    yield `${value}Changed`;
  }
  if (Array.isArray(value)) yield value.slice(1);
  else if (typeof value === 'object' && value !== null)
    yield Object.fromEntries(Object.entries(value).slice(1));
}

const slices = new WeakMap<Json, Map<string, Json>>();

/** The document with one path (or webhook) that has to do with a place, and the components that it takes. */
function sliceFor(document: Json, keys: readonly string[]): Json {
  const paths = document.paths as Json;
  const needed = (from: unknown, more: readonly string[] = []) => {
    const found = new Set(more);
    const add = (node: unknown): void => {
      for (const [, reference = ''] of JSON.stringify(node ?? null).matchAll(
        /"(#\/components\/[^/"]+\/[^/"]+)/g,
      )) {
        if (found.has(reference)) continue;
        found.add(reference);
        add(at(document, keysOf(reference)));
      }
    };
    add(from);
    for (const reference of more) add(at(document, keysOf(reference)));
    return found;
  };
  // Security names its schemes without a reference.
  const uses = (path: unknown, one: string) =>
    one.startsWith('#/components/securitySchemes/')
      ? JSON.stringify(path).includes(`"${keys[2]}":[`)
      : needed(path).has(one);
  const own =
    keys[0] === 'components' && keys.length > 2 ? [`#/${keys.slice(0, 3).join('/')}`] : [];
  const prefix = `#/${keys.slice(0, 2).join('/')}/`;
  const isConcerned = (path: unknown) =>
    own.length > 0
      ? own.every((one) => uses(path, one))
      : [...needed(path)].some((one) => one.startsWith(prefix));
  const path =
    keys[0] === 'paths' && keys.length > 1
      ? (keys[1] as string)
      : (Object.keys(paths).find((each) => isConcerned(paths[each])) ??
        (Object.keys(paths)[0] as string));
  const known = slices.get(document) ?? new Map<string, Json>();
  slices.set(document, known);
  const key = `${path} ${own}`;
  const slice = known.get(key) ?? cut();
  known.set(key, slice);
  return slice;

  function cut(): Json {
    const { paths: _paths, components, ...rest } = document;
    const kept = needed([paths[path], rest], own);
    return {
      ...rest,
      paths: { [path]: paths[path] },
      components: Object.fromEntries(
        Object.entries(components as Json).map(([group, members]) => [
          group,
          Object.fromEntries(
            Object.entries(members as Json).filter(
              ([name]) => group === 'securitySchemes' || kept.has(`#/components/${group}/${name}`),
            ),
          ),
        ]),
      ),
    };
  }
}

function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function at(document: unknown, keys: readonly string[]): unknown {
  return keys.reduce((node, key) => (node as Json)?.[key], document);
}

/**
 * Compares pairs one by one, for a part that prints a document as text, or throws for one that it cannot read.
 * @param print gets the document, and the one that has not been changed
 */
export function byPrint(print: (document: Json, original: Json) => string | Promise<string>) {
  const known = new Map<Json, Promise<string>>();
  return async (pairs: readonly Pair[]): Promise<(boolean | 'unreadable')[]> => {
    const results: (boolean | 'unreadable')[] = [];
    for (const [document, changed] of pairs) {
      const before = known.get(document) ?? Promise.resolve(print(document, document));
      known.set(document, before);
      const after = await Promise.resolve()
        .then(() => print(changed, document))
        .catch(() => undefined);
      results.push(after === undefined ? 'unreadable' : after !== (await before));
    }
    return results;
  };
}
