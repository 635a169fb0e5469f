import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ContractError, type MockOptions, startMock } from '@sql-sessions/mock';
import { listen } from '@sql-sessions/testing/listen';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readDocument } from '../src/contract/read-document.ts';

const head = { info: { title: 'T', version: '1' } };
const operation = (schema: object | boolean) => ({
  get: { responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } } },
});

/** What a server of documents has, by path. */
const FILES: Record<string, unknown> = {
  '/api.json': { openapi: '3.1.0', ...head, paths: { '/a': operation({ type: 'string' }) } },
  '/old.json': {
    openapi: '3.0.3',
    ...head,
    paths: { '/a': operation({ type: 'string', nullable: true, enum: [null] }) },
  },
  '/parts.json': { openapi: '3.1.0', ...head, paths: { '/a': operation({ $ref: 'part.json' }) } },
  '/part.json': { type: 'string', const: 'from afar' },
  '/two.json': { swagger: '2.0', ...head, paths: {} },
};

const server = createServer(({ url = '' }, response) => {
  const file = FILES[url];
  // What is not there never arrives.
  if (file === undefined) return;
  response.setHeader('content-type', 'application/json').end(JSON.stringify(file));
});
let listening: Awaited<ReturnType<typeof listen>>;
let base: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  listening = await listen(server);
  base = listening.url;
});

