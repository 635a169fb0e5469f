import { type Mock, startMock } from '@sql-sessions/mock';
import { writeContract } from '@sql-sessions/testing/contracts';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ok = { description: 'OK' };
const json = (schema: object, more: object = {}) => ({
  description: 'OK',
  content: { 'application/json': { schema, ...more } },
});
const query = (name: string, schema: object, more: object = {}) => ({
  name,
  in: 'query',
  required: true,
  schema,
  ...more,
});

const path = (name: string, schema: object) => ({ name, in: 'path', required: true, schema });

const FORM = 'application/x-www-form-urlencoded';
const PARTS = 'multipart/form-data; boundary=x';

/** A request with one field. */
const withField = (name: string, value: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ [name]: value }),
});

/** What plain Prism throws on, hangs on or gets wrong. */
const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Edges', version: '1' },
  servers: [{ url: 'https://api.example/base/{v}', variables: { v: { default: 'v1' } } }],
  paths: {
    '/plain': { get: { responses: { 200: json({ type: 'string' }, { example: 'plain' }) } } },
    '/ids/{id}': {
      get: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: ok },
      },
    },
    '/bytes': {
      get: {
        responses: { 200: { description: 'OK', content: { 'application/octet-stream': {} } } },
      },
      post: {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { type: 'object', minProperties: 1 } } },
        },
        responses: { 200: ok },
      },
    },
    '/union': {
      get: {
        parameters: [
          query('id', { anyOf: [{ type: 'array', items: { type: 'integer' } }, { type: 'null' }] }),
        ],
        responses: { 200: ok, 400: ok },
      },
    },
    '/one-of': {
      get: {
        parameters: [
          query('id', { oneOf: [{ type: 'integer' }, { type: 'string', pattern: '^[a-z]+$' }] }),
        ],
        responses: { 200: ok, 400: ok },
      },
    },
    '/sorted': {
      get: {
        parameters: [
          query('size', { type: 'integer' }, { required: false }),
          query(
            'sorting',
            {
              type: 'object',
              properties: { size: { enum: ['asc', 'desc'] }, by: { const: 'size' } },
            },
            { required: false },
          ),
        ],
        responses: { 200: ok, 400: ok },
      },
    },
    '/of/{constructor}/{__proto__}': {
      get: {
        parameters: ['constructor', '__proto__'].map((name) => ({
          name,
          in: 'path',
          required: true,
          schema: { type: 'string', maxLength: 3 },
        })),
        responses: { 200: ok, 400: ok },
      },
    },
    '/files/{a}-{b}-{c}.json': {
      get: {
        parameters: ['a', 'b', 'c'].map((name) => ({
          name,
          in: 'path',
          required: true,
          schema: {},
        })),
        responses: { 200: ok },
      },
    },
    '/größe/{id}/é{name}.ü%20x': {
      get: {
        parameters: ['id', 'name'].map((name) => ({
          name,
          in: 'path',
          required: true,
          schema: {},
        })),
        responses: { 200: ok },
      },
    },
    '/slow': {
      get: {
        parameters: [
          query('x', { type: 'string', pattern: '^(a+)+$' }, { required: false }),
          query('y', { type: 'string', pattern: '^=*=*=*=*=*x$' }, { required: false }),
          query(
            'z',
            { type: 'string', pattern: '^(?!no)[a-z+*]{1,256}.(png|jpg)$' },
            { required: false },
          ),
          query(
            'secret',
            { type: 'string', pattern: '^(?=.*[A-Z])(?=.*[0-9]).{8,}$' },
            { required: false },
          ),
          query('far', { type: 'string', pattern: '(?=x)(=*=*=*=*=*x)$' }, { required: false }),
        ],
        responses: { 200: ok, 400: ok },
      },
      post: {
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: { text: { type: 'string', pattern: '[a-z]+$' } },
                patternProperties: { '[a-z]+$': { type: 'string' } },
                additionalProperties: false,
              },
            },
          },
        },
        responses: { 200: ok, 400: ok },
      },
    },
    '/headers': {
      get: {
        responses: {
          200: {
            description: 'OK',
            headers: {
              'Set-Cookie': {
                schema: { type: 'array', items: { type: 'string' } },
                example: ['a=1', 'b=2'],
              },
              'Content-Encoding': { schema: { type: 'string' }, example: 'gzip' },
              'X-Name': { schema: { type: 'string' }, example: 'é ✓\r\nX-Evil: 1' },
              'X-List': { schema: { type: 'array' }, example: [1, 2] },
            },
          },
        },
      },
    },
    '/form': {
      post: {
        requestBody: {
          required: true,
          content: {
            'application/x-www-form-urlencoded': { schema: { $ref: '#/components/schemas/Form' } },
            'multipart/form-data': { schema: { $ref: '#/components/schemas/Form' } },
          },
        },
        responses: { 200: ok, 400: ok, 415: ok },
      },
    },
    '/deep': {
      get: {
        parameters: [
          ...[
            { name: 'map', schema: { additionalProperties: { type: 'integer' } } },
            { name: 'named', schema: { patternProperties: { '^n': { type: 'integer' } } } },
            {
              name: 'lists',
              schema: {
                additionalProperties: { type: 'array', items: { type: 'integer' } },
              },
            },
            {
              name: 'parts',
              schema: {
                properties: { a: { type: 'integer' } },
                allOf: [{ properties: { a: { minimum: 1 } } }],
              },
            },
          ].map(({ name, schema }) =>
            query(name, { type: 'object', ...schema }, { style: 'deepObject', required: false }),
          ),
          query(
            'flat',
            { type: 'object', additionalProperties: { type: 'integer' } },
            { explode: false, required: false },
          ),
          query(
            'tuple',
            { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }] },
            { explode: false, required: false },
          ),
          query('five', { type: 'array', contains: { const: 5 } }, { required: false }),
        ],
        responses: { 200: ok, 400: ok },
      },
    },
    '/fields': {
      get: {
        parameters: [query('map', { type: 'object', additionalProperties: { type: 'integer' } })],
        responses: { 200: ok, 400: ok },
      },
      post: {
        requestBody: {
          required: true,
          content: {
            [FORM]: { schema: { $ref: '#/components/schemas/Map' } },
            'multipart/form-data': { schema: { $ref: '#/components/schemas/Map' } },
          },
        },
        responses: { 200: ok, 400: ok },
      },
    },
    '/versions': {
      get: {
        responses: {
          200: {
            description: 'OK',
            content: {
              'application/json; version=1': { example: 1 },
              'application/json; version=2': { example: 2 },
            },
          },
        },
      },
      post: {
        requestBody: {
          content: {
            'application/json; version=1': { schema: { const: 1 } },
            'application/json; version=2': { schema: { const: 2 } },
          },
        },
        responses: { 200: ok, 400: ok },
      },
    },
    '/alike/{x}': { get: { parameters: [path('x', { type: 'integer' })], responses: { 200: ok } } },
    '/alike/{y}': {
      post: {
        parameters: [path('y', { type: 'string', maxLength: 3 })],
        responses: { 201: ok, 400: ok },
      },
    },
    '/cors': {
      get: {
        responses: {
          200: {
            description: 'OK',
            headers: {
              'Access-Control-Allow-Origin': { schema: { type: 'string' } },
              'Access-Control-Expose-Headers': {
                schema: { type: 'string' },
                example: 'X-Own, a b',
              },
              Vary: { schema: { type: 'string' }, example: 'Accept' },
            },
            content: { 'application/json': {} },
          },
        },
      },
    },
    '/unsendable': {
      get: {
        security: [{ strange: [] }],
        responses: {
          200: {
            description: 'OK',
            headers: {
              'X Bad': { schema: { type: 'string' } },
              'X-é': { schema: { type: 'string' } },
              'X-Good': { schema: { type: 'string' }, example: 'yes' },
            },
            content: { 'text/plain\r\nX-Evil: 1': { example: 'text' } },
          },
          401: ok,
        },
      },
    },
    '/patch': {
      patch: {
        requestBody: {
          content: {
            '*/*': { schema: { type: 'null' } },
            'application/*': { schema: { type: 'null' } },
            'application/merge-patch+json': { schema: { type: 'object' } },
            'application/json-patch+json': { schema: { type: 'array' } },
          },
        },
        responses: { 200: ok, 400: ok },
      },
    },
    '/tree': { get: { responses: { 200: json({ $ref: '#/components/schemas/Tree' }) } } },
    '/endless': { get: { responses: { 200: json({ $ref: '#/components/schemas/Endless' }) } } },
    '/code': {
      get: { responses: { 200: json({ type: 'string', pattern: '^[A-Z]{3}-\\d{4}$' }) } },
    },
    '/pictures/{kind}': {
      get: {
        responses: {
          200: { description: 'OK', content: { 'image/*': { schema: { type: 'string' } } } },
        },
      },
    },
    '/types': {
      get: {
        responses: {
          200: {
            description: 'OK',
            content: { 'text/csv': { example: 'a,b' }, 'application/json': { example: {} } },
          },
        },
      },
      put: {
        responses: {
          200: { description: 'OK', content: { 'text/csv': { example: 'a,b' } } },
          406: ok,
        },
      },
    },
  },
  components: {
    securitySchemes: { strange: { type: 'http', scheme: 'Wéird✓' } },
    schemas: {
      Map: {
        type: 'object',
        patternProperties: { '^n': { type: 'array', items: { type: 'integer' } } },
        additionalProperties: { type: 'integer' },
      },
      Form: {
        type: 'object',
        required: ['name', 'meta'],
        properties: {
          name: { type: 'string' },
          count: { type: 'integer' },
          meta: { type: 'object', required: ['deep'], properties: { deep: { type: 'boolean' } } },
        },
      },
      Tree: {
        type: 'object',
        required: ['name', 'children'],
        properties: {
          name: { type: 'string' },
          parent: { $ref: '#/components/schemas/Tree' },
          children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } },
        },
      },
      Endless: {
        type: 'object',
        required: ['next'],
        properties: { next: { $ref: '#/components/schemas/Endless' } },
      },
    },
  },
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let spec: string;
let mock: Mock;

