/** Servers of other contracts than our own: correct in ways that one may not expect, or wrong in a single one. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { readContract, type Schema } from '@sql-sessions/contract/model';
import { listen } from '@sql-sessions/testing/listen';
import { expect, test } from 'vitest';
import { breakRules } from '../src/values/broken.ts';
import { Schemas } from '../src/values/schemas.ts';
import { type VerifyOptions, verify } from '../src/verify.ts';

const json = (schema: object) => ({ 'application/json': { schema } });
const failed = { description: 'No.', content: json({ type: 'object', required: ['code'] }) };
const id = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^[a-z0-9-]+$', maxLength: 36 },
};
const contractOf = (paths: object, more: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  paths,
  ...more,
});

/** What a run finds at the level `contract`, a line each, and its report. */
async function find(
  contract: object,
  listener: RequestListener,
  options: Partial<VerifyOptions> = {},
) {
  await using server = await listen(createServer(listener));
  const { report } = await verify({ baseUrl: server.url, contract, seed: 1, runs: 5, ...options });
  const found = report.checks.flatMap((check) =>
    check.findings
      .filter(({ level }) => level === 'contract')
      .map(({ message }) => `${check.id}: ${message}`),
  );
  return { found, report };
}

const tags = { schema: { type: 'array', items: { enum: ['a', 'b'] } } };
const choice = {
  oneOf: [
    {
      required: ['kind', 'number'],
      properties: { kind: { const: 'card' }, number: { type: 'string', writeOnly: true } },
    },
    { required: ['kind', 'iban'], properties: { kind: { const: 'iban' } } },
  ],
};
const own = { type: 'object', required: ['id', 'name'], properties: { id: { readOnly: true } } };
const tag = { type: 'string', readOnly: true };
const inherited = {
  allOf: [{ $ref: '#/components/schemas/Own' }, { required: ['tag'] }],
  properties: { tag: { allOf: [{ $ref: '#/components/schemas/Tag' }] } },
};
const secret = { type: 'object', properties: { password: { writeOnly: true } } };
const price = { type: 'object', properties: { price: { type: 'number', multipleOf: 0.01 } } };
const header = (schema: object) => ({ headers: { 'X-Cache': { schema } } });

test.for<[what: string, documented: object, headers: object, body: string | Buffer, RegExp?]>([
  ['a price', { content: json(price) }, {}, '{"price":19.99}'],
  ['half a cent', { content: json(price) }, {}, '{"price":19.995}', /price must be multiple of/],
  ['no read-only field', { content: json(own) }, {}, '{"name":"a"}', /required property 'id'/],
  ['a write-only field', { content: json(secret) }, {}, '{"password":"x"}', /password must not be/],
  ['no write-only field of an alternative', { content: json(choice) }, {}, '{"kind":"card"}'],
  ['gzip', { content: json(own) }, { 'Content-Encoding': 'gzip' }, gzipSync('{"id":1,"name":""}')],
  ['a list with spaces', { headers: { 'X-Tags': tags } }, { 'X-Tags': 'a , b' }, '{}'],
  ['a list in two lines', { headers: { 'X-Tags': tags } }, { 'X-Tags': ['a', 'b'] }, '{}'],
  ['a wrong item', { headers: { 'X-Tags': tags } }, { 'X-Tags': 'a, c' }, '{}', /X-Tags .* a, c/],
  [
    'a choice without a type',
    header({ enum: ['hit', 'miss'] }),
    { 'X-Cache': 'no' },
    '{}',
    /: no$/,
  ],
  [
    'an object',
    header({ type: 'object', properties: { age: { type: 'integer' } } }),
    { 'X-Cache': 'age,7' },
    '{}',
  ],
  [
    'an object with a wrong member',
    header({ type: 'object', properties: { age: { type: 'integer' } } }),
    { 'X-Cache': 'age,old' },
    '{}',
    /: age,old$/,
  ],
  [
    'cookies, of which one is documented',
    { headers: { 'Set-Cookie': { schema: { type: 'string', pattern: '^sid=' } } } },
    { 'Set-Cookie': ['lb=1', 'sid=2'] },
    '{}',
  ],
  [
    'a text in another charset',
    { content: { 'text/plain': { schema: { type: 'string', maxLength: 2 } } } },
    { 'Content-Type': 'text/plain; charset=iso-8859-1' },
    Buffer.from('\u00fc\u00fc', 'latin1'),
  ],
])('a response: %s', async ([, documented, headers, body, expected]) => {
  const get = { operationId: 'listThings', responses: { 200: { description: '', ...documented } } };
  const { found } = await find(contractOf({ '/things': { get } }), ({ url }, response) => {
    const isThere = url === '/things';
    response.writeHead(isThere ? 200 : 404, { 'Content-Type': 'application/json', ...headers });
    response.end(isThere ? body : '');
  });
  expect(found).toEqual(expected ? [expect.stringMatching(expected)] : []);
});

