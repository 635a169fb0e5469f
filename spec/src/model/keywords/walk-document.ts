import { asNode, childOf, type Node } from '../references.ts';
import { grammar } from './grammar.ts';
import type { Row } from './verdicts.ts';

/** A place in a document that may lie in several files. */
export interface FilePlace {
  /** The file, by whatever name `Follow` knows it. */
  readonly file: string;
  /** JSON pointer, as a fragment. */
  readonly pointer: string;
  readonly value: unknown;
}

/** Follows one reference; undefined: it leads nowhere. */
export type Follow = (reference: string, from: FilePlace) => FilePlace | undefined;

/** An object of the document. */
export interface Visit {
  readonly kind: string;
  readonly place: FilePlace;
  readonly node: Node;
  /** Its fields that the grammar has a row for, as `[name, row]`. */
  readonly fields: readonly (readonly [string, Row])[];
  /** Names of the fields that the grammar does not know. */
  readonly unknown: readonly string[];
}

/** Objects that a reference may stand for, and that have no `$ref` of their own. */
const OWN_REF = new Set(['Schema', 'PathItem', 'Reference']);

/** Visits every object of an OpenAPI document once, what is referred to included. */
export function* walkDocument(root: FilePlace, follow: Follow): Generator<Visit> {
  const seen = new Set<string>();
  const pending: { kind: string; place: FilePlace }[] = [{ kind: 'OpenAPI', place: root }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { place } = next;
    const node = asNode(place.value);
    const referring = typeof node.$ref === 'string';
    const kind = referring && !OWN_REF.has(next.kind) ? 'Reference' : next.kind;
    const key = `${kind} ${place.file}${place.pointer}`;
    if (seen.has(key) || node !== place.value) continue;
    seen.add(key);
    if (referring) {
      const target = follow(node.$ref as string, place);
      if (target) pending.push({ kind: next.kind, place: target });
    }

    const rows = grammar[kind] ?? {};
    const fields: [string, Row][] = [];
    const unknown: string[] = [];
    for (const name of Object.keys(node).filter((each) => !each.startsWith('x-'))) {
      const known = Object.hasOwn(rows, name) ? rows[name] : rows['*'];
      if (known) fields.push([name, known]);
      else unknown.push(name);
    }
    const inner = fields.flatMap(([name, { holds }]) => childrenOf(place, node, name, holds));
    pending.push(...inner.reverse());
    yield { kind, place, node, fields, unknown };
  }
}

function childrenOf(place: FilePlace, node: Node, name: string, holds: string | undefined) {
  if (holds === undefined) return [];
  const kind = holds.replace(/[[\]{}]/g, '');
  const at = (value: unknown, ...keys: (string | number)[]) => ({
    kind,
    place: { file: place.file, pointer: childOf(place.pointer, ...keys), value },
  });
  if (holds === kind) return [at(node[name], name)];
  return Object.entries(node[name] ?? {}).map(([key, value]) => at(value, name, key));
}
