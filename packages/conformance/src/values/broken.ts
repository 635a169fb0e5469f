import type { Schema } from '@sql-sessions/contract/model';
import { sampleValid } from './sample.ts';
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
  yield* brokenChoices(schemas, schema, value, broken);
  if (typeof value === 'string') yield* brokenStrings(schema, value, broken);
  else if (typeof value === 'number') yield* brokenNumbers(schema, value, broken);
  else if (Array.isArray(value)) yield* brokenArrays(schemas, schema, value, at, depth);
  else if (isObject(value)) yield* brokenObjects(schemas, schema, value, at, depth);
}

type Make = (rule: string, value: unknown) => Broken;

/** What fits more of the alternatives than it may, or what a condition rules out. */
function* brokenChoices(
  schemas: Schemas,
  { not, if: condition, oneOf = [] }: Schema,
  value: unknown,
  broken: Make,
): Generator<Broken> {
  const parts = [
    ['not', not],
    ['if', condition],
    ...oneOf.map((one) => ['oneOf', one] as const),
  ] as const;
  for (const [rule, part] of parts) {
    if (typeof part !== 'object') continue;
    for (const one of sampleValid(schemas, part, 1, 2))
      yield broken(rule, isObject(one) && isObject(value) ? { ...value, ...one } : one);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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
  if (schema.contains !== undefined) {
    const others = [...sampleValid(schemas, asSchema(items), 1, 3), 'text'];
    for (const other of others) {
      const none = Array.from({ length: Math.max(1, minItems) }, () => other);
      yield { at, rule: 'contains', value: none };
    }
    const many = Array.from({ length: (schema.maxContains ?? 0) + 1 }, () => first);
    yield { at, rule: 'maxContains', value: [...value, ...many] };
  }
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
  const { dependentRequired = {}, dependentSchemas = {}, patternProperties = {} } = schema;
  const { then: implied, else: otherwise } = schema;
  const [like = 'value'] = Object.values(value);
  const conditional = [implied, otherwise].flatMap((one) => schemas.flatten(one).required ?? []);
  for (const name of [...required, ...conditional]) {
    const { [name]: gone, ...rest } = value;
    if (gone !== undefined && !schemas.flatten(properties[name]).readOnly)
      yield { at: join(at, name), rule: 'required', value: rest };
  }
  for (const [name, needed] of Object.entries(dependentRequired)) {
    const [made = like] = sampleValid(schemas, asSchema(properties[name]), 1, 1);
    for (const one of needed) {
      const { [one]: _gone, ...rest } = { ...value, [name]: made };
      yield { at: join(at, name), rule: 'dependentRequired', value: rest };
    }
  }
  for (const name of Object.keys(dependentSchemas)) {
    const [made = like] = sampleValid(schemas, asSchema(properties[name]), 1, 1);
    yield { at: join(at, name), rule: 'dependentSchemas', value: { ...value, [name]: made } };
  }
  if (schema.propertyNames !== undefined) {
    for (const name of ['', 'not a name', 'N'.repeat(300), '0'])
      yield { at, rule: 'propertyNames', value: { ...value, [name]: like } };
  }
  for (const [pattern, inner] of Object.entries(patternProperties)) {
    const names = sampleValid(schemas, { type: 'string', pattern }, 1, 1);
    for (const other of [null, 'text', 7.5, true, [], {}]) {
      if (!schemas.accepts(asSchema(inner), other) && names.length > 0)
        yield { at, rule: 'patternProperties', value: { ...value, [`${names[0]}`]: other } };
    }
  }
  yield { at, rule: 'additionalProperties', value: { ...value, unexpected: 'value' } };
  if (maxProperties < 1000) {
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

function asSchema(schema: Schema | boolean = true): Schema {
  return typeof schema === 'object' ? schema : schema ? {} : { not: {} };
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function join(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}