/** A server of things, which says with which status a request is refused. */
function things(
  judge: (request: IncomingMessage, id: string, body: Buffer) => number | Promise<number>,
  allowed = /^[a-z0-9-]{1,36}$/,
): RequestListener {
  return async (request, response) => {
    const [, name] = /^\/things\/([^/?]+)$/.exec(request.url ?? '') ?? [];
    const body = await buffer(request).catch(() => undefined);
    if (!body) return;
    const known = name !== undefined && allowed.test(name);
    const status = known ? await judge(request, name, body) : name === undefined ? 404 : 400;
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(request.method === 'HEAD' || status === 204 ? '' : '{"code":"c"}');
  };
}

test.for<[string, object, number]>([
  ['`default`', { 200: { description: '', content: json({}) }, default: failed }, 404],
  ['`default` and 400', { 200: { description: '' }, 400: failed, default: failed }, 404],
  ['a range', { 200: { description: '' }, '4XX': failed }, 404],
])('a status that is documented by %s', async ([, responses, status]) => {
  const get = { operationId: 'getThing', parameters: [id], responses };
  const { found } = await find(
    contractOf({ '/things/{id}': { get } }),
    things(() => status),
  );
  expect(found).toEqual([]);
});

test('422 for a body beside 400 for what else is wrong, by a range', async () => {
  const schema = { type: 'object', required: ['size'], properties: { size: { type: 'integer' } } };
  const put = {
    operationId: 'setThing',
    parameters: [id],
    requestBody: { required: true, content: json(schema) },
    responses: { 204: { description: '' }, 400: failed, '4XX': failed },
  };
  const contract = contractOf({ '/things/{id}': { put } });
  const server = things((_request, _id, body) => {
    try {
      return Number.isInteger(JSON.parse(`${body}`).size) ? 404 : 422;
    } catch {
      return 400;
    }
  });
  const { found } = await find(contract, server, { exclude: ['body-wrong-type'] });
  expect(found).toEqual([]);
});

test.for<[string, object, string, number]>([
  ['its own', own, '{"name":"a"}', 204],
  ['inherited', inherited, '{"name":"a"}', 204],
  ['its own, and what is not read-only', own, '{}', 400],
])('a request needs no read-only field: %s', ([, schema, body, status]) => {
  const components = { schemas: { Own: own, Tag: tag } };
  const post = { requestBody: { content: json(schema) }, responses: {} };
  const contract = readContract(contractOf({ '/things': { post } }, { components }));
  const [media] = contract.operations[0]?.requestBody?.content ?? [];
  const isValid = new Schemas(contract).accepts(media?.schema ?? {}, JSON.parse(body));
  expect(isValid).toBe(status === 204);
});

