import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startMock } from '@sql-sessions/mock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIVE } from './support/live-examples.ts';

const SESSION = '/v1/workspaces/w-1/sessions/s-1';
const BAD_REQUEST = LIVE.BadRequest;

const OPEN_FILES = Number(execFileSync('sh', ['-c', 'ulimit -n']).toString()) || Infinity;
/** As many as the limit allows: each needs a file for either end. */
const IDLE_SOCKETS = Math.max(Math.min(5000, Math.floor((OPEN_FILES - 500) / 2)), 1);

let mock: Awaited<ReturnType<typeof startMock>>;

beforeAll(async () => {
  mock = await startMock({ port: 0 });
});

afterAll(() => mock.close());

test('the example request of the reference page gets 200, and so does one without a body', async () => {
  const withBody = await close(SESSION, {
    headers: { 'content-type': 'application/json' },
    body: '{ }',
  });
  const without = await close(SESSION);
  expect([withBody.status, await withBody.text()]).toEqual([200, '']);
  expect([without.status, await without.text()]).toEqual([200, '']);
});

test.each(['%ZZ', '%ff', '%', 'a%2', 'under_score', 'a'.repeat(37), '%2F', 'a%00'])(
  'the malformed id %s is the documented 400',
  async (id) => {
    const response = await close(`/v1/workspaces/w-1/sessions/${id}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('x-mock-error')).toBe(null);
    expect(await response.json()).toEqual(BAD_REQUEST);
  },
);

test('an Accept that is not a media type is ignored, and so is such a Content-Type', async () => {
  expect((await close(SESSION, { headers: { accept: 'nonsense' } })).status).toBe(200);
  const response = await close(SESSION, { headers: { 'content-type': ';;=' }, body: '{}' });
  expect([response.status, await response.json()]).toEqual([400, BAD_REQUEST]);
});

test('an id of escaped dots is the documented 400 and climbs no folder', async () => {
  for (const id of ['%2e', '%2E%2e', '.%2e', '%2e.']) {
    const socket = connect(mock.port, '127.0.0.1');
    socket.end(
      `DELETE /v1/workspaces/w-1/sessions/${id} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    let received = '';
    for await (const chunk of socket) received += chunk;
    expect(received).toMatch(/^HTTP\/1\.1 400 [\s\S]*common\.01000001/);
  }
});

test('malformed JSON, and JSON that the contract does not take, are the documented 400', async () => {
  for (const body of ['{', '{"a":1}', '[]', '"text"', '['.repeat(50_000)]) {
    const headers = { 'content-type': 'application/json' };
    const response = await close(SESSION, { headers, body });
    expect([response.status, await response.json()]).toEqual([400, BAD_REQUEST]);
  }
});

test('a body of megabytes is read and refused; one over 10 MiB is refused as too large', async () => {
  const headers = { 'content-type': 'application/json' };
  const long = JSON.stringify({ text: 'a'.repeat(4_000_000) });
  expect((await close(SESSION, { headers, body: long })).status).toBe(400);
  const response = await close(SESSION, { headers, body: 'a'.repeat(11_000_000) });
  expect(response.status).toBe(413);
  expect(response.headers.get('x-mock-error')).toBe('body-too-large');
});

test('an unknown path and a wrong method get the mock’s own responses, with what there is', async () => {
  const unknown = await fetch(`${mock.url}${SESSION}/nothing`, { method: 'DELETE' });
  expect(unknown.status).toBe(404);
  expect(unknown.headers.get('content-type')).toBe('application/problem+json');
  expect(unknown.headers.get('x-mock-error')).toBe('unknown-path');
  expect(await unknown.json()).toMatchObject({
    status: 404,
    detail: expect.stringContaining('DELETE /v1/workspaces/{workspace_id}/sessions/{session_id}'),
  });
  const wrong = await fetch(mock.url + SESSION, { method: 'PROPFIND' });
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get('allow')?.split(', ')).toContain('DELETE');
  expect(wrong.headers.get('x-mock-error')).toBe('method-not-allowed');
});

