import {
  type FixtureDocument,
  readFixture,
  readRenamedFixture,
} from '@sql-sessions/testing/contracts';
import { expect, test } from 'vitest';
import { generateTypes } from '../build/generate-types.ts';
import { readContract } from '../src/model.ts';
import { compile } from './compile-types.ts';
import { parseContract } from './contract.ts';

const EQUAL = `import type { Operations, OperationId, Schemas, SecuritySchemeName } from './types/index.js';
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>(): T | undefined => undefined;
`;
const EVERYTHING = `${EQUAL}
type Body<Id extends OperationId> = Operations[Id]['body'];

// Requests ask for no readOnly field; what has a default is optional.
export const item: Body<'createItem'> = { name: 'Lamp', kind: 'red', secret: 's' };
// @ts-expect-error readOnly
export const withId: Body<'createItem'> = { id: 7, name: 'Lamp', kind: 'red' };
// @ts-expect-error required
export const without: Body<'createItem'> = { kind: 'red' };
// Responses promise no writeOnly field.
declare const shown: Operations['showItem']['responses'][200];
is<Equal<typeof shown.id, number>>();
is<Equal<typeof shown.price, number | undefined>>();
// @ts-expect-error writeOnly
export const secret = shown.secret;
// @ts-expect-error readOnly, also in a list
export const page: Schemas['Item.Page'] = { items: [{ name: 'Lamp', kind: 'red' }] };

export const list: Operations['listItems']['parameters'] = {
  $top: 3, color: ['red'], size: [1], filter: { min_price: 5 }, where: { field: 'price' }, archived: true,
};
// @ts-expect-error not a color
export const wrong: Operations['listItems']['parameters'] = { color: ['blue'] };
export const fields: Operations['showItem']['parameters'] = { item_id: 7, 'X-Fields': ['id'] };
export const paths: Operations['compareItems']['parameters'] = { item_ids: [7, 8], box: { w: 1 }, tags: ['a'] };

is<Equal<keyof Operations['listItems']['responses'], 200 | '4XX' | 'default'>>();
is<Equal<Operations['countItems']['responses'][200], undefined>>();
is<Equal<Operations['compareItems']['responses'][200], boolean>>();
is<Equal<Operations['sendParts']['responses'][200], null>>();
is<Equal<Operations['showPicture']['responses'][200], Uint8Array>>();
is<Equal<Operations['createItem']['responseHeaders'][201]['location'], string>>();
is<Equal<Operations['createItem']['responseHeaders'][201]['x-rate-limit'], string | undefined>>();
is<Equal<Body<'readOpen'>, undefined>>();
is<Equal<keyof Operations['sendText']['bodies'], 'application/json' | 'text/plain'>>();
is<Equal<Operations['sendText']['bodies']['text/plain'], string>>();
is<Equal<SecuritySchemeName, 'ApiKey' | 'Bearer' | 'Basic' | 'OAuth' | 'OpenId'>>();

export const parts: Body<'sendParts'> = { file: new Uint8Array(2), labels: ['a'] };
export const bytes: Body<'replacePicture'> = new ArrayBuffer(2);
export const json: Body<'sendText'> = [1, { deep: [null] }];
declare const keywords: Operations['sendSchemas']['responses'][200];
is<Equal<typeof keywords.tuple, [string, number] | undefined>>();
is<Equal<typeof keywords.nullable, string | null | undefined>>();
declare const animal: Schemas['Animal'];
if (animal.animal === 'cat') is<Equal<typeof animal.lives, number | undefined>>();
`;

test('everything has the types that it should have', async () => {
  expect(await compile(readFixture('everything'), EVERYTHING)).toBe('');
});

test('a body whose media type has a parameter has its type', async () => {
  const content = { 'Application/JSON; charset=utf-8': { schema: { type: 'boolean' } } };
  const get = { operationId: 'ask', responses: { 200: { description: 'Yes or no.', content } } };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Questions', version: '1.0.0' },
    paths: { '/question': { get } },
  };
  const code = `import type { Operations } from './types/index.js';
    export const yes: Operations['ask']['responses'][200] = true;`;
  expect(await compile(document, code)).toBe('');
});

test.each<[string, () => object]>([
  ['the live contract', parseContract],
  ['family', () => readFixture('family')],
  ['warehouses', () => readFixture('warehouses')],
  ['uploads', () => readFixture('uploads')],
  ['family under other names', () => readRenamedFixture('family')],
  ['everything under other names', () => readRenamedFixture('everything')],
])('%s compiles in a project of a stranger', async (_, read) => {
  expect(await compile(read(), "export type { Operations } from './types/index.js';")).toBe('');
});

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const list = (items: object) => ({ type: 'array', items });
const text = { type: 'string' };
const number = { type: 'integer' };
const id = { ...text, readOnly: true };
const eitherRequired = { anyOf: [{ required: ['a'] }, { required: ['b'] }] };
const formats = { ...text, anyOf: [{ format: 'date' }, { format: 'uuid' }] };
const any = { type: 'object' };