test('the letter case of a UUID is of no account', async () => {
  const uuid = { ...id, schema: { type: 'string', format: 'uuid' } };
  const responses = { 204: { description: '' }, 400: failed, 404: failed };
  const contract = contractOf({
    '/things/{id}': { delete: { operationId: 'endThing', parameters: [uuid], responses } },
  });
  const live = new Set<string>();
  const server = things(
    (_request, name) => (live.delete(name.toLowerCase()) ? 204 : 404),
    /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/,
  );
  const { found, report } = await find(contract, server, {
    only: ['id-exact', 'success'],
    setup: async () => ({
      async live() {
        const made = crypto.randomUUID();
        live.add(made);
        return { params: { id: made }, isOpen: async () => live.has(made) };
      },
    }),
  });
  expect(found).toEqual([]);
  expect(report.checks.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
});

const schemes = {
  Key: { type: 'apiKey', in: 'header', name: 'X-Key' },
  Bearer: { type: 'http', scheme: 'bearer' },
};
const closed = { 200: { description: '' }, 400: failed, 401: failed, 404: failed };
const knows = ({ headers }: IncomingMessage) => headers['x-key'] === 'key-1';

test.for<[string, object[], RequestListener, Partial<VerifyOptions>, RegExp[]]>([
  [
    'nobody is asked',
    [{ Key: [] }],
    things(() => 404),
    {},
    [/^token-missing: .*no token was sent/],
  ],
  [
    'the second way is not looked at',
    [{ Key: [] }, { Bearer: [] }],
    things((one) => (knows(one) || one.headers.authorization ? 404 : 401)),
    { only: ['token-bad'], credentials: { Key: 'key-1' }, setup: () => ({ requiresToken: true }) },
    [/for Bearer$/],
  ],
  [
    'both ways are looked at',
    [{ Key: [] }, { Bearer: [] }],
    things((one) => (knows(one) || one.headers.authorization === 'Bearer b-1' ? 404 : 401)),
    {
      credentials: { Key: 'key-1', Bearer: 'b-1' },
      setup: () => ({ requiresToken: ['getThing'] }),
      exclude: ['token-elsewhere'],
    },
    [],
  ],
])('security: %s', async ([, security, server, options, expected]) => {
  const get = { operationId: 'getThing', parameters: [id], responses: closed, security };
  const head = { operationId: 'seeThing', parameters: [id], responses: closed, security: [{}] };
  const contract = contractOf(
    { '/things/{id}': { get, head } },
    { components: { securitySchemes: schemes } },
  );
  const { found } = await find(contract, server, { operations: ['getThing'], ...options });
  for (const [index, one] of expected.entries()) expect(found[index]).toMatch(one);
  expect(found.length > 0).toBe(expected.length > 0);
});

test('some operations ask for a token, others do not, as the setup lists them', async () => {
  const security = [{}, { Key: [] }];
  const get = { operationId: 'getThing', parameters: [id], responses: closed, security };
  const head = { operationId: 'seeThing', parameters: [id], responses: closed, security };
  const contract = contractOf(
    { '/things/{id}': { get, head } },
    { components: { securitySchemes: schemes } },
  );
  const server = things((one) => (one.method === 'HEAD' || knows(one) ? 404 : 401));
  const { found, report } = await find(contract, server, {
    only: ['token-missing'],
    credentials: { Key: 'key-1' },
    setup: () => ({ requiresToken: ['getThing'] }),
  });
  expect(found).toEqual([]);
  expect(report.checks).toMatchObject([{ operation: 'getThing', outcome: 'passed' }]);
});

test.for(['application/x-www-form-urlencoded', 'multipart/form-data'])(
  'a server that takes any form is caught: %s',
  async (type) => {
    const schema = {
      type: 'object',
      required: ['name', 'size'],
      properties: { name: { type: 'string' }, size: { type: 'integer', maximum: 9 } },
    };
    const put = {
      operationId: 'setThing',
      parameters: [id],
      requestBody: { required: true, content: { [type]: { schema } } },
      responses: { 204: { description: '' }, 400: failed, 404: failed },
    };
    const contract = contractOf({ '/things/{id}': { put } });
    const run = (server: RequestListener) =>
      find(contract, server, {
        only: ['body-rules'],
        setup: () => ({ live: async () => ({ params: { id: 'a' } }) }),
      });
    const correct = things(async ({ headers }, _id, body) => {
      const form = await new Response(new Uint8Array(body), {
        headers: { 'Content-Type': `${headers['content-type']}` },
      }).formData();
      return /^-?\d+$/.test(`${form.get('size')}`) &&
        Number(form.get('size')) <= 9 &&
        form.has('name')
        ? 204
        : 400;
    });
    expect((await run(correct)).found).toEqual([]);
    const { found } = await run(things(() => 204));
    expect(found).toContainEqual(expect.stringContaining('breaks required at name'));
    expect(found).toContainEqual(expect.stringMatching(/at size$/));
  },
);

test('each type of a body is sent, not only the first', async () => {
  const { 'application/json': media } = json({ type: 'object', properties: { a: {} } });
  const put = {
    operationId: 'setThing',
    parameters: [id],
    requestBody: {
      content: { 'application/json': media, 'application/x-www-form-urlencoded': media },
    },
    responses: { 204: { description: '' }, 400: failed, 404: failed },
  };
  const server = things(({ headers }) =>
    /urlencoded/.test(`${headers['content-type']}`) ? 400 : 204,
  );
  const { found } = await find(contractOf({ '/things/{id}': { put } }), server, {
    only: ['body-documented'],
    setup: () => ({ live: async () => ({ params: { id: 'a' } }) }),
  });
  expect(found).toEqual([expect.stringMatching(/ as application\/x-www-form-urlencoded$/)]);
});

test.for<[string, Schema, unknown]>([
  ['dependentRequired', { properties: { a: {}, b: {} }, dependentRequired: { a: ['b'] } }, {}],
  ['contains', { items: { type: 'string' }, contains: { const: 'x' } }, ['x']],
  ['propertyNames', { propertyNames: { pattern: '^[a-z]+$' } }, { a: 1 }],
  ['patternProperties', { patternProperties: { '^x_': { type: 'integer' } } }, {}],
  ['not', { type: 'string', not: { enum: ['none'] } }, 'some'],
  ['if', { if: { required: ['a'] }, else: { required: ['b'] } }, { b: 2 }],
  ['oneOf', { oneOf: [{ required: ['a'], properties: { a: {} } }, { required: ['b'] }] }, { a: 1 }],
])('%s is broken', ([rule, schema, valid]) => {
  const contract = readContract(contractOf({}));
  const broken = breakRules(new Schemas(contract), schema, valid).map((one) => one.rule);
  expect(broken).toContain(rule === 'if' ? 'required' : rule);
});

test('a 404 without content tells nothing, and what the setup has made does', async () => {
  const responses = { 200: { description: '', content: json({}) }, 404: { description: '' } };
  const get = { operationId: 'getThing', parameters: [id], responses };
  const contract = contractOf({ '/things/{id}': { get } });
  const server: RequestListener = ({ url }, response) => {
    if (url !== '/things/a') return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  };
  const only = ['success', 'unknown-id'];
  await expect(find(contract, server, { only })).rejects.toThrow(
    /does not look like Things: no call/,
  );
  const setup = () => ({ live: async () => ({ params: { id: 'a' } }) });
  expect(await find(contract, server, { only, setup })).toMatchObject({ report: { ok: true } });
});

test('a setup that fails is told before the first check', async () => {
  const responses = { 200: { description: '', content: json({}) }, 404: { description: '' } };
  const get = { operationId: 'getThing', parameters: [id], responses };
  const contract = contractOf({ '/things/{id}': { get } });
  const server: RequestListener = (_request, response) => void response.writeHead(404).end();
  const setup = () => ({ live: () => Promise.reject(new Error('database away')) });
  const { report } = await find(contract, server, { only: ['success'], setup });
  expect(report).toMatchObject({ ok: false, error: expect.stringContaining('database away') });
});

test('a page for everything is not the API, whatever the setup has made', async () => {
  const responses = { 200: { description: '', content: json({}) }, 404: { description: '' } };
  const get = { operationId: 'getThing', parameters: [id], responses };
  const contract = contractOf({ '/things/{id}': { get } });
  const server: RequestListener = (_request, response) =>
    void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>Hello.</p>');
  const setup = () => ({ live: async () => ({ params: { id: 'a' } }) });
  await expect(find(contract, server, { setup })).rejects.toThrow(/does not look like Things/);
});

test('a status that refuses a request as it is, is no understanding of it, unless it is named', async () => {
  const put = {
    operationId: 'setThing',
    parameters: [id],
    requestBody: { content: json({ type: 'object', properties: { size: { type: 'integer' } } }) },
    responses: { 204: { description: '' }, default: failed },
  };
  const setup = () => ({ live: async () => ({ params: { id: 'a' } }) });
  const { found } = await find(
    contractOf({ '/things/{id}': { put } }),
    things((_request, _id, body) => (/size/.test(`${body}`) ? 415 : 204)),
    { only: ['body-accepted'], setup },
  );
  expect(found).not.toEqual([]);
});

test('a list that leaves no trace in a form breaks nothing', async () => {
  const schema = {
    type: 'object',
    properties: {
      a: { type: 'string', minLength: 1 },
      tags: { type: 'array', items: { type: 'string' } },
    },
    oneOf: [{ required: ['a'] }, { required: ['tags'] }],
  };
  const put = {
    operationId: 'setThing',
    parameters: [id],
    requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema } } },
    responses: { 204: { description: '' }, 400: failed, 404: failed },
  };
  const server = things((_request, _id, body) => {
    const form = new URLSearchParams(`${body}`);
    const isRight =
      [...form.keys()].every((name) => /^(a|tags)$/.test(name)) && form.get('a') !== '';
    return isRight && form.has('a') !== form.has('tags') ? 204 : 400;
  });
  const setup = () => ({ live: async () => ({ params: { id: 'a' } }) });
  const contract = contractOf({ '/things/{id}': { put } });
  expect((await find(contract, server, { only: ['body-rules'], setup })).found).toEqual([]);
});

