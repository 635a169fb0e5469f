import { compilePattern, type Schema, tellApart } from '@sql-sessions/contract/model';
import fc from 'fast-check';
import type { Schemas } from './schemas.ts';

const DEEPEST = 4;
const MOST_MISSES = 40;

/**
 * Values that a schema allows, without duplicates; fewer than `count` where the schema allows no more or where none is
 * found. The same seed gives the same values. Fields that only responses have are left out.
 */
export function sampleValid(
  schemas: Schemas,
  schema: Schema,
  seed: number,
  count: number,
): unknown[] {
  const found = new Map<string, unknown>();
  const values = schemas.once(schema, 'values', () => arbitrary(schemas, schema, 0));
  for (let round = 0; round < MOST_MISSES && found.size < count; round++) {
    for (const value of fc.sample(values, { seed: seed + round, numRuns: count })) {
      const key = keyOf(value);
      if (found.size >= count) break;
      if (!found.has(key) && schemas.accepts(schema, value)) found.set(key, value);
    }
  }
  return [...found.values()];
}

function keyOf(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

const FORMATS: Record<string, fc.Arbitrary<string>> = {
  'date-time': instant((date) => date.toISOString()),
  date: instant((date) => date.toISOString().slice(0, 10)),
  time: instant((date) => date.toISOString().slice(11)),
  duration: fc.constantFrom('P1D', 'PT5M', 'P1Y2M'),
  email: fc.constantFrom('someone@example.com', 'a.b+c@example.org'),
  hostname: fc.constantFrom('a.example', 'www.example.com'),
  ipv4: fc.constantFrom('192.0.2.1', '198.51.100.255'),
  ipv6: fc.constantFrom('2001:db8::1', '::1'),
  uuid: fc.uuid(),
  uri: fc.constantFrom('https://a.example/b', 'urn:example:a'),
  url: fc.constantFrom('https://a.example/b', 'https://www.example.com'),
  'uri-template': fc.constantFrom('https://a.example/{b}', '/{a}'),
  'json-pointer': fc.constantFrom('/a/0', ''),
  regex: fc.constantFrom('^a+$', '[0-9]'),
  'uri-reference': fc.constantFrom('/a/b', 'https://a.example/b', '?a=b'),
  byte: fc.base64String({ maxLength: 40 }),
};

function instant(print: (date: Date) => string): fc.Arbitrary<string> {
  const [min, max] = [new Date('1970-01-02T00:00:00Z'), new Date('2099-12-30T00:00:00Z')];
  return fc.date({ min, max, noInvalidDate: true }).map(print);
}

/** Likely values of a schema: what it does not allow is sorted out afterwards. */
function arbitrary(
  schemas: Schemas,
  raw: Schema | boolean | undefined,
  depth: number,
): fc.Arbitrary<unknown> {
  const schema = tellApart(schemas.contract, schemas.flatten(raw));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return oneOf(schema.enum.map(fc.constant));
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches) {
    const { oneOf: _, anyOf: __, ...rest } = schema;
    const flat = branches.filter((branch) => depth < DEEPEST || isFlat(schemas, branch));
    return oneOf(
      (flat.length > 0 ? flat : branches).map((branch) =>
        arbitrary(schemas, { allOf: [rest, branch] }, depth + 1),
      ),
    );
  }
  const types = [schema.type ?? typeOf(schema)].flat();
  return oneOf(types.map((type) => ofType(schemas, schema, type, depth)));
}

/** A choice; where a schema leaves none, nothing that it allows. */
function oneOf(choices: fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown> {
  return choices.length > 0 ? fc.oneof(...choices) : fc.constant(undefined);
}

function isFlat(schemas: Schemas, branch: Schema | boolean): boolean {
  return !/^(object|array)$/.test(`${schemas.flatten(branch).type}`);
}

function typeOf(schema: Schema): string {
  if (schema.properties || schema.required || schema.additionalProperties) return 'object';
  if (schema.items || schema.prefixItems || schema.contains) return 'array';
  const numeric = schema.minimum ?? schema.maximum ?? schema.multipleOf;
  return numeric === undefined ? 'string' : 'number';
}

function ofType(
  schemas: Schemas,
  schema: Schema,
  type: string,
  depth: number,
): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return numbers(schema, type);
    case 'array':
      return arrays(schemas, schema, depth);
    case 'object':
      return objects(schemas, schema, depth);
    default:
      return strings(schema);
  }
}

