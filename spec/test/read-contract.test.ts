import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import {
  allowsAnonymous,
  BrokenReferenceError,
  describeLimits,
  followSchema,
  kindOfMediaType,
  nameOfSchema,
  readContract,
  responseFor,
  type Schema,
  standaloneSchema,
  tellApart,
} from '../src/model.ts';

const document = (parts: object) => ({
  openapi: '3.1.0',
  info: { title: 'T', version: '1.2.3' },
  ...parts,
});
const operationOf = (operation: object, item: object = {}, root: object = {}) => {
  const contract = readContract(
    document({ paths: { '/a/{id}': { ...item, post: operation } }, ...root }),
  );
  const [first] = contract.operations;
  if (!first) throw new Error('There is no operation.');
  return { contract, operation: first };
};

test('operations come in document order, with the pointers of where they are defined', () => {
  const { operations } = readContract(
    document({
      paths: {
        '/b': { $ref: '#/components/pathItems/B' },
        '/a': { summary: 'Of a', get: { operationId: 'getA' }, delete: {} },
        'x-note': { get: {} },
      },
      components: { pathItems: { B: { post: { operationId: 'postB' } } } },
    }),
  );
  expect(
    operations.map(({ id, method, path, summary, pointer }) => ({
      id,
      method,
      path,
      summary,
      pointer,
    })),
  ).toEqual([
    {
      id: 'postB',
      method: 'POST',
      path: '/b',
      summary: 'postB',
      pointer: '#/components/pathItems/B/post',
    },
    { id: 'getA', method: 'GET', path: '/a', summary: 'Of a', pointer: '#/paths/~1a/get' },
    {
      id: 'DELETE /a',
      method: 'DELETE',
      path: '/a',
      summary: 'Of a',
      pointer: '#/paths/~1a/delete',
    },
  ]);
});

test('a parameter of the operation replaces that of the path; defaults are filled in', () => {
  const { operation } = operationOf(
    {
      parameters: [
        { name: 'id', in: 'path', required: true, description: 'own', schema: { type: 'integer' } },
        { name: 'x-trace', in: 'header', schema: {}, deprecated: true },
        {
          name: 'filter',
          in: 'query',
          content: { 'application/json': { schema: { type: 'object' }, example: { a: 1 } } },
        },
        { name: 'Accept', in: 'header', schema: {} },
        { name: 'no_place', in: 'path', required: true, schema: {} },
      ],
    },
    {
      parameters: [
        { name: 'id', in: 'path', required: true, description: "the path's" },
        { name: 'X-Trace', in: 'header', required: true },
        { name: 'id', in: 'query', style: 'pipeDelimited' },
      ],
    },
  );
  expect(
    operation.parameters.map((one) => [
      one.in,
      one.name,
      one.required,
      one.style,
      one.explode,
      one.mediaType,
    ]),
  ).toEqual([
    ['path', 'id', true, 'simple', false, undefined],
    ['header', 'x-trace', false, 'simple', false, undefined],
    ['query', 'id', false, 'pipeDelimited', false, undefined],
    ['query', 'filter', false, 'form', true, 'application/json'],
  ]);
  expect(operation.parameters[0]).toMatchObject({
    description: 'own',
    schema: { type: 'integer' },
  });
  expect(operation.parameters[3]?.examples).toMatchObject([{ name: '', value: { a: 1 } }]);
});

test('a description beside a reference replaces that of what it leads to', () => {
  const { operation } = operationOf(
    {
      responses: {
        404: { $ref: '#/components/responses/Gone', description: 'here' },
        '5xx': { $ref: '#/components/responses/Gone' },
      },
    },
    {},
    {
      components: {
        responses: {
          Gone: {
            description: 'anywhere',
            headers: {
              'Content-Type': {},
              'Retry-After': { schema: { type: 'integer' }, example: 3 },
            },
          },
        },
      },
    },
  );
  expect(operation.responses).toMatchObject([
    { status: '404', description: 'here', pointer: '#/components/responses/Gone' },
    {
      status: '5XX',
      description: 'anywhere',
      headers: [{ name: 'Retry-After', examples: [{ value: 3 }] }],
    },
  ]);
  expect(responseFor(operation, 404)?.status).toBe('404');
  expect(responseFor(operation, 503)?.status).toBe('5XX');
  expect(responseFor(operation, 400)).toBeUndefined();
});