afterAll(async () => {
  await listening?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

async function bodyOf(spec: string, options: MockOptions = {}): Promise<unknown> {
  await using mock = await startMock({ port: 0, spec, ...options });
  return await (await fetch(`${mock.url}/a`)).json();
}

test('a document is read from a URL, OpenAPI 3.0 is upgraded, and remote parts are read where that is allowed', async () => {
  expect(await bodyOf(`${base}/api.json`)).toBe('string');
  expect(await bodyOf(`${base}/old.json`)).toBe(null);
  expect(await bodyOf(`${base}/parts.json`, { remoteRefs: true })).toBe('from afar');
});

test.each([
  ['a remote part', '/parts.json', /part\.json is elsewhere.*--remote-refs/],
  [
    'another version',
    '/two.json',
    /not an OpenAPI document of version 3\.0 or 3\.1|openapi|swagger/i,
  ],
])('%s is refused', async (_name, path, words) => {
  const refused = await startMock({ port: 0, spec: base + path }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ContractError);
  expect((refused as Error).message).toMatch(words);
  expect((refused as Error).message).not.toContain('\n');
});

test('what is unknown in a document, or missing without harm, is said, and the rest is served', async () => {
  const number = { type: 'integer', minimum: 5, exclusiveMinimum: true };
  const properties = { a: { type: 'string', nullable: true, required: true }, b: number };
  const schema = { type: 'object', properties };
  const content = { 'application/json': { schema } };
  const loose = { openapi: '3.1.0', info: { title: 'T' }, colour: 1 };
  const file = join(folder.path, 'loose.json');
  const get = { responses: { 200: { content } } };
  await writeFile(file, JSON.stringify({ ...loose, paths: { '/a': { get } } }));
  await using mock = await startMock({ port: 0, spec: file });
  expect(await (await fetch(`${mock.url}/a`)).json()).toEqual({ a: 'string', b: 5 });
  expect(mock.notices.map((notice) => notice.replace(/.*?: /, '')).sort()).toEqual([
    expect.stringContaining('Expected type `array` but got `boolean`'),
    expect.stringContaining('Expected type `number` but got `boolean`'),
    expect.stringContaining('field `description` must be present'),
    expect.stringContaining('field `version` must be present'),
    expect.stringContaining('`colour` is not a field'),
    expect.stringContaining('`nullable` is not a field'),
  ]);
});

test('a schema may be true or false, wherever one stands', async () => {
  const $ref = '#/components/schemas/Any';
  const list = { prefixItems: [true, { $ref }], contains: true, items: false, minItems: 1 };
  const All = {
    type: 'object',
    required: ['a', 'list'],
    not: false,
    allOf: [true, { $ref }],
    if: true,
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: true,
    else: false,
    propertyNames: true,
    dependentSchemas: { a: true },
    $defs: { yes: true, no: false },
    properties: { a: true, list: { type: 'array', ...list }, none: false },
  };
  const parameters = [
    { name: 'id', in: 'path', required: true, schema: true },
    { name: 'none', in: 'query', schema: false },
  ];
  const post = {
    requestBody: { content: { 'application/json': { schema: All } } },
    responses: { 200: { description: 'OK' }, 400: { description: 'No.' } },
  };
  const paths = {
    '/a': operation(All),
    '/any': operation(true),
    '/{id}': { parameters, post },
  };
  const file = join(folder.path, 'booleans.json');
  const components = { schemas: { Any: true, None: false } };
  await writeFile(file, JSON.stringify({ openapi: '3.1.0', ...head, paths, components }));
  await using mock = await startMock({ port: 0, spec: file });
  expect(mock.notices).toEqual([]);
  const bodyAt = async (path: string) => (await fetch(mock.url + path)).json();
  expect(await bodyAt('/a')).toMatchObject({ a: null });
  expect(await bodyAt('/any')).toBe(null);
  const headers = { 'content-type': 'application/json' };
  const statusOf = async (path: string, body: object) =>
    (await fetch(mock.url + path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  expect(await statusOf('/1', { a: 1, list: [1, 2] })).toBe(200);
  expect(await statusOf('/1?none=1', { a: 1, list: [1] })).toBe(400);
  expect(await statusOf('/1', { a: 1, list: [1, 2, 3] })).toBe(400);
  expect(await statusOf('/1', { a: 1, list: [1], none: 1 })).toBe(400);
});

test('what nothing is said of is made up as it is shown', async () => {
  const properties = {
    meta: { title: 'Meta', description: 'Anything.' },
    list: { type: 'array', minItems: 1, maxItems: 1, items: { description: 'One.' } },
    seven: { default: 7, deprecated: true },
    text: { type: 'string', const: 'a' },
  };
  const required = Object.keys(properties);
  const file = join(folder.path, 'untyped.json');
  const schema = { type: 'object', required, properties, additionalProperties: false };
  const paths = { '/a': operation(schema) };
  await writeFile(file, JSON.stringify({ openapi: '3.1.0', ...head, paths }));
  const made = { meta: null, list: [null], seven: 7, text: 'a' };
  expect(await bodyOf(file, { dynamic: true })).toEqual(made);
  paths['/a'] = operation({ description: 'Anything.' });
  await writeFile(file, JSON.stringify({ openapi: '3.1.0', ...head, paths }));
  expect(await bodyOf(file, { dynamic: true })).toBe(null);
});

test('nothing is printed about a schema that no value keeps', async () => {
  const file = join(folder.path, 'never.json');
  const paths = { '/a': operation({ allOf: [{ type: 'string' }, { type: 'integer' }] }) };
  await writeFile(file, JSON.stringify({ openapi: '3.1.0', ...head, paths }));
  const warn = vi.spyOn(console, 'warn');
  await using mock = await startMock({ port: 0, spec: file });
  await fetch(`${mock.url}/a`);
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

test('what is empty or not of its type in a document is said, and the rest is served', async () => {
  const file = join(folder.path, 'wrong.yaml');
  await writeFile(
    file,
    `openapi: 3.1
info: {title: 5, version: 1.0}
x-tool: {$ref: '#/nowhere'}
tags:
paths:
  /a/{id}:
    parameters:
    get:
      summary: 7
      parameters:
        - {name: id, in: path, required: 'true', schema: {type: uuid}}
        - {name: part, in: path, required: true, schema: {type: string}}
        - {name: old, in: body, schema: {type: object}}
      responses:
        200: {description: 1, content: {application/json: {schema: {
          type: object, required: a, x-tool: {id: one},
          properties: {a: {type: any, x-tool: {id: one}}, b: {type: integer, enum: 5, minimum: '3'}}}}}}
`,
  );
  await using mock = await startMock({ port: 0, spec: file });
  const response = await fetch(`${mock.url}/a/x`);
  expect([response.status, await response.json()]).toEqual([200, { a: null, b: 0 }]);
  expect(mock.notices.map((notice) => notice.split(': ', 1)[0])).toEqual([
    '#/paths/~1a~1{id}/get/parameters/1',
    '#/info/title',
    '#/info/version',
    '#/tags',
    '#/paths/~1a~1{id}/parameters',
    '#/paths/~1a~1{id}/get/summary',
    '#/paths/~1a~1{id}/get/parameters/0/required',
    '#/paths/~1a~1{id}/get/parameters/0/schema/type',
    '#/paths/~1a~1{id}/get/parameters/2/in',
    '#/paths/~1a~1{id}/get/responses/200/description',
    ...['required', 'properties/a/type', 'properties/b/enum', 'properties/b/minimum'].map(
      (at) => `#/paths/~1a~1{id}/get/responses/200/content/application~1json/schema/${at}`,
    ),
    '#/x-tool',
  ]);
});

test('what ends no request is not sent, and a body that HTTP does not send neither', async () => {
  const content = { 'application/json': { schema: { type: 'string' } } };
  const interim = { 100: { description: 'Go on.' } };
  const paths = {
    '/only': { get: { responses: interim } },
    '/first': { get: { responses: { ...interim, 404: { description: 'No.' } } } },
    '/reset': { get: { responses: { 205: { description: 'Anew.', content } } } },
  };
  const file = join(folder.path, 'interim.json');
  await writeFile(file, JSON.stringify({ openapi: '3.1.0', ...head, paths }));
  await using mock = await startMock({ port: 0, spec: file });
  const only = await fetch(`${mock.url}/only`);
  expect(only.status).toBe(501);
  expect(await only.json()).toMatchObject({ detail: expect.stringContaining('interim') });
  expect((await fetch(`${mock.url}/first`)).status).toBe(404);
  const asked = await fetch(`${mock.url}/first`, { headers: { prefer: 'code=100' } });
  expect(asked.status).toBe(501);
  const reset = await fetch(`${mock.url}/reset`);
  expect([reset.status, reset.headers.get('content-length')]).toEqual([205, '0']);
  expect(await reset.text()).toBe('');
});

test('a pattern of another language is said and not tested, and one without the flag u is', async () => {
  const text = (pattern: string) => ({ type: 'string', pattern });
  const get = {
    parameters: [
      { name: 'perl', in: 'query', schema: text('(?i)^abc$') },
      { name: 'loose', in: 'query', schema: text('^\\w+\\@{x}$') },
    ],
    responses: { 200: { description: 'OK', content: { 'text/plain': {} } } },
  };
  const file = join(folder.path, 'patterns.json');
  await writeFile(file, JSON.stringify({ openapi: '3.1.0', ...head, paths: { '/a': { get } } }));
  await using mock = await startMock({ port: 0, spec: file });
  expect(mock.notices).toEqual([expect.stringContaining('The pattern (?i)^abc$')]);
  const statusOf = async (query: string) => (await fetch(`${mock.url}/a?${query}`)).status;
  expect(await statusOf('perl=x')).toBe(200);
  expect(await statusOf('loose=a@{x}')).toBe(200);
  expect(await statusOf('loose=a')).toBe(422);
});

test('a discriminator is responded as the schema that was made up for it is called', async () => {
  const kind = { type: 'object', required: ['kind'], properties: { kind: { type: 'string' } } };
  const heir = { allOf: [{ $ref: '#/components/schemas/Base' }, { required: ['kind'] }] };
  const discriminator = { propertyName: 'kind' };
  const schemas = { One: kind, Base: { ...kind, discriminator }, Heir: heir };
  const one = { oneOf: [{ $ref: '#/components/schemas/One' }], discriminator };
  const file = join(folder.path, 'discriminator.json');
  const paths = { '/a': operation(one) };
  const whole = { openapi: '3.1.0', ...head, paths, components: { schemas } };
  await writeFile(file, JSON.stringify(whole));
  expect(await bodyOf(file)).toEqual({ kind: 'One' });
  paths['/a'] = operation({ $ref: '#/components/schemas/Heir' });
  await writeFile(file, JSON.stringify(whole));
  expect(await bodyOf(file)).toEqual({ kind: 'Heir' });
});

test('alternatives in alternatives and long lists are judged in time', async () => {
  const $ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const node = (kind: object) => ({
    type: 'object',
    required: ['kind', 'left'],
    properties: { left: $ref('Tree'), kind },
  });
  const schemas = {
    Tree: { oneOf: [$ref('And'), $ref('Or'), { type: 'boolean' }] },
    And: node({ const: 'and' }),
    Or: node({ const: 'or' }),
    // Nothing tells one from the other but what is deep inside.
    Alike: { anyOf: [$ref('Left'), $ref('Right')] },
    Left: { type: ['array', 'string'], items: $ref('Alike'), pattern: '^a' },
    Right: { type: ['array', 'string'], items: $ref('Alike'), pattern: '^b' },
    List: { type: 'array', uniqueItems: true },
  };
  const post = (name: string) => ({
    post: {
      requestBody: { required: true, content: { 'application/json': { schema: $ref(name) } } },
      responses: { 204: { description: 'OK' }, 400: { description: 'No.' } },
    },
  });
  const file = join(folder.path, 'tree.json');
  const paths = { '/tree': post('Tree'), '/alike': post('Alike'), '/list': post('List') };
  const whole = { openapi: '3.1.0', ...head, paths, components: { schemas } };
  await writeFile(file, JSON.stringify(whole));
  await using mock = await startMock({ port: 0, spec: file });
  const statusOf = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const sent = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await fetch(mock.url + path, sent)).status;
  };
  let tree: unknown = true;
  let wrong: unknown = 'a';
  let alike: unknown = 'a';
  for (let level = 0; level < 60; level += 1) {
    tree = { left: tree, kind: level % 2 ? 'and' : 'or' };
    wrong = { left: wrong, kind: level % 2 ? 'and' : 'or' };
    alike = [alike];
  }
  expect(await statusOf('/tree', tree)).toBe(204);
  expect(await statusOf('/tree', wrong)).toBe(400);
  expect(await statusOf('/alike', alike)).toBe(400);
  expect(await statusOf('/list', [{ a: 1 }, { a: 1 }])).toBe(400);
  const long = Array.from({ length: 60_000 }, (_, a) => ({ a }));
  expect(await statusOf('/list', long)).toBe(204);
});

test.each([
  [
    'that is JSON in a text is what the text says',
    { schema: { type: 'object', properties: { a: { type: 'integer' } } }, example: '{"a": 5}' },
  ],
  [
    'of a media type counts for more than one of its schema',
    { schema: { examples: [{ a: 1 }] }, examples: { Five: { value: { a: 5 } } } },
  ],
])('an example %s', async (_, media) => {
  const file = join(folder.path, 'text.json');
  const get = { responses: { 200: { description: 'OK', content: { 'application/json': media } } } };
  await writeFile(file, JSON.stringify({ openapi: '3.1.0', ...head, paths: { '/a': { get } } }));
  expect(await bodyOf(file)).toEqual({ a: 5 });
});

test('a document that does not arrive in time is refused', async () => {
  const read = readDocument(
    { location: `${base}/never.json`, remoteRefs: false, strict: false },
    50,
  );
  await expect(read).rejects.toThrow(/never\.json.*timeout/);
});

test('YAML aliases that would make a document too large are refused', async () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level += 1) {
    lines.push(`a${level}: &a${level} [${new Array(10).fill(`*a${level - 1}`).join(', ')}]`);
  }
  const file = join(folder.path, 'bomb.yaml');
  await writeFile(
    file,
    `openapi: 3.1.0\ninfo: { title: t, version: v }\npaths: {}\nx-bomb:\n  ${lines.join('\n  ')}\n`,
  );
  await expect(startMock({ port: 0, spec: file })).rejects.toThrow(/bomb\.yaml.*aliases/);
});

test('what the mock does not support is said with its place, and the rest is served', async () => {
  const file = join(folder.path, 'notices.json');
  const schema = { type: 'object', xml: { name: 'a' } };
  const document = { openapi: '3.1.0', ...head, paths: { '/a': operation(schema) } };
  await writeFile(file, JSON.stringify(document));
  await using mock = await startMock({ port: 0, spec: file });
  expect(mock.notices).toEqual([
    expect.stringMatching(
      /^#\/paths\/~1a\/get\/responses\/200\/.*\/xml: `xml` is not supported by/,
    ),
  ]);
  expect((await fetch(`${mock.url}/a`)).status).toBe(200);
});