function strings({ pattern, format, minLength = 0, maxLength }: Schema): fc.Arbitrary<string> {
  const most = Math.max(minLength, Math.min(maxLength ?? minLength + 20, minLength + 100));
  if (pattern !== undefined) {
    try {
      return fc.stringMatching(
        compilePattern(pattern) as RegExp,
        maxLength ? { maxLength: most } : {},
      );
    } catch {
      // It asks for more than the length allows, or for what the library cannot make.
    }
  }
  const known = format === undefined ? undefined : FORMATS[format];
  return (
    known ?? fc.string({ minLength, maxLength: most, unit: fc.constantFrom(...'abcXYZ019 é') })
  );
}

function numbers(schema: Schema, type: string): fc.Arbitrary<number> {
  const step = schema.multipleOf ?? (type === 'integer' ? 1 : 0.5);
  const least = schema.minimum ?? schema.exclusiveMinimum ?? Math.min(0, schema.maximum ?? 0);
  const most = schema.maximum ?? schema.exclusiveMaximum ?? least + 1000 * step;
  const safe = (count: number) =>
    Math.max(-Number.MAX_SAFE_INTEGER, Math.min(count, Number.MAX_SAFE_INTEGER));
  const [first, last] = [safe(Math.ceil(least / step)), safe(Math.floor(most / step))];
  if (last - first < 2 && type === 'number')
    return fc.constantFrom(least, most, (least + most) / 2);
  return fc
    .integer({ min: Math.min(first, last), max: Math.max(first, last) })
    .map((count) => Number((count * step).toPrecision(12)));
}

function arrays(schemas: Schemas, schema: Schema, depth: number): fc.Arbitrary<unknown[]> {
  const { prefixItems = [], items, contains, minItems = 0, maxItems = 1000, uniqueItems } = schema;
  const first = fc.tuple(...prefixItems.map((item) => arbitrary(schemas, item, depth + 1)));
  const some = contains
    ? fc.tuple(arbitrary(schemas, contains as Schema, depth + 1))
    : fc.constant<unknown[]>([]);
  const rest = Math.max(0, minItems - prefixItems.length);
  const most = Math.max(0, Math.min(rest + (depth < DEEPEST ? 3 : 0), maxItems));
  const item = items ?? (schema.unevaluatedItems as Schema | undefined);
  const closed = item === false || most === 0 || (depth >= DEEPEST && rest === 0);
  const more = closed
    ? fc.constant<unknown[]>([])
    : uniqueItems
      ? fc.uniqueArray(arbitrary(schemas, item, depth + 1), {
          minLength: rest,
          maxLength: most,
          selector: keyOf,
        })
      : fc.array(arbitrary(schemas, item, depth + 1), {
          minLength: Math.min(rest, most),
          maxLength: most,
        });
  return fc.tuple(first, some, more).map((parts) => parts.flat(1) as unknown[]);
}

function objects(schemas: Schemas, schema: Schema, depth: number): fc.Arbitrary<object> {
  const { properties = {}, required = [], additionalProperties } = schema;
  // What is required need not be described.
  const unsaid = required
    .filter((name) => additionalProperties !== false && !Object.hasOwn(properties, name))
    .map((name) => [name, additionalProperties] as const);
  const own = [...unsaid, ...Object.entries(properties)].filter(
    ([name, one]) =>
      one !== false &&
      !schemas.flatten(one).readOnly &&
      (required.includes(name) || depth < DEEPEST),
  );
  const fields = Object.fromEntries(
    own.map(([name, one]) => [name, arbitrary(schemas, one, depth + 1)]),
  );
  const requiredKeys = required.filter((name) => name in fields);
  const object = fc.record(fields, { requiredKeys, noNullPrototype: true });
  if (typeof additionalProperties !== 'object' || depth >= DEEPEST) return object;
  const extra = fc.dictionary(
    fc.constantFrom('first', 'second'),
    arbitrary(schemas, additionalProperties, depth + 1),
    { maxKeys: 2, noNullPrototype: true },
  );
  return fc.tuple(extra, object).map(([more, one]) => ({ ...more, ...one }));
}
