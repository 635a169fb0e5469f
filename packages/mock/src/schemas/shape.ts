import { type Contract, followSchema, type Schema } from '@sql-sessions/contract/model';

/** What values of a schema can be, as far as its keywords say so. */
export interface Shape {
  /** Types of JSON that are allowed; empty: any. */
  readonly types: ReadonlySet<string>;
  /** Schema of the elements of an array. */
  readonly items: Schema;
  /** Schemas of the properties of an object. */
  readonly properties: ReadonlyMap<string, Schema>;
}

const KNOWN = new WeakMap<Schema, Shape>();

/** Looks through references, `allOf`, `anyOf` and `oneOf`. */
export function shapeOf(contract: Contract, schema: Schema): Shape {
  const known = KNOWN.get(schema);
  if (known) return known;
  const types = new Set<string>();
  const properties = new Map<string, Schema>();
  let items: Schema = {};
  const seen = new Set<Schema>();
  const visit = (written: Schema | boolean) => {
    if (typeof written === 'boolean' || seen.has(written)) return;
    seen.add(written);
    const { $ref, ...beside } = written;
    const followed = $ref === undefined ? written : followSchema(contract, { $ref });
    if (followed !== written) {
      visit(followed);
      visit(beside);
      return;
    }
    for (const type of [written.type ?? []].flat()) types.add(type);
    for (const value of [
      ...(written.enum ?? []),
      ...(written.const === undefined ? [] : [written.const]),
    ]) {
      types.add(typeOf(value));
    }
    if (written.properties) types.add('object');
    if (typeof written.items === 'object') items = written.items;
    for (const [name, one] of Object.entries(written.properties ?? {})) {
      properties.set(name, typeof one === 'boolean' ? {} : one);
    }
    for (const part of [
      ...(written.allOf ?? []),
      ...(written.anyOf ?? []),
      ...(written.oneOf ?? []),
    ]) {
      visit(part);
    }
  };
  visit(schema);
  const shape = { types, items, properties };
  KNOWN.set(schema, shape);
  return shape;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The value that a text stands for where a schema wants a number or a truth value; else the text. */
export function readScalar(text: string, { types }: Shape): unknown {
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text));
  if (isNumber && (types.has('number') || types.has('integer'))) return Number(text);
  if ((text === 'true' || text === 'false') && types.has('boolean')) return text === 'true';
  if (text === '' && types.has('null')) return null;
  return text;
}