test('what stands outside of the prefix that the base URL lacked is not held against the server', async () => {
  const get = {
    operationId: 'getThing',
    parameters: [id],
    responses: { 200: { description: '', content: json({}) }, 400: failed, 404: failed },
  };
  const contract = contractOf(
    { '/things/{id}': { get } },
    { servers: [{ url: 'http://127.0.0.1/api/v2' }] },
  );
  const api = things(() => 404);
  const { found, report } = await find(contract, (request, response) => {
    if (!request.url?.startsWith('/api/v2/'))
      return void response.writeHead(404, { 'Content-Type': 'text/html' }).end('<p>Nothing.</p>');
    request.url = request.url.slice('/api/v2'.length);
    api(request, response as never);
  });
  expect(found).toEqual([]);
  expect(report.notes).toEqual(['The operations are under /api/v2: the base URL lacked it.']);
});

test('a cursor that the setup gives is the only one', async () => {
  const cursor = { name: 'cursor', in: 'query', schema: { type: 'string' } };
  const limit = { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 9 } };
  const responses = { 200: { description: '' }, 400: failed };
  const get = { operationId: 'listThings', parameters: [cursor, limit], responses };
  const server: RequestListener = ({ url = '' }, response) => {
    const query = new URL(url, 'http://things.invalid').searchParams;
    const isGood = ['c-1', null].includes(query.get('cursor')) && Number(query.get('limit')) < 10;
    response.writeHead(!url.startsWith('/things?') && url !== '/things' ? 404 : isGood ? 200 : 400);
    response.end();
  };
  const { found, report } = await find(contractOf({ '/things': { get } }), server, {
    only: ['value-accepted'],
    setup: () => ({ live: async () => ({ params: { cursor: 'c-1', limit: 1 } }) }),
  });
  expect(found).toEqual([]);
  expect(report.checks).toMatchObject([{ outcome: 'passed' }]);
});

