import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Contract } from '@sql-sessions/contract/model';
import { type Mock, startMock } from '@sql-sessions/mock';
import { fixturePath } from '@sql-sessions/testing/contracts';
import { closedPort, listen } from '@sql-sessions/testing/listen';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ExampleRequest, exampleRequest } from '../src/contract/example-request.ts';

const SESSIONS = '/v1/workspaces/w-1/sessions';

/** A back end that is half ready. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const sent = Buffer.concat(chunks).toString();
  const [status, body] =
    request.method === 'POST'
      ? [201, sent]
      : request.url?.includes('/s-1')
        ? [200, '{"session_id":7}']
        : [418, 'tea'];
  response.setHeader('set-cookie', ['a=1', 'b=2']).setHeader('x-host', request.headers.host ?? '');
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
});
const cleanup = new AsyncDisposableStack();
let mock: Mock;

beforeAll(async () => {
  const { url: upstream } = cleanup.use(await listen(server));
  mock = cleanup.use(await startMock({ port: 0, spec: fixturePath('family'), upstream }));
});
beforeEach(() => mock.reset());
afterAll(() => cleanup.disposeAsync());

test('what no scenario covers comes from the upstream server, and what breaks the contract is listed', async () => {
  const shown = await fetch(`${mock.url + SESSIONS}/s-1`);
  expect([shown.status, await shown.json()]).toEqual([200, { session_id: 7 }]);
  expect(shown.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(mock.requests[0]?.reasons).toEqual(
    expect.arrayContaining([
      'upstream',
      expect.stringMatching(/^Response body session_id .*Expected "string"/),
    ]),
  );

  const created = await fetch(mock.url + SESSIONS, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"database":5}',
  });
  expect([created.status, await created.json()]).toEqual([201, { database: 5 }]);
  expect(mock.requests[1]?.reasons.join('; ')).toMatch(
    /upstream; Request body database .*Response/,
  );

  expect((await fetch(`${mock.url + SESSIONS}/s-2`)).status).toBe(418);
  expect(mock.requests[2]?.reasons).toContain('Response status 418 is not documented');
  expect((await fetch(`${mock.url}/else`)).status).toBe(418);
});

test('scenarios, wishes and operations that are set to it come from the mock', async () => {
  mock.scenario({ steps: 404, params: { session_id: 's-1' }, after: 'normal' });
  const status = async (headers = {}) =>
    (await fetch(`${mock.url + SESSIONS}/s-1`, { headers })).status;
  expect(await status()).toBe(404);
  expect(await status({ prefer: 'code=403' })).toBe(403);
  const operation = mock.requests[0]?.operation ?? '';
  mock.settings({ operations: { [operation]: { from: 'mock' } } });
  expect((await fetch(`${mock.url + SESSIONS}/s-1`)).headers.has('x-host')).toBe(false);
  mock.settings({ operations: { [operation]: null } });
  expect((await fetch(`${mock.url + SESSIONS}/s-1`)).headers.has('x-host')).toBe(true);
});

test('the list is exported as an HTTP archive', async () => {
  await fetch(`${mock.url + SESSIONS}/s-1?a=b`);
  const { log } = (await (await fetch(`${mock.url}/__mock/requests.har`)).json()) as {
    log: { entries: object[] };
  };
  expect(log.entries).toMatchObject([
    {
      request: {
        method: 'GET',
        url: `${mock.url + SESSIONS}/s-1?a=b`,
        queryString: [{ name: 'a', value: 'b' }],
      },
      response: { status: 200, content: { text: '{"session_id":7}' } },
    },
  ]);
});

test('bytes are in the archive as base64, with their size', async () => {
  const bytes = Uint8Array.of(0x89, 0x50, 0xff, 0x00);
  await fetch(`${mock.url + SESSIONS}/s-1?a=b`, { method: 'PUT', body: bytes });
  const har = await (await fetch(`${mock.url}/__mock/requests.har`)).json();
  expect((har as { log: { entries: object[] } }).log.entries).toMatchObject([
    { request: { bodySize: 4, postData: { text: 'iVD/AA==', encoding: 'base64' } } },
  ]);
});

/** Every byte there is, which no text has. */
const BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

test.each([
  ['every byte', BYTES, {}],
  ['compressed JSON', gzipSync('{"name":"lamp"}'), { 'content-encoding': 'gzip' }],
  ['UTF-8 with a byte order mark', Buffer.from('\ufeffä€😀'), {}],
  ['UTF-8 that is cut off', Buffer.from('😀').subarray(0, 3), {}],
  ['half a megabyte', Buffer.concat(Array.from({ length: 2048 }, () => BYTES)), {}],
])('%s goes to the upstream server and back as it is', async (_name, sent, headers) => {
  const echo = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const encoding = request.headers['content-encoding'];
    response.setHeader('content-type', 'application/octet-stream');
    if (encoding !== undefined) response.setHeader('x-encoding', encoding);
    response.end(Buffer.concat(chunks));
  });
  await using listening = await listen(echo);
  const upstream = listening.url;
  await using through = await startMock({ port: 0, spec: fixturePath('everything'), upstream });
  const { method, target } = pictureRequest(through.contract);
  const response = await fetch(through.url + target, {
    method,
    body: sent,
    headers: { 'content-type': 'application/octet-stream', ...headers },
  });
  expect(Buffer.from(await response.arrayBuffer()).equals(sent)).toBe(true);
  expect(response.headers.get('x-encoding')).toBe(Object.values(headers)[0] ?? null);
});