beforeAll(async () => {
  folder = await temporaryFolder();
  spec = await writeContract(folder.path, DOCUMENT);
  mock = await startMock({ port: 0, spec });
});

afterAll(async () => {
  await mock?.close();
  await folder?.[Symbol.asyncDispose]();
});

const part = (name: string, text: string) =>
  `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;

test.each<[string, string, RequestInit, number]>([
  [
    'an Accept that ends with a semicolon',
    '/plain',
    { headers: { accept: 'application/json;' } },
    200,
  ],
  ['an Accept that is not one', '/plain', { headers: { accept: ', ;q=x' } }, 200],
  ['one value for an array or null', '/union?id=1', {}, 200],
  ['several values for an array or null', '/union?id=1&id=2', {}, 200],
  ['a wrong value for an array or null', '/union?id=x', {}, 400],
  ['a number for a number or a text', '/one-of?id=5', {}, 200],
  ['a text for a number or a text', '/one-of?id=five', {}, 200],
  ['neither', '/one-of?id=5x', {}, 400],
  ['a parameter that is called as a field of another one', '/sorted?size=5', {}, 200],
  ['other fields of it', '/sorted?size=5&by=size', {}, 200],
  ['a wrong one', '/sorted?by=x', {}, 400],
  ['parameters called constructor and __proto__', '/of/a/b', {}, 200],
  ['a wrong one of them', '/of/long/b', {}, 400],
  ['a template that could be matched in many ways', `/files/${'-'.repeat(4000)}.jso`, {}, 404],
  ['the same, where it matches', `/files/${'-'.repeat(4000)}.json`, {}, 200],
  ['letters beyond ASCII in a path', '/größe/ö/éa.ü x', {}, 200],
  ['a pattern that could take for ever', `/slow?x=${'a'.repeat(5000)}!`, {}, 400],
  ['the same, where it matches', `/slow?x=${'a'.repeat(5000)}`, {}, 200],
  ['a pattern that may begin anywhere', '/slow', withField('text', `${'a'.repeat(1e6)}!`), 400],
  ['the same, where it matches', '/slow', withField('text', 'a'.repeat(1e6)), 200],
  ['the same for a name', '/slow', withField(`${'a'.repeat(1e6)}!`, 1), 200],
  ['a short name', '/slow', withField('name', 1), 400],
  ['a look-ahead that a text passes', `/slow?z=${'a*b*'.repeat(20)}.png`, {}, 200],
  ['one that it does not pass', `/slow?z=no${'a*b*'.repeat(20)}.png`, {}, 400],
  ['several of them', `/slow?secret=${'aA1'.repeat(30)}`, {}, 200],
  ['several, of which one does not pass', `/slow?secret=${'aA'.repeat(30)}`, {}, 400],
  ['a look-ahead that could take for ever', `/slow?far=${'='.repeat(5000)}`, {}, 200],
  ['the second of two kinds of JSON', '/patch', patch('application/json-patch+json', '[]'), 200],
  ['the other in its name', '/patch', patch('application/json-patch+json', '{}'), 400],
  ['the first of them', '/patch', patch('application/merge-patch+json; charset=utf-8', '{}'), 200],
  [
    'a form with JSON in a field',
    '/form',
    form(FORM, 'name=a&count=2&meta=%7B%22deep%22%3Atrue%7D'),
    200,
  ],
  [
    'a form with wrong JSON in a field',
    '/form',
    form(FORM, 'name=a&meta=%7B%22deep%22%3A1%7D'),
    400,
  ],
  [
    'parts with JSON in a field',
    '/form',
    form(PARTS, `${part('name', 'a')}${part('meta', '{"deep":true}')}--x--\r\n`),
    200,
  ],
  ['parts that are not', '/form', form(PARTS, 'nonsense'), 400],
  ['parts without a boundary', '/form', form('multipart/form-data', 'nonsense'), 400],
  ['another type', '/form', form('text/plain', 'name=a'), 415],
  ['further fields of an object', '/deep?map[k]=5', {}, 200],
  ['a wrong one of them', '/deep?map[k]=x', {}, 400],
  ['a field whose name keeps a pattern', '/deep?named[n]=1', {}, 200],
  ['a wrong one of those', '/deep?named[n]=x', {}, 400],
  ['a list in a field', '/deep?lists[a]=1&lists[a]=2', {}, 200],
  ['a field of which two schemas say something', '/deep?parts[a]=1', {}, 200],
  ['further fields in one text', '/deep?flat=a,1', {}, 200],
  ['wrong ones', '/deep?flat=a,x', {}, 400],
  ['items in their places', '/deep?tuple=1,x', {}, 200],
  ['items in wrong places', '/deep?tuple=x,1', {}, 400],
  ['a list that has one item', '/deep?five=5', {}, 200],
  ['a list without it', '/deep?five=6', {}, 400],
  ['an object of any parameters', '/fields?a=1', {}, 200],
  ['none for it', '/fields', {}, 400],
  ['a form of any fields', '/fields', form(FORM, 'a=1&n=1&n=2&constructor=3'), 200],
  ['a wrong one in it', '/fields', form(FORM, 'a=x'), 400],
  ['parts of any names', '/fields', form(PARTS, `${part('k', '5')}--x--\r\n`), 200],
  ['a wrong one of these', '/fields', form(PARTS, `${part('k', 'x')}--x--\r\n`), 400],
  ['a version of a media type', '/versions', form('application/json; version=1', '1'), 200],
  ['the second version', '/versions', form('application/JSON;charset=utf-8;version="2"', '2'), 200],
  [
    'the second version with the body of the first',
    '/versions',
    form('application/json; version=2', '1'),
    400,
  ],
  ['a path with two templates', '/alike/5', {}, 200],
  ['the method of its second one', '/alike/abc', { method: 'POST' }, 201],
  ['what breaks a rule of the second one', '/alike/abcd', { method: 'POST' }, 400],
  ['a schema without an end', '/endless', {}, 501],
  ['a type that is not the first', '/types', { headers: { accept: 'application/json' } }, 200],
  ['a type that there is not', '/types', { headers: { accept: 'image/png' } }, 200],
  [
    'a type that there is not, and 406',
    '/types',
    { method: 'PUT', headers: { accept: 'image/png' } },
    406,
  ],
])('%s: %s', async (_name, path, init, status) => {
  const response = await fetch(mock.url + path, init);
  expect([response.status, response.headers.get('x-mock-error')]).not.toContain('internal');
  expect(response.status).toBe(status);
  await response.text();
});

function form(type: string, body: string, method = 'POST'): RequestInit {
  return { method, headers: { 'content-type': type }, body };
}

function patch(type: string, body: string): RequestInit {
  return form(type, body, 'PATCH');
}

test('response headers travel as they can: cookies one by one, no encoding that was not applied, no second line', async () => {
  const { headers, status } = await fetch(`${mock.url}/headers`);
  expect(status).toBe(200);
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(headers.get('content-encoding')).toBe(null);
  expect(headers.get('x-name')).toBe('é %E2%9C%93%0D%0AX-Evil: 1');
  expect(headers.get('x-list')).toBe('1,2');
  expect(headers.get('x-evil')).toBe(null);
});

test.each([
  ['application/json;version=2', '2'],
  ['application/json; version=1', '1'],
  ['application/json; version=3', '1'],
  ['application/json;version=1;q=0.5, application/json;version=2', '2'],
])('Accept: %s gets version %s', async (accept, version) => {
  const response = await fetch(`${mock.url}/versions`, { headers: { accept } });
  expect(await response.text()).toBe(version);
  expect(response.headers.get('content-type')).toBe(`application/json; version=${version}`);
});

test('a path with two templates has the methods of both', async () => {
  const { status, headers } = await fetch(`${mock.url}/alike/5`, { method: 'PUT' });
  expect([status, headers.get('allow')]).toEqual([405, 'GET, POST']);
});

test('the CORS headers are those of the mock, whatever the contract documents', async () => {
  const get = async (on: Mock, init = {}) => {
    const headers = { origin: 'https://app.example' };
    const response = await fetch(`${on.url}/cors`, { headers, ...init });
    const named = (name: string) => response.headers.get(name)?.split(', ') ?? [];
    return ['access-control-allow-origin', 'vary', 'access-control-expose-headers'].map(named);
  };
  const [origin, vary, exposed] = await get(mock);
  expect([origin, vary]).toEqual([['*'], ['Origin', 'Accept']]);
  expect(exposed).toEqual(expect.arrayContaining(['X-Mock-Error', 'X-Own']));
  expect(exposed).not.toContain('a b');
  mock.settings({ faults: { rate: 1, kinds: ['truncate'] } });
  const [cut] = await get(mock).finally(() => mock.reset());
  expect(cut).toEqual(['*']);
  await using without = await startMock({ port: 0, spec, cors: false });
  expect(await get(without)).toEqual([['string'], ['Accept'], ['X-Own', 'a b']]);
});

test('names that HTTP cannot carry are said and left out', async () => {
  expect(mock.notices.filter((notice) => notice.includes('cannot be sent'))).toEqual([
    expect.stringContaining('X Bad'),
    expect.stringContaining('X-é'),
    expect.stringContaining('text/plain??X-Evil: 1'),
    expect.stringContaining('wéird'),
  ]);
  const response = await fetch(`${mock.url}/unsendable`);
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([
    401,
    'ApiKey realm="mock"',
  ]);
  mock.settings({ validate: false });
  const wanted = await fetch(`${mock.url}/unsendable`).finally(() => mock.reset());
  expect([wanted.status, await wanted.text()]).toEqual([200, 'text']);
  expect(wanted.headers.get('x-good')).toBe('yes');
  const exposed = wanted.headers.get('access-control-expose-headers');
  expect(exposed).toContain('X-Good');
  expect(exposed).not.toContain('X Bad');
  expect(wanted.headers.get('x-evil')).toBe(null);
});

test('bodies that are made up keep their schema: recursion ends, a pattern is matched', async () => {
  const tree = (await (await fetch(`${mock.url}/tree`)).json()) as { name: string; children: [] };
  expect([typeof tree.name, tree.children]).toEqual(['string', []]);
  expect(await (await fetch(`${mock.url}/code`)).json()).toMatch(/^[A-Z]{3}-\d{4}$/);
});

test('a file of which nothing is said is empty', async () => {
  const response = await fetch(`${mock.url}/bytes`);
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect(await response.text()).toBe('');
});

test('a response that is documented with a range of types has a type of it', async () => {
  const response = await fetch(`${mock.url}/pictures/small`);
  expect(response.headers.get('content-type')).toBe('image/png');
});

test.each(['%', '%ZZ', '%ff', 'a%C0%AF'])('an id that is no UTF-8 is refused: %s', async (id) => {
  const response = await fetch(`${mock.url}/ids/${id}`);
  expect([response.status, (await response.json()).detail]).toEqual([
    422,
    expect.stringContaining('parameter id has an escape that is no UTF-8'),
  ]);
});

test('an id has a character', async () => {
  expect((await fetch(`${mock.url}/ids/`)).status).toBe(404);
  expect((await fetch(`${mock.url}/files/-b-c.json`)).status).toBe(404);
});

test('what is wrong with a body is one sentence', async () => {
  const init = form('application/json', '{}', 'POST');
  const { detail } = await (await fetch(`${mock.url}/bytes`, init)).json();
  expect(detail).toBe(
    'Request body instance does not have at least 1 properties. The contract documents none of 422, 400 for it.',
  );
});

test.each([
  ['both', [200, 200]],
  ['only', [404, 200]],
  ['none', [200, 404]],
] as const)('base path %s', async (basePath, statuses) => {
  await using other = await startMock({ port: 0, spec, basePath });
  const status = async (path: string) => (await fetch(other.url + path)).status;
  expect([await status('/plain'), await status('/base/v1/plain')]).toEqual(statuses);
});