test('a Host that is given stands in every request, once', async () => {
  const responses = { 200: { description: '', content: json({}) }, 400: failed, 404: failed };
  const get = { operationId: 'getThing', parameters: [id], responses };
  const api = things(() => 404);
  const server: RequestListener = (request, response) => {
    const [host, ...more] = request.headersDistinct.host ?? [];
    if (more.length > 0 || host === undefined) return void response.writeHead(400).end();
    if (host === 'things.example') return api(request, response as never);
    response.writeHead(421, { 'Content-Type': 'text/html' }).end('<p>Not here.</p>');
  };
  await using listening = await listen(createServer({ requireHostHeader: false }, server));
  const { report } = await verify({
    baseUrl: listening.url,
    contract: contractOf({ '/things/{id}': { get } }),
    headers: { Host: 'things.example' },
    only: ['header-host', 'connection-in-step', 'smuggling-bad-length', 'unknown-id'],
    level: 'http',
    seed: 1,
  });
  const wrong = report.checks.filter(({ outcome }) => outcome === 'failed');
  expect(wrong.map(({ id, findings }) => `${id}: ${findings[0]?.message}`)).toEqual([]);
});

const limited = (retryAfter: () => string | undefined) => {
  const seen = { refused: 0 };
  const api = things(() => 404);
  const listener: RequestListener = (request, response) => {
    const wait = retryAfter();
    if (wait === undefined) return api(request, response as never);
    seen.refused++;
    response.writeHead(429, { 'Retry-After': wait }).end();
  };
  return { seen, listener };
};
const get = { operationId: 'getThing', parameters: [id], responses: closed };
const limitedContract = contractOf({ '/things/{id}': { get } });

test('`Retry-After` may be a date', async () => {
  const until = Math.ceil((Date.now() + 1500) / 1000) * 1000;
  const { seen, listener } = limited(() =>
    Date.now() < until ? new Date(until).toUTCString() : undefined,
  );
  const { report } = await find(limitedContract, listener, { only: ['unknown-id'] });
  expect(report).toMatchObject({ ok: true, notes: [expect.stringContaining('429')] });
  // Nobody asked before.
  expect(seen.refused).toBe(1);
});

test('a limit that takes too long ends the run, and no check fails for it', async () => {
  const { listener } = limited(() => '3600');
  const { report } = await find(limitedContract, listener, { only: ['unknown-id'] });
  expect(report.cutShort).toMatch(/limits the rate \(429\).* more than 300 s: give a --rate/);
  expect(report.summary).toMatchObject({ failed: 0, passed: 0 });
});

test('bytes behind a response are called that', async () => {
  const responses = { 200: { description: '', content: json({}) } };
  const contract = contractOf({ '/things': { get: { operationId: 'ping', responses } } });
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n';
  await using server = await listen(
    createServer((_request, response) => {
      response.socket?.end(`${head}{}oops`);
    }),
  );
  const { report } = await verify({
    baseUrl: server.url,
    contract,
    seed: 1,
    only: ['response-framing'],
  });
  expect(report.checks[0]?.findings[0]?.message).toContain(
    '4 bytes follow the 200 that are not part of it',
  );
});
