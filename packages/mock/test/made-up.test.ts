/** Bodies that no example gives: they keep their schemas, whatever keywords those have. */
import type { Schema } from '@sql-sessions/contract/model';
import { expect, test } from 'vitest';
import { generateValue } from '../src/contract/generate-value.ts';
import { prepareContract } from '../src/contract/load-contract.ts';

const CODE = { type: 'string', pattern: '^[A-Z]{3}\\d{4}$' };
/** What one generator cannot make (a pattern), and what the other cannot (a range of hundredths). */
const BOTH = {
  type: 'object',
  required: ['code', 'price'],
  properties: {
    code: CODE,
    price: { type: 'number', multipleOf: 0.01, minimum: 1, exclusiveMaximum: 2 },
  },
};
const text = (more: object) => ({ type: 'string', ...more });
const field = (name: string, schema: object) => ({
  required: [name],
  properties: { [name]: schema },
});

const SCHEMAS: Record<string, object> = {
  'a range without its ends': { type: 'number', exclusiveMinimum: 1, exclusiveMaximum: 2 },
  'multiples in a range': { type: 'integer', multipleOf: 7, minimum: 15, maximum: 27 },
  'a format of numbers': { type: 'integer', format: 'int32', minimum: 2_000_000_000 },
  'a pattern': CODE,
  'a pattern with a length': text({ pattern: '^[a-z-]+$', minLength: 20, maxLength: 24 }),
  'a pattern that looks ahead': text({ pattern: '^(?=.*\\d)(?=.*[a-z]).{8,}$' }),
  'a long text': text({ minLength: 300 }),
  'a short text': text({ maxLength: 3 }),
  'a format with a length': text({ format: 'email', maxLength: 12 }),
  ...Object.fromEntries(
    [
      'byte',
      'date',
      'time',
      'date-time',
      'duration',
      'email',
      'hostname',
      'ipv4',
      'ipv6',
      'json-pointer',
      'regex',
      'uri',
      'url',
      'uri-reference',
      'uri-template',
      'uuid',
    ].map((format) => [`the format ${format}`, text({ format })]),
  ),
  'what is excluded': text({ not: { const: 'string' } }),
  'distinct elements': {
    type: 'array',
    items: { enum: ['a', 'b', 'c'] },
    minItems: 2,
    uniqueItems: true,
  },
  'an element that must be there': {
    type: 'array',
    items: { type: 'integer' },
    contains: { const: 7 },
  },
  'elements by their places': {
    type: 'array',
    prefixItems: [CODE, { type: 'integer', minimum: 4 }],
    items: false,
    minItems: 2,
  },
  'a field that brings others along': {
    type: 'object',
    properties: { a: CODE },
    dependentRequired: { a: ['b'] },
  },
  'a field that brings a schema along': {
    type: 'object',
    properties: { a: CODE },
    dependentSchemas: { a: field('z', { type: 'integer' }) },
  },
  'a condition': {
    type: 'object',
    properties: { kind: { enum: ['x', 'y'] } },
    required: ['kind'],
    if: { properties: { kind: { const: 'y' } } },
    else: field('v', { type: 'integer', minimum: 5 }),
  },
  'what a condition asks for': {
    type: 'object',
    properties: { kind: { enum: ['x', 'y'] }, v: { type: 'integer', minimum: 5 }, w: CODE },
    required: ['kind'],
    if: { properties: { kind: { const: 'x' } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['v'] },
    else: { required: ['w'] },
  },
  'what a condition asks for or forbids': {
    type: 'object',
    properties: { kind: { enum: ['x', 'y'] }, v: { type: 'string' } },
    required: ['kind', 'v'],
    if: { properties: { kind: { const: 'x' } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: field('v', { pattern: '^[0-9]{4}$' }),
    else: field('v', { pattern: '^[a-z]{4}$' }),
  },
  'a range without its upper end': {
    type: 'object',
    ...field('code', CODE),
    allOf: [field('ratio', { type: 'number', minimum: 0, exclusiveMaximum: 1 })],
  },
  'the integers between two others': { type: 'integer', exclusiveMinimum: 4, exclusiveMaximum: 6 },
  'parts of all': {
    allOf: [
      { type: 'object', ...field('a', text({ minLength: 3 })) },
      { properties: { a: { pattern: '^q' } } },
    ],
  },
  'one of several': { oneOf: [{ type: 'integer' }, { type: 'number', minimum: 5 }] },
  'one of several objects': {
    oneOf: [field('a', CODE), field('b', CODE)].map((one) => ({ type: 'object', ...one })),
  },
  'fields by a pattern': {
    type: 'object',
    patternProperties: { '^x-': { type: 'integer' } },
    additionalProperties: false,
    minProperties: 1,
  },
  'as many fields': {
    type: 'object',
    properties: { a: CODE, b: CODE, c: CODE },
    maxProperties: 1,
    required: ['c'],
  },
  'what is required and not described': {
    type: 'object',
    required: ['a', 'b'],
    properties: { a: CODE },
    additionalProperties: { type: 'integer' },
    allOf: [{ required: ['a'] }, { required: ['c'] }],
  },
  'texts of patterns, in lists in lists that may be long': {
    type: 'array',
    minItems: 2,
    maxItems: 32767,
    items: {
      type: 'object',
      required: ['values'],
      properties: {
        values: {
          type: 'array',
          minItems: 1,
          maxItems: 32767,
          items: {
            type: 'array',
            maxItems: 32767,
            minItems: 1,
            items: {
              type: 'object',
              required: ['a', 'b'],
              properties: {
                a: text({ pattern: '^[0-9]{1,3}?$', minLength: 1 }),
                b: text({ pattern: '^[A-Z_]+$', enum: ['ONE', 'TWO'] }),
              },
            },
          },
        },
      },
    },
  },
  'names by a pattern': {
    type: 'object',
    propertyNames: { pattern: '^[a-z]{2,9}$' },
    additionalProperties: text({ minLength: 1 }),
    minProperties: 2,
  },
  'names of a format': {
    type: 'object',
    propertyNames: { format: 'date' },
    additionalProperties: { type: 'boolean' },
    minProperties: 1,
  },
  'names of a list, further inside': {
    type: 'array',
    minItems: 1,
    items: {
      type: 'object',
      properties: { at: text({ format: 'date' }) },
      propertyNames: { enum: ['at', 'by'] },
      additionalProperties: { type: 'integer' },
    },
  },
  'classes of Unicode': text({ pattern: '^\\p{Lu}[\\p{L}\\p{gc=Nd}-]{3,8}\\p{Script=Latin}$' }),
  'no other fields': { type: 'object', allOf: [field('a', CODE)], unevaluatedProperties: false },
  'values that are listed twice': {
    type: 'array',
    minItems: 1,
    items: {
      ...text({ enum: ['b', 'c'] }),
      allOf: [text({ oneOf: [{ const: 'a' }, { const: 'b' }, { const: 'c' }] })],
    },
  },
  'what only two generators can make': BOTH,
  'the same, further inside': { type: 'object', ...field('x', BOTH) },
  'the same, as elements': { type: 'array', minItems: 2, items: BOTH },
};

const { contract, checker } = prepareContract(
  {
    openapi: '3.1.0',
    info: { title: 'Any', version: '1.0.0' },
    paths: { '/a': { get: { responses: { 200: { description: 'A.' } } } } },
  },
  'none',
);

test.each(Object.entries(SCHEMAS))('%s', async (_name, schema) => {
  for (const choice of [{}, { dynamic: true, seed: 'a' }, { dynamic: true, seed: 'b' }]) {
    const made = await generateValue(contract, checker, schema as Schema, choice);
    expect(made, JSON.stringify(choice)).toBeDefined();
    expect(checker(schema as Schema, 'response')(made?.value), JSON.stringify(made)).toEqual([]);
    expect(made?.isSound).toBe(true);
  }
});

test.each([
  { type: 'array', items: { type: 'string' }, minItems: 1e8 },
  { type: 'array', minItems: 200, items: { type: 'array', minItems: 200, items: {} } },
  text({ minLength: 1e9 }),
  { type: 'object', minProperties: 1e8, additionalProperties: true },
  { type: 'object', minProperties: 1e8, propertyNames: { pattern: '^[a-z]+$' } },
  text({ pattern: '^(a|b){100000000}$' }),
])('what would be too large is not made: %j', async (schema) => {
  for (const choice of [{}, { dynamic: true }])
    expect(await generateValue(contract, checker, schema as Schema, choice)).toBeUndefined();
});

test('what cannot stay of the usual value is replaced, and the rest stays', async () => {
  const schema = {
    type: 'object',
    required: ['title', 'code'],
    properties: { title: { type: 'string' }, code: CODE, more: { type: 'integer' } },
  };
  const made = await generateValue(contract, checker, schema as Schema, {});
  expect(made?.value).toEqual({
    title: 'string',
    code: expect.stringMatching(CODE.pattern),
    more: 0,
  });
});

test.each([
  { type: 'string', pattern: '^[a-z]{1,2000000000}$' },
  { type: 'object', maxProperties: 2_000_000_000, additionalProperties: { type: 'string' } },
  {
    type: 'object',
    minProperties: 5,
    patternProperties: { '^a$': {} },
    additionalProperties: false,
  },
])('as much as there may be is not made: %j', async (schema) => {
  for (const dynamic of [false, true]) {
    const made = await generateValue(contract, checker, schema as Schema, { dynamic });
    expect(JSON.stringify(made?.value).length).toBeLessThan(10_000);
  }
});

test('where no value is found that keeps a schema, the usual one is made', async () => {
  const schema = {
    type: 'object',
    required: ['title', 'accesed'],
    properties: { title: text({ examples: ['A'] }), accessed: { type: 'boolean' } },
    additionalProperties: false,
  };
  const made = await generateValue(contract, checker, schema as Schema, {});
  expect(made).toEqual({ value: { title: 'A', accessed: true }, isSound: false });
});

test('a condition does not take the other fields away', async () => {
  const made = await generateValue(
    contract,
    checker,
    SCHEMAS['what a condition asks for'] as Schema,
    {},
  );
  expect(made?.value).toEqual({ kind: 'x', v: 5, w: expect.stringMatching(CODE.pattern) });
});

test.each([
  [{ type: 'integer', format: 'int32' }, 2 ** 31 - 1, 2 ** 31],
  [{ type: 'number', format: 'int32' }, 7, 7.5],
  [{ type: 'integer', format: 'int32' }, -(2 ** 31), -(2 ** 31) - 1],
  [{ type: 'integer', format: 'int64' }, 2 ** 53, 1e19],
  [text({ format: 'byte' }), 'YWI=', 'a b'],
])('%j takes %j and refuses %j', (schema, good, bad) => {
  const check = checker(schema as Schema, 'request');
  expect(check(good)).toEqual([]);
  expect(check(bad)).not.toEqual([]);
});