test('bytes are accepted where the contract documents them, and listed in base64', async () => {
  await using alone = await startMock({ port: 0, spec: fixturePath('everything') });
  const { method, target, headers: example } = pictureRequest(alone.contract);
  const put = async (type: string, body: BodyInit) => {
    const headers = { ...example, 'Content-Type': type };
    return (await fetch(alone.url + target, { method, body, headers })).status;
  };
  expect(await put('application/octet-stream', BYTES)).toBe(204);
  expect(await put('image/x-unknown', BYTES)).toBe(415);
  expect(await put('application/octet-stream', 'text')).toBe(204);
  const listed = `data:;base64,${Buffer.from(BYTES).toString('base64')}`;
  expect(alone.requests.map(({ body }) => body)).toEqual([listed, listed, 'text']);
});

/** The request of the operation that takes bytes. */
function pictureRequest(contract: Contract): ExampleRequest {
  const operation = contract.operations.find(({ requestBody }) =>
    requestBody?.content.some(({ mediaType }) => mediaType === 'application/octet-stream'),
  );
  if (!operation) throw new Error('No operation takes bytes.');
  return exampleRequest(contract, operation);
}

test.each([
  ['HEAD', '/a', {}, { 'content-length': '123' }, ''],
  ['HEAD', '/chunked', {}, { 'transfer-encoding': 'chunked' }, ''],
  ['POST', '/a', { body: Buffer.from('bytes') }, {}, '/a  bytes'],
  [
    'GET',
    '/a',
    { body: Buffer.from('bytes'), headers: { 'content-length': '5' } },
    {},
    '/a  bytes',
  ],
  ['GET', '/a/%2e%2e/b?c=%2e', {}, {}, '/a/%2e%2e/b?c=%2e  '],
  ['GET', '/a/../b#c', {}, {}, '/a/../b  '],
  ['GET', 'http://elsewhere.example/b', {}, {}, '/b  '],
  ['TRACE', '/a', {}, {}, '/a  '],
  ['GET', '/407', {}, { 'x-status': '407' }, '/407  '],
])(
  '%s %s with %j goes to the upstream server as it is',
  async (method, path, more, wanted, text) => {
    const echo = createServer(async (request, response) => {
      const sent = (await request.toArray()).join('');
      const { 'content-type': type = '' } = request.headers;
      response.statusCode = request.url === '/407' ? 407 : 200;
      response.setHeader('x-status', response.statusCode);
      if (method === 'HEAD' && path === '/a') response.setHeader('content-length', 123);
      response.end(method === 'HEAD' ? '' : `${request.url} ${type} ${sent}`);
    });
    await using listening = await listen(echo);
    await using through = await startMock({ port: 0, upstream: listening.url });
    const { body, headers } = { body: undefined, headers: {}, ...more };
    const { port } = through;
    const sent = request({ host: '127.0.0.1', port, method, path, headers }).end(body);
    const [response] = await once(sent, 'response');
    const received = (await response.setEncoding('utf8').toArray()).join('');
    expect(received).toBe(text);
    expect(response.headers).toMatchObject(wanted);
  },
);

test('an upstream that leads back to the mock is a 508', async () => {
  const port = await closedPort();
  await using loop = await startMock({ port, upstream: new URL(`http://127.0.0.1:${port}`) });
  const response = await fetch(`${loop.url}/nothing`);
  expect([response.status, response.headers.get('x-mock-error')]).toEqual([508, 'upstream-loop']);
  // Another mock in front of it is none.
  await using before = await startMock({ port: 0, upstream: loop.url });
  expect((await fetch(`${before.url}/nothing`)).status).toBe(508);
  const { url } = mock;
  await using chain = await startMock({ port: 0, upstream: url });
  expect((await fetch(`${chain.url}/else`)).status).toBe(418);
});

test('an upstream server that does not respond is a 502', async () => {
  const upstream = `http://127.0.0.1:${await closedPort()}`;
  await using alone = await startMock({ port: 0, upstream });
  const response = await fetch(`${alone.url}/v1/workspaces/w/sessions/s`, { method: 'DELETE' });
  expect([response.status, response.headers.get('x-mock-error')]).toEqual([502, 'no-upstream']);
  expect((await response.json()).detail).toMatch(/did not respond: .*ECONNREFUSED/);
});