test.each([
  [200, 'default'],
  [599, 'default'],
  [199, undefined],
  [600, undefined],
  [999, undefined],
])('the default response documents final statuses only: %i', (status, expected) => {
  const { operation } = operationOf({ responses: { default: { description: 'any' } } });
  expect(responseFor(operation, status)?.status).toBe(expected);
});

const schemes = {
  components: {
    securitySchemes: {
      Key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      Login: { type: 'http', scheme: 'BASIC' },
      Grant: {
        type: 'oauth2',
        flows: { clientCredentials: { tokenUrl: '/t', scopes: { read: 'Read' } } },
      },
      Certificate: { type: 'mutualTLS' },
    },
  },
  security: [{ Key: [] }, {}],
};

test.each<[string, object, unknown[], boolean]>([
  ["the document's", {}, [['Key'], []], true],
  ['its own', { security: [{ Login: [], Grant: ['read'] }] }, [['Login', 'Grant']], false],
  ['none', { security: [] }, [], true],
])('security of an operation: %s', (_name, own, expected, anonymous) => {
  const { operation } = operationOf(own, {}, schemes);
  expect(operation.security.map((one) => one.schemes.map(({ scheme }) => scheme.name))).toEqual(
    expected,
  );
  expect(allowsAnonymous(operation)).toBe(anonymous);
});

test('every scheme says where its credential travels', () => {
  const { contract } = operationOf({}, {}, schemes);
  expect(contract.securitySchemes.map(({ credential }) => credential)).toEqual([
    { in: 'header', name: 'X-Key', prefix: '' },
    { in: 'header', name: 'Authorization', prefix: 'Basic ' },
    { in: 'header', name: 'Authorization', prefix: 'Bearer ' },
    undefined,
  ]);
});

test.each([
  ['application/json', 'json'],
  ['Application/Problem+JSON; charset=utf-8', 'json'],
  ['text/plain; charset=utf-8', 'text'],
  ['text/*', 'text'],
  ['image/svg+xml', 'text'],
  ['application/sql', 'text'],
  ['application/x-ndjson', 'text'],
  ['application/jsonl', 'text'],
  ['application/x-www-form-urlencoded', 'urlencoded'],
  ['multipart/form-data', 'multipart'],
  ['application/octet-stream', 'binary'],
  ['application/geopackage+sqlite3', 'binary'],
  ['image/png', 'binary'],
  ['*/*', 'binary'],
] as const)('a body of %s is %s', (mediaType, kind) => {
  expect(kindOfMediaType(mediaType)).toBe(kind);
});

test('a keyword of the wrong type counts as absent, and JSON in a text as what it says', () => {
  const wrong = {
    exclusiveMinimum: true,
    required: true,
    enum: 'a',
    pattern: '(?i)a',
    maxLength: '5',
  };
  const schema = { type: 'object', properties: { a: { type: 'string', ...wrong } } };
  const media = { schema, examples: { text: { value: '{"a": "b"}' }, no: { value: '{"a":' } } };
  const content = { 'application/json': media, 'text/plain': { example: '{}' } };
  const { operation } = operationOf({ responses: { 200: { description: 'OK', content } } });
  const [json, text] = operation.responses[0]?.content ?? [];
  expect(json?.schema?.properties).toEqual({ a: { type: 'string' } });
  expect(json?.examples.map(({ value }) => value)).toEqual([{ a: 'b' }, '{"a":']);
  expect(text?.examples[0]?.value).toBe('{}');
});

test('a recursive schema is read once, stands alone, and is followed to its end', () => {
  const { contract, operation } = operationOf(
    {
      requestBody: {
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Alias' } } },
      },
      responses: {
        200: {
          content: {
            'application/json': {
              schema: {
                $ref: '#/paths/~1a~1{id}/post/requestBody/content/application~1json/schema',
              },
            },
          },
        },
      },
    },
    {},
    {
      components: {
        schemas: {
          Alias: { $ref: '#/components/schemas/Tree' },
          Tree: {
            type: 'object',
            properties: { inner: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } },
            additionalProperties: false,
            // Looks like a reference and is none.
            default: { $ref: '#/nowhere' },
          },
        },
      },
    },
  );
  const schema = operation.requestBody?.content[0]?.schema as Schema;
  expect(nameOfSchema(schema)).toBe('Alias');
  expect(followSchema(contract, schema)).toMatchObject({ type: 'object' });
  const validate = new Ajv2020().compile(standaloneSchema(contract, schema));
  expect(validate({ inner: [{ inner: [] }] })).toBe(true);
  expect(validate({ inner: [{ outer: [] }] })).toBe(false);
  // A schema that a reference reaches inside another part has a name as well.
  const made = operation.responses[0]?.content[0]?.schema as Schema;
  expect(contract.schemas.find(({ name }) => name === nameOfSchema(made))).toMatchObject({
    component: false,
  });
});