test.each([
  [
    'a host in the path',
    `DELETE //host${SESSION} HTTP/1.1\r\nhost: m\r\n\r\n`,
    404,
    'unknown-path',
  ],
  ['an unknown method', `BREW ${SESSION} HTTP/1.1\r\nhost: m\r\n\r\n`, 501, 'unknown-method'],
  [
    'a method of another protocol',
    `PROPFIND ${SESSION} HTTP/1.1\r\nhost: m\r\n\r\n`,
    405,
    'method-not-allowed',
  ],
  ['CONNECT', 'CONNECT m:80 HTTP/1.1\r\nhost: m\r\n\r\n', 501, 'unknown-method'],
  [
    'headers of 17 KB',
    `DELETE ${SESSION} HTTP/1.1\r\nhost: m\r\nx: ${'a'.repeat(17_000)}\r\n\r\n`,
    431,
    'headers-too-large',
  ],
  ['no Host', `DELETE ${SESSION} HTTP/1.1\r\n\r\n`, 400, 'no-host'],
  ['two Hosts', `DELETE ${SESSION} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`, 400, 'two-hosts'],
  ['a target that is not a path', 'OPTIONS * HTTP/1.1\r\nhost: m\r\n\r\n', 400, 'bad-target'],
  ['noise', '\u0000\u0001 not http\r\n\r\n', 501, 'unknown-method'],
  [
    'two lengths',
    `DELETE ${SESSION} HTTP/1.1\r\nhost: m\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab`,
    400,
    'not-http',
  ],
  [
    'a length and chunks',
    `DELETE ${SESSION} HTTP/1.1\r\nhost: m\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'not-http',
  ],
  [
    'an unknown expectation',
    `DELETE ${SESSION} HTTP/1.1\r\nhost: m\r\nexpect: tea\r\nconnection: close\r\n\r\n`,
    417,
    'expectation-failed',
  ],
  [
    'a body shorter than its length, then the end',
    `DELETE ${SESSION} HTTP/1.1\r\nhost: m\r\ncontent-length: 9\r\n\r\n{ }`,
    400,
    'not-http',
  ],
])('%s is refused by the mock', async (_name, bytes, status, error) => {
  const response = await exchange(bytes);
  expect(response).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(response.toLowerCase()).toContain(`\r\nx-mock-error: ${error}\r\n`);
  expect(response.toLowerCase()).toContain('\r\ncontent-type: application/problem+json\r\n');
  expect(response).not.toMatch(/\bat .+\.(js|ts):\d+/);
});

test('a HEAD that cannot be read is refused without a body', async () => {
  const response = await exchange('HEAD /\u00e9\u0001 HTTP/1.1\r\nhost: m\r\n\r\n');
  expect(response).toMatch(/^HTTP\/1\.1 400 [\s\S]*\r\n\r\n$/);
});

test('what was refused is listed with its reason, preflights too', async () => {
  await using own = await startMock({ port: 0 });
  const line = `DELETE ${SESSION} HTTP/1.1\r\nhost: m\r\n`;
  await exchange(`${line}x: ${'a'.repeat(17_000)}\r\n\r\n`, own.port);
  await exchange('OPTIONS * HTTP/1.1\r\nhost: m\r\n\r\n', own.port);
  await exchange('\u0000 not http\r\n\r\n', own.port);
  const preflight = { origin: 'http://a.example', 'access-control-request-method': 'DELETE' };
  await fetch(own.url + SESSION, { method: 'OPTIONS', headers: preflight });
  const body = 'a'.repeat(11_000_000);
  await fetch(own.url + SESSION, { method: 'DELETE', body });
  expect(own.requests.map(({ status, mockError }) => [status, mockError])).toEqual([
    [431, 'headers-too-large'],
    [400, 'bad-target'],
    [501, 'unknown-method'],
    [204, null],
    [413, 'body-too-large'],
  ]);
});

test('a body longer than its length: the request gets its response, the rest is refused', async () => {
  const response = await exchange(
    `DELETE ${SESSION} HTTP/1.1\r\nhost: m\r\ncontent-type: application/json\r\ncontent-length: 3\r\n\r\n{ } and more\r\n\r\n`,
  );
  expect(response).toMatch(/^HTTP\/1\.1 200 /);
  expect(response.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 501']);
});

test('it responds while 5,000 sockets are open and idle, and ends them when it is closed', async () => {
  const own = await startMock({ port: 0 });
  const sockets: Socket[] = [];
  // In batches, since a system lets only some hundred wait to be accepted.
  while (sockets.length < IDLE_SOCKETS) {
    const batch = Array.from({ length: Math.min(250, IDLE_SOCKETS - sockets.length) }, () =>
      connect(own.port, '127.0.0.1').on('error', () => undefined),
    );
    sockets.push(...batch);
    await Promise.all(batch.map((socket) => once(socket, 'connect')));
  }
  expect((await fetch(own.url + SESSION, { method: 'DELETE' })).status).toBe(200);
  expect(sockets.filter(({ readyState }) => readyState === 'open')).toHaveLength(IDLE_SOCKETS);
  // Those that were not accepted yet end with an error, which is an end as well.
  const ended = Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
  );
  await own.close();
  await ended;
});

test('this machine lets a process open enough files for that', () => {
  expect(
    IDLE_SOCKETS,
    `${OPEN_FILES} open files are too few for 5,000 sockets with both of their ends here: raise the limit (ulimit -n 11000)`,
  ).toBe(5000);
});

test('two mocks run side by side and know nothing of each other', async () => {
  await using other = await startMock({ port: 0, scenario: 500 });
  expect((await fetch(other.url + SESSION, { method: 'DELETE' })).status).toBe(500);
  expect((await close(SESSION)).status).toBe(200);
  expect(other.port).not.toBe(mock.port);
  expect(other.requests).toHaveLength(1);
});

test('a port that is taken rejects with EADDRINUSE', async () => {
  await expect(startMock({ port: mock.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

function close(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(mock.url + path, { method: 'DELETE', ...init });
}

/** Sends bytes, half-closes, and returns all that comes back. */
async function exchange(bytes: string, port = mock.port): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  socket.on('error', () => undefined);
  socket.end(Buffer.from(bytes, 'latin1'));
  await once(socket, 'close');
  return received;
}
