import { type FixtureName, readFixture } from '@sql-sessions/testing/contracts';
import { expect, test } from 'vitest';
import {
  type Contract,
  followSchema,
  readContract,
  type Schema,
  standaloneSchema,
} from '../src/model.ts';
import { createAjv } from './ajv.ts';
import { compile } from './compile-types.ts';

/** What types can say; the rest of a schema is left out before the two are compared. */
const SAID = new Set([
  ...[
    'type',
    'const',
    'enum',
    'required',
    'properties',
    'additionalProperties',
    'items',
    'prefixItems',
  ],
  ...['allOf', 'oneOf', 'anyOf', '$ref', '$defs'],
]);
const KINDS = ['x', 7, true, null, [], {}];
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The part of a schema that types can say. Whole numbers are numbers, and no fixture value has unknown members. */
function sayable(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => {
      if (/^(minItems|maxItems|unevaluatedItems)$/.test(key) && schema.prefixItems)
        return [[key, isObject(value) ? sayable(value) : value]];
      if (!SAID.has(key) || (key === 'additionalProperties' && value === false)) return [];
      if (key === 'type')
        return [[key, [value].flat().map((one) => (one === 'integer' ? 'number' : one))]];
      if (/^(const|enum|required|\$ref)$/.test(key)) return [[key, value]];
      if (/^(properties|\$defs)$/.test(key) && isObject(value))
        return [
          [
            key,
            Object.fromEntries(Object.entries(value).map(([name, one]) => [name, sayable(one)])),
          ],
        ];
      return [[key, Array.isArray(value) ? value.map(sayable) : sayable(value)]];
    }),
  );
}

/** A value with all that a schema names, except for what only requests have. */
function sample(contract: Contract, schema: Schema | boolean, depth = 0): unknown {
  if (typeof schema === 'boolean' || depth > 6) return {};
  const followed = followSchema(contract, schema);
  const { allOf = [], oneOf, anyOf, type, properties = {}, items, prefixItems } = followed;
  const inner = (one: Schema | boolean) => sample(contract, one, depth + 1);
  if ('const' in followed) return followed.const;
  if (followed.enum) return followed.enum[0];
  const [first] = oneOf ?? anyOf ?? [];
  if (first !== undefined) return inner(first);
  const members = allOf.map(inner).filter(isObject);
  const [kind = members.length > 0 || Object.keys(properties).length > 0 ? 'object' : 'string'] = [
    type,
  ].flat();
  if (kind === 'object') {
    const own = Object.entries(properties).flatMap(([name, one]) => {
      if (typeof one === 'boolean') return one ? [[name, {}]] : [];
      const { writeOnly, format } = followSchema(contract, one);
      // Bytes have no JSON.
      if (writeOnly || format === 'binary') return [];
      const recursive = depth > 2 && !followed.required?.includes(name);
      return recursive ? [] : [[name, inner(one)]];
    });
    return Object.assign({}, ...members, Object.fromEntries(own));
  }
  if (kind === 'array')
    return prefixItems ? prefixItems.map(inner) : items && depth < 4 ? [inner(items)] : [];
  return { string: 'x', number: 7, integer: 7, boolean: true, null: null }[kind as 'string'];
}

/** The value with one part of it of another kind, or missing. */
function* variants(value: unknown): Generator<unknown> {
  for (const kind of KINDS) yield kind;
  if (Array.isArray(value)) {
    yield [];
    for (const more of KINDS) yield [...value, more];
    for (const [index, item] of value.entries())
      for (const other of variants(item)) yield value.with(index, other);
  } else if (isObject(value)) {
    for (const [name, field] of Object.entries(value)) {
      const { [name]: _, ...rest } = value;
      yield rest;
      for (const other of variants(field)) yield { ...value, [name]: other };
    }
  }
}

test.each<FixtureName>(['family', 'warehouses', 'uploads', 'everything'])(
  'the types of %s take what its JSON Schemas take, and nothing else that types can tell',
  async (name) => {
    const document = readFixture(name);
    const contract = readContract(document);
    const ajv = createAjv({ strict: false, validateFormats: false });
    const lines: string[] = [];
    const valid: boolean[] = [];
    for (const { name: schemaName, component, schema } of contract.schemas) {
      if (!component || schema.format === 'binary') continue;
      const validate = ajv.compile(sayable(standaloneSchema(contract, schema)) as object);
      const whole = sample(contract, schema);
      const seen = new Set<string>();
      for (const value of [whole, ...variants(whole)]) {
        const text = JSON.stringify(value);
        if (seen.has(text)) continue;
        seen.add(text);
        lines.push(
          `export const v${lines.length}: Schemas[${JSON.stringify(schemaName)}] = ${text};`,
        );
        valid.push(validate(value));
      }
    }
    expect(valid.filter(Boolean).length).toBeGreaterThan(5);
    expect(valid.filter((one) => !one).length).toBeGreaterThan(5);

    const head = "import type { Schemas } from './types/index.js';\n";
    const said = await compile(document, head + lines.join('\n'));
    const refused = new Set(
      [...said.matchAll(/^program\.ts\((\d+),/gm)].map(([, line]) => Number(line) - 2),
    );
    expect(said.split('\n').filter((line) => /^(?!program\.ts)\S+\.ts\(/.test(line))).toEqual([]);
    const differ = lines.flatMap((line, index) =>
      valid[index] === refused.has(index) ? [`${valid[index] ? 'valid' : 'invalid'}: ${line}`] : [],
    );
    expect(differ).toEqual([]);
  },
);
