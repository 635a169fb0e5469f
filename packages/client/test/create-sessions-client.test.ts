import { createServer, type IncomingMessage } from 'node:http';
import { listen } from '@sql-sessions/testing/listen';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSessionsClient, RequestError, unwrap } from '../src/index.ts';
import { IDS, reasonOf } from './examples.ts';

const TOKEN = 'canary-0123456789';

let server: Awaited<ReturnType<typeof listen>>;
let baseUrl: string;
let requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
let reply: { status: number; headers?: Record<string, string>; body?: string };

beforeEach(async () => {
  requests = [];
  reply = { status: 200 };
  server = await listen(
    createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, headers, body });
      response.writeHead(reply.status, reply.headers).end(reply.body);
    }),
  );
  baseUrl = server.url;
});

afterEach(() => server[Symbol.asyncDispose]());

test('closes a session: one DELETE without a body, the token in its header only', async () => {
  const client = createSessionsClient({ baseUrl, token: TOKEN });
  const result = await client.closeSession(IDS);
  expect(result).toMatchObject({ ok: true, status: 200, httpStatus: 200, body: undefined });
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({
    method: 'DELETE',
    url: '/v1/workspaces/w-1/sessions/s-1',
    body: '',
  });
  expect(requests[0]?.headers['x-auth-token']).toBe(TOKEN);
  expect(requests[0]?.headers).not.toHaveProperty('content-type');
});

test.each([
  ['', '/v1/'],
  ['/', '/v1/'],
  ['/gate/way', '/gate/way/v1/'],
  ['/gate/way/', '/gate/way/v1/'],
])('base URL ending in "%s"', async (suffix, start) => {
  const client = createSessionsClient({ baseUrl: baseUrl + suffix });
  expect((await client.closeSession(IDS)).ok).toBe(true);
  expect(requests[0]?.url).toBe(`${start}workspaces/w-1/sessions/s-1`);
});

describe('nothing is sent for', () => {
  test.each([
    ['two dots', '..', 'a string of length 2'],
    ['one dot', '.', 'a string of length 1'],
    ['the empty string', '', 'a string of length 0'],
    ['37 characters', 'a'.repeat(37), 'a string of length 37'],
    ['a slash', 'a/b', 'a string of length 3'],
    ['an underscore', 'a_b', 'a string of length 3'],
    ['a trailing line break', 'ab\n', 'a string of length 3'],
    ['an encoded slash', 'a%2Fb', 'a string of length 5'],
    ['a number', 7, 'a number'],
    ['null', null, 'null'],
    ['a missing id', undefined, 'nothing'],
  ])('%s', async (_, id, found) => {
    const client = createSessionsClient({ baseUrl, token: TOKEN });
    for (const name of ['workspace_id', 'session_id']) {
      const call = client.closeSession({ ...IDS, [name]: id } as typeof IDS);
      await expect(call).rejects.toMatchObject({
        name: 'RequestError',
        kind: 'invalid-argument',
        attempts: 0,
        message: `closeSession: ${name} must be a string of 1 to 36 characters that matches ^[A-Za-z0-9-]+$; got ${found}. Nothing was sent.`,
      });
    }
    expect(requests).toEqual([]);
  });

  test('a base URL that is not one', () => {
    for (const bad of [
      'example.com',
      'ftp://example.com',
      'https://user:secret@example.com',
      'https://example.com/?a=1',
      'https://example.com/?',
      'https://example.com/#a',
    ]) {
      expect(() => createSessionsClient({ baseUrl: bad })).toThrow(RequestError);
      expect(() => createSessionsClient({ baseUrl: bad })).not.toThrow(/secret/);
    }
  });

  test('a token over http: to another host', () => {
    const options = { baseUrl: 'http://example.com', token: TOKEN };
    expect(() => createSessionsClient(options)).toThrow(/allowInsecureHttp/);
    expect(() => createSessionsClient({ ...options, allowInsecureHttp: true })).not.toThrow();
  });
});

test('responses are told apart by status', async () => {
  const client = createSessionsClient({ baseUrl });
  const json = { 'content-type': 'application/json' };
  reply = {
    status: 404,
    headers: { ...json, 'x-request-id': 'r-1' },
    body: '{"error_code":"common.01000001","error_msg":"gone"}',
  };
  const missing = await client.closeSession(IDS);
  expect(missing).toMatchObject({ ok: false, status: 404, requestId: 'r-1' });
  if (missing.status === 404) expect(missing.body.error_code.toUpperCase()).toBe('COMMON.01000001');

  reply = { status: 502, body: '<h1>Bad\n gateway</h1>' };
  expect(await client.closeSession(IDS)).toMatchObject({
    ok: false,
    status: 'unexpected',
    httpStatus: 502,
    reason: reasonOf(502, 'content-type'),
    snippet: '<h1>Bad gateway</h1>',
  });
  await expect(unwrap(client.closeSession(IDS))).rejects.toMatchObject({
    httpStatus: 502,
    code: '502',
  });
});

test('a redirect is refused', async () => {
  reply = { status: 307, headers: { location: `${baseUrl}/elsewhere` } };
  const client = createSessionsClient({ baseUrl, token: TOKEN });
  await expect(client.closeSession(IDS)).rejects.toMatchObject({ kind: 'redirect' });
  expect(requests).toHaveLength(1);
});
