import type { Schema } from '@sql-sessions/contract/model';
import type { Schemas } from './schemas.ts';

/** A value that breaks one rule of a schema, and keeps the others. */
export interface Broken {
  /** Where in the value: `settings.search_path`; empty for the value itself. */
  readonly at: string;
  /** The keyword that is broken. */
  readonly rule: string;
  readonly value: unknown;
}

/**
 * A value that the schema allows, with each rule broken once, at every depth that the value reaches. What is allowed
 * all the same, by another branch of the schema say, is left out.
 */
export function breakRules(schemas: Schemas, schema: Schema, value: unknown): Broken[] {
  const found = new Map<string, Broken>();
  for (const broken of breaks(schemas, schema, value, '', 0)) {
    const key = `${broken.at} ${broken.rule}`;
    if (!found.has(key) && !schemas.accepts(schema, broken.value)) found.set(key, broken);
  }
  return [...found.values()];
}

function* breaks(
  schemas: Schemas,
  raw: Schema | boolean,
  value: unknown,
  at: string,
  depth: number,
): Generator<Broken> {
  if (depth > 6) return;
  let schema = schemas.flatten(raw);
  const branch = (schema.oneOf ?? schema.anyOf)?.find(
    (one) => typeof one === 'object' && schemas.accepts(one, value),
  );
  if (branch !== undefined) schema = schemas.flatten({ allOf: [schema, branch] });
  // What only responses have, a server need not look at.
  if (schema.readOnly) return;
  const broken: Make = (rule, other) => ({ at, rule, value: other });
  for (const other of [null, 'text', 7.5, true, [], {}]) {
    if (!schemas.accepts(schema, other))
      yield broken(`${schema.enum ? 'enum' : 'type'} (${nameOf(other)})`, other);
  }
  if (typeof value === 'string') yield* brokenStrings(schema, value, broken);
  else if (typeof value === 'number') yield* brokenNumbers(schema, value, broken);
  else if (Array.isArray(value)) yield* brokenArrays(schemas, schema, value, at, depth);
  else if (typeof value === 'object' && value !== null)
    yield* brokenObjects(schemas, schema, value as Record<string, unknown>, at, depth);
}

type Make = (rule: string, value: unknown) => Broken;

function* brokenStrings(schema: Schema, value: string, broken: Make): Generator<Broken> {
  const { minLength = 0, maxLength, pattern, format } = schema;
  if (minLength > 0) yield broken('minLength', value.slice(0, minLength - 1));
  if (maxLength !== undefined && maxLength < 100_000) {
    yield broken('maxLength', (value || 'a').padEnd(maxLength + 1, value.at(-1) ?? 'a'));
  }
  if (pattern !== undefined) {
    for (const other of [`${value} `, `_${value}`, `${value}\u00e9`, ''])
      yield broken('pattern', other);
  }
  if (format !== undefined) yield broken('format', `${value} ?`);
  if (schema.enum) yield broken('enum', `${value}x`);
}

function* brokenNumbers(schema: Schema, value: number, broken: Make): Generator<Broken> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, type } = schema;
  const step = multipleOf ?? 1;
  if (minimum !== undefined) yield broken('minimum', minimum - step);
  if (maximum !== undefined) yield broken('maximum', maximum + step);
  if (exclusiveMinimum !== undefined) yield broken('exclusiveMinimum', exclusiveMinimum);
  if (exclusiveMaximum !== undefined) yield broken('exclusiveMaximum', exclusiveMaximum);
  if (multipleOf !== undefined) yield broken('multipleOf', value + multipleOf / 2);
  if (type === 'integer') yield broken('integer', value + 0.5);
}

function* brokenArrays(
  schemas: Schemas,
  schema: Schema,
  value: unknown[],
  at: string,
  depth: number,
): Generator<Broken> {
  const { minItems = 0, maxItems, prefixItems = [], items } = schema;
  const [first = null] = value;
  if (minItems > 0) yield { at, rule: 'minItems', value: value.slice(0, minItems - 1) };
  if (maxItems !== undefined && maxItems < 10_000) {
    const more = Array.from({ length: maxItems + 1 }, (_, index) => value[index] ?? first);
    yield { at, rule: 'maxItems', value: more };
  }
  if (schema.uniqueItems) yield { at, rule: 'uniqueItems', value: [first, first] };
  if (items === false) yield { at, rule: 'items', value: [...value, 'more'] };
  for (const [index, one] of value.slice(0, Math.max(1, prefixItems.length)).entries()) {
    const inner = prefixItems[index] ?? items;
    if (inner === undefined) continue;
    for (const broken of breaks(schemas, inner, one, join(at, `${index}`), depth + 1)) {
      yield { ...broken, value: value.with(index, broken.value) };
    }
  }
}

function* brokenObjects(
  schemas: Schemas,
  schema: Schema,
  value: Record<string, unknown>,
  at: string,
  depth: number,
): Generator<Broken> {
  const { required = [], properties = {}, additionalProperties, maxProperties = 1000 } = schema;
  for (const name of required) {
    const { [name]: gone, ...rest } = value;
    if (gone !== undefined && !schemas.flatten(properties[name]).readOnly)
      yield { at: join(at, name), rule: 'required', value: rest };
  }
  yield { at, rule: 'additionalProperties', value: { ...value, unexpected: 'value' } };
  if (maxProperties < 1000) {
    const like = Object.values(value)[0] ?? 'value';
    const more = Array.from({ length: maxProperties + 1 }, (_none, index) => [
      `more_${index}`,
      like,
    ]);
    yield { at, rule: 'maxProperties', value: { ...value, ...Object.fromEntries(more) } };
  }
  for (const [name, one] of Object.entries(value)) {
    const inner = properties[name] ?? additionalProperties;
    if (inner === undefined) continue;
    for (const broken of breaks(schemas, inner, one, join(at, name), depth + 1)) {
      yield { ...broken, value: { ...value, [name]: broken.value } };
    }
  }
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function join(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}