/** A schema that a body of its own has, and what programs do with values of it: `Req` is sent, `res` received. */
const bodies: [string, object, string][] = [
  [
    'readOnly by $ref',
    object({ id: ref('Id') }, { required: ['id'] }),
    'const r: Req = {}; res.id.length;',
  ],
  [
    'writeOnly by $ref',
    object({ secret: ref('Secret') }, { required: ['secret'] }),
    "const r: Req = { secret: 'x' }; is<Equal<keyof typeof res, never>>();",
  ],
  [
    'readOnly in allOf',
    object(
      { id: { allOf: [ref('Id'), { maxLength: 9 }] }, no: { allOf: [text, { readOnly: true }] } },
      { required: ['id', 'no'] },
    ),
    'const r: Req = {}; res.id.length; res.no.length;',
  ],
  [
    'a choice of what is required',
    { ...object({ a: text, b: text }), ...eitherRequired },
    "const r: Req = { a: 'x' }; res.a?.length;",
  ],
  ['a choice of formats', object({ a: formats }, { required: ['a'] }), 'res.a.length;'],
  [
    'fields beside anyOf',
    {
      ...object({ a: text }, { required: ['a'] }),
      anyOf: [object({ b: text }), object({ c: number })],
    },
    "const r: Req = { a: 'x', b: 'x' }; res.a.length;",
  ],
  [
    'a choice that may be null',
    { type: ['object', 'null'], oneOf: [object({ a: text }), { type: 'null' }] },
    "const r: Req = { a: 'x' }; res?.a?.length; is<Equal<null extends typeof res ? 1 : 0, 1>>();",
  ],
  [
    'any object',
    object({
      a: any,
      b: { ...any, properties: {} },
      c: { ...any, minProperties: 1 },
      d: { type: ['object', 'null'] },
    }),
    'const r: Req = { a: { x: 1 }, b: { x: 1 }, c: { x: 1 }, d: { x: 1 } }; const n: Req = { d: null }; void res.a?.["x"];',
  ],
  [
    'an empty object',
    { ...any, maxProperties: 0 },
    'const r: Req = {}; is<Equal<Req, Record<string, never>>>();',
  ],
  [
    'fields beside those of another type',
    object({ size: number }, { additionalProperties: text }),
    "const r: Req = { size: 1, other: 'x' }; res.size?.toFixed(); is<Equal<typeof res[''], string | number>>();",
  ],
  [
    'fields beside those of a pattern',
    object({ size: number }, { patternProperties: { '^x-': text } }),
    "const r: Req = { size: 1, 'x-a': 'x' }; res.size?.toFixed();",
  ],
  [
    'fields beside any others, and those of a pattern',
    object(
      { x: text },
      { patternProperties: { '^x-': { type: 'integer' } }, additionalProperties: true },
    ),
    "const r: Req = { x: 'a', other: { any: true } };",
  ],
  [
    'a recursive list with marks',
    object({ id, json: ref('Json') }),
    "const r: Req = { json: [1, 'a', { x: [null] }] }; if (Array.isArray(res.json)) res.json.length;",
  ],
  [
    'a tuple with marks',
    object({
      t: { type: 'array', prefixItems: [text, object({ id }, { required: ['id'] })], minItems: 2 },
    }),
    "const r: Req = { t: ['a', {}, 7] }; res.t?.[1].id.length;",
  ],
  [
    'recursive components with names that are much alike',
    object({ a: ref('A-b'), b: ref('A_b'), c: ref('Read') }),
    'const r: Req = { a: { x: { x: {} } }, b: { y: {} }, c: { z: {} } };',
  ],
];
const components = {
  Id: id,
  Secret: { ...text, writeOnly: true },
  Json: {
    anyOf: [
      text,
      number,
      { type: 'null' },
      list(ref('Json')),
      { ...any, additionalProperties: ref('Json') },
    ],
  },
  'A-b': object({ x: ref('A-b') }),
  A_b: object({ y: ref('A_b') }),
  Read: object({ z: ref('Read') }),
};

test('bodies have types that are true', async () => {
  const json = (index: number) => ({
    description: '',
    content: { 'application/json': { schema: ref(`Body${index}`) } },
  });
  const document = {
    openapi: '3.1.0',
    info: { title: '', version: '1.0.0' },
    paths: Object.fromEntries(
      bodies.map((_, index) => [
        `/${index}`,
        {
          post: {
            operationId: `send${index}`,
            requestBody: json(index),
            responses: { 200: json(index) },
          },
        },
      ]),
    ),
    components: {
      schemas: {
        ...components,
        ...Object.fromEntries(bodies.map(([, schema], index) => [`Body${index}`, schema])),
      },
    },
  };
  const programs = bodies.map(
    ([name, , program], index) =>
      `export function f${index}(res: Operations['send${index}']['responses'][200]) { type Req = NonNullable<Operations['send${index}']['body']>; ${program} } // ${name}`,
  );
  const lines = (await compile(document, `${EQUAL}${programs.join('\n')}`))
    .split('\n')
    .filter(Boolean);
  const first = EQUAL.split('\n').length;
  const named = lines.map((line) =>
    line.replace(/^program\.ts\((\d+),/, (all, at) => `${bodies[at - first]?.[0]}: ${all}`),
  );
  expect(named).toEqual([]);
});

test('what is deprecated is said to be: methods, parameters, headers and fields', async () => {
  const document: FixtureDocument = readFixture('everything');
  const { index, raw } = await generateTypes(document, readContract(document));
  const deprecated = (name: string) => new RegExp(`@deprecated[^/]*\\*/\\s+"?${name}"?\\??:`);
  for (const name of ['deleteItem', 'archived', 'x-rate-limit']) {
    expect(index).toMatch(deprecated(name));
  }
  expect(index).toMatch(/@deprecated It works until 2099-12-31\.\s+\*\/\s+deleteItem:/);
  expect(raw).toMatch(deprecated('old_name'));
});