test.each([
  ['nowhere', { $ref: '#/components/responses/None' }, /leads nowhere/],
  ['out of the document', { $ref: 'other.yaml#/a' }, /bundle it first/],
  ['back to itself', { $ref: '#/components/responses/Loop' }, /leads back to itself/],
])('a reference that leads %s is refused by name and place', (_name, response, message) => {
  const loop = { components: { responses: { Loop: { $ref: '#/components/responses/Loop' } } } };
  expect(() => operationOf({ responses: { 200: response } }, {}, loop)).toThrow(
    BrokenReferenceError,
  );
  expect(() => operationOf({ responses: { 200: response } }, {}, loop)).toThrow(message);
});

test('a callback that leads back to its own path is read once', () => {
  const { operation } = operationOf({
    callbacks: { done: { '{$request.body#/url}': { $ref: '#/paths/~1a~1{id}' } } },
  });
  expect(operation.callbacks).toEqual([
    { name: 'done', expression: '{$request.body#/url}', operations: [] },
  ]);
});

test('servers: variables take their defaults, and a document without any has /', () => {
  const servers = [
    { url: 'https://{host}/v2', variables: { host: { default: 'a.test', enum: ['a.test'] } } },
  ];
  expect(operationOf({ servers }).operation.servers).toMatchObject([
    { url: 'https://{host}/v2', defaultUrl: 'https://a.test/v2' },
  ]);
  expect(operationOf({}).operation.servers).toMatchObject([{ url: '/' }]);
});

test.each([
  [
    { type: 'string', minLength: 1, maxLength: 36, pattern: '^[a-z]+$' },
    'a string of 1 to 36 characters that matches ^[a-z]+$',
  ],
  [
    { type: ['integer', 'null'], minimum: 1, maximum: 100 },
    'an integer or null at least 1 and at most 100',
  ],
  [{ enum: ['a', 2, null] }, '"a", 2 or null'],
  [
    { type: 'array', maxItems: 1, uniqueItems: true },
    'an array of at most 1 item without duplicates',
  ],
  [
    { type: 'string', format: 'date', description: 'A version, e.g. 1.0. Not more.' },
    'a string in the format date',
  ],
  [{}, 'a value'],
])('limits in words: %j', (schema, words) => {
  expect(describeLimits(schema)).toBe(words);
});

test('a row of references as long as a large contract has it needs no deep stack', () => {
  const count = 20_000;
  const schemas = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `S${index}`,
      { properties: { next: { $ref: `#/components/schemas/S${(index + 1) % count}` } } },
    ]),
  );
  const contract = readContract(document({ components: { schemas } }));
  expect(contract.schemas).toHaveLength(count);
  const whole = standaloneSchema(contract, { $ref: '#/components/schemas/S7' });
  expect(Object.keys(whole.$defs ?? {})).toHaveLength(count);
});

test('what a discriminator chooses among says which it is, unless it says so itself', () => {
  const $ref = (name: string) => `#/components/schemas/${name}`;
  const kind = { required: ['kind'], properties: { kind: { type: 'string' } } };
  const saying = (value: string) => ({
    required: ['kind'],
    properties: { kind: { const: value } },
  });
  const discriminator = { propertyName: 'kind', mapping: { two: $ref('B') } };
  const schemas = {
    A: kind,
    B: { allOf: [{ $ref: $ref('A') }] },
    C: { properties: { kind: { const: 'c' } } },
    D: { type: 'object' },
    Any: { oneOf: ['A', 'B', 'C', 'D'].map((name) => ({ $ref: $ref(name) })), discriminator },
    Base: { ...kind, discriminator },
    Heir: { allOf: [{ $ref: $ref('Base') }, { type: 'object' }] },
  };
  const contract = readContract(document({ components: { schemas } }));
  const told = (name: string) =>
    tellApart(contract, followSchema(contract, { $ref: $ref(name) }), name);
  expect(told('Any').oneOf).toEqual([
    { allOf: [{ $ref: $ref('A') }, saying('A')] },
    { allOf: [{ $ref: $ref('B') }, saying('two')] },
    { $ref: $ref('C') },
    { $ref: $ref('D') },
  ]);
  expect(told('Heir').allOf).toEqual([
    { allOf: [{ $ref: $ref('Base') }, saying('Heir')] },
    { type: 'object' },
  ]);
});
