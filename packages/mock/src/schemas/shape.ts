import {
  type Contract,
  compilePattern,
  followSchema,
  longestText,
  type Schema,
} from '@sql-sessions/contract/model';

/** What values of a schema can be, as far as its keywords say so. */
export interface Shape {
  /** Types of JSON that are allowed; empty: any. */
  readonly types: ReadonlySet<string>;
  /** Schemas of the properties of an object that have a name in the schema. */
  readonly properties: ReadonlyMap<string, Schema>;
  /** Schema of a property of an object; undefined where nothing is said of it. */
  property(name: string): Schema | undefined;
  /** Schema of an element of an array. */
  item(index: number): Schema;
}

const KNOWN = new WeakMap<Schema, Shape>();

/** Looks through references, `allOf`, `anyOf` and `oneOf`. */
export function shapeOf(contract: Contract, schema: Schema): Shape {
  const known = KNOWN.get(schema);
  if (known) return known;
  const types = new Set<string>();
  const properties = new Map<string, Schema>();
  const patterns = new Map<string, Schema>();
  const places = new Map<number, Schema>();
  let further: Schema | undefined;
  let items: Schema | undefined;
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
    for (const one of [written.items, written.contains as Schema]) items = either(items, one);
    for (const [index, one] of (written.prefixItems ?? []).entries())
      places.set(index, either(places.get(index), one) ?? {});
    for (const [name, one] of Object.entries(written.properties ?? {}))
      properties.set(name, either(properties.get(name), one) ?? {});
    for (const [pattern, one] of Object.entries(written.patternProperties ?? {}))
      patterns.set(pattern, either(patterns.get(pattern), one) ?? {});
    further = either(further, written.additionalProperties);
    for (const part of [
      ...(written.allOf ?? []),
      ...(written.anyOf ?? []),
      ...(written.oneOf ?? []),
    ]) {
      visit(part);
    }
  };
  visit(schema);
  const tests = [...patterns].map(([pattern, one]) => {
    const [longest, test] = [longestText(pattern), compilePattern(pattern)];
    return [(name: string) => name.length <= longest && test?.test(name), one] as const;
  });
  const shape: Shape = {
    types,
    properties,
    property: (name) => properties.get(name) ?? tests.find(([fits]) => fits(name))?.[1] ?? further,
    item: (index) => places.get(index) ?? items ?? {},
  };
  KNOWN.set(schema, shape);
  return shape;
}

/** What two schemas say of one value: a type of either. */
function either(known: Schema | undefined, one: Schema | boolean | undefined) {
  if (typeof one !== 'object') return known;
  return known ? { anyOf: [known, one] } : one;
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
