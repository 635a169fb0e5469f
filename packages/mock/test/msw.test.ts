import { type Mock, startMock } from '@sql-sessions/mock';
import { createMockHandlers, type MockHandlers } from '@sql-sessions/mock/msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateRequest } from './support/generate-request.ts';
import { Random } from './support/random.ts';

const API = 'http://api.example';
const COUNT = 500;

let mock: Mock;
let msw: MockHandlers;
const server = setupServer();

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  msw = createMockHandlers({ baseUrl: API });
  server.use(...msw.handlers);
  server.listen({ onUnhandledFrame: 'bypass' });
});

afterAll(async () => {
  server.close();
  await mock.close();
});

/** What a page sees of a response. */
async function seen(base: string, path: string, init: RequestInit) {
  const response = await fetch(base + path, init);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    error: response.headers.get('x-mock-error'),
    allow: response.headers.get('allow'),
    body: await response.text(),
  };
}

async function expectSame(path: string, init: RequestInit) {
  const inPage = await seen(API, path, init);
  expect({ path, init, ...inPage }).toEqual({ path, init, ...(await seen(mock.url, path, init)) });
  return inPage;
}

test(`the handlers respond to ${COUNT} generated requests exactly as the server does`, {
  timeout: 180_000,
}, async () => {
  const random = new Random(408);
  const statuses = new Set<number>();
  for (let count = 0; count < COUNT; count += 1) {
    const { method, target, headers, body } = generateRequest(random, mock.contract);
    // At / the server has its panel.
    if (target.split('?')[0] === '/') continue;
    const bare = method === 'GET' || method === 'HEAD';
    const { status } = await expectSame(target, {
      method,
      headers,
      ...(body !== undefined && !bare && { body }),
    });
    statuses.add(status);
  }
  expect([...statuses]).toEqual(expect.arrayContaining([200, 404, 405, 422]));
  expect(statuses.size).toBeGreaterThan(7);
});

test('compressed bodies, bytes and forms are read as by the server', async () => {
  const gzip = async (text: string, format: 'gzip' | 'deflate') =>
    new Response(new Blob([text]).stream().pipeThrough(new CompressionStream(format))).bytes();
  const session = '/v1/workspaces/w/sessions/s';
  const typed = (body: BodyInit, headers: Record<string, string> = {}) =>
    expectSame(session, {
      method: 'DELETE',
      body,
      headers: { 'content-type': 'application/json', 'x-auth-token': 't', ...headers },
    });
  for (const format of ['gzip', 'deflate'] as const) {
    const headers = { 'content-encoding': format };
    expect((await typed(await gzip('{ }', format), headers)).status).toBe(200);
    expect((await typed(await gzip('[1]', format), headers)).status).toBe(400);
    expect((await typed('{ }', headers)).body).toContain('error_code');
    const bomb = await gzip(`"${'a'.repeat(11 * 1024 * 1024)}"`, format);
    expect((await typed(bomb, headers)).status).toBe(400);
  }
  expect((await typed('{ }', { 'content-encoding': 'identity' })).status).toBe(200);
  // The contract documents 400 and no 415.
  expect((await typed('{ }', { 'content-encoding': 'br' })).status).toBe(400);
  expect(mock.requests.at(-1)?.reasons.join()).toContain(
    'Request body in the content coding br; the mock decodes gzip and deflate',
  );
  expect((await typed(Uint8Array.of(0xff, 0xfe))).status).toBe(400);
});

test('scenarios, state and the strict token are played as by the server', async () => {
  const close = (session: string, headers: Record<string, string> = {}) =>
    expectSame(`/v1/workspaces/w/sessions/${session}`, { method: 'DELETE', headers });
  const both = (change: (each: Pick<Mock, 'scenario' | 'settings' | 'reset'>) => void) => {
    change(mock);
    change(msw);
  };
  both((each) => each.scenario([408, 'NotFound', 200]));
  expect(
    [await close('s'), await close('s'), await close('s')].map(({ status }) => status),
  ).toEqual([408, 404, 200]);
  both((each) =>
    each.scenario({ steps: 'html502', params: { session_id: 'gone' }, after: 'normal' }),
  );
  expect((await close('gone')).body).toContain('502 Bad Gateway');
  both((each) => each.scenario({ steps: { status: 429, headers: { 'x-a': '✓' }, body: 'x' } }));
  expect(await close('s')).toMatchObject({ status: 429, type: 'text/plain', body: 'x' });
  both((each) => each.reset());
  both((each) => each.settings({ stateful: true, strictToken: true }));
  expect((await close('s-1')).status).toBe(401);
  expect((await close('s-1', { 'x-auth-token': 't' })).status).toBe(200);
  expect((await close('s-1', { 'x-auth-token': 't' })).status).toBe(404);
  both((each) => each.reset());
  expect((await close('s-1')).status).toBe(200);
  expect(() => msw.scenario(999)).toThrow(/404 \(NotFound/);
});

test('faults break the call', async () => {
  const close = () => fetch(`${API}/v1/workspaces/w/sessions/s`, { method: 'DELETE' });
  msw.scenario(['reset', 'truncate']);
  await expect(close()).rejects.toThrow();
  await expect(close().then((half) => half.text())).rejects.toThrow();
  msw.reset();
});

test('a body that is made up is the server’s alone, and said to be', async () => {
  const init = { method: 'DELETE', headers: { prefer: 'code=404, dynamic=true' } };
  const path = '/v1/workspaces/w/sessions/s';
  expect((await fetch(mock.url + path, init)).status).toBe(404);
  const response = await fetch(API + path, init);
  expect([response.status, response.headers.get('x-mock-error')]).toEqual([501, 'not-in-msw']);
  expect(await response.json()).toMatchObject({ detail: expect.stringContaining('server only') });
});

test('without a baseUrl, the contract’s paths get a response on any host and nothing else does', async () => {
  const any = createMockHandlers({ scenario: 403 });
  server.resetHandlers(...any.handlers);
  const init = { method: 'DELETE' };
  expect((await fetch('http://other.example/v1/workspaces/w/sessions/s', init)).status).toBe(403);
  // Not for the handlers: it reaches the real server.
  expect((await fetch(`${mock.url}/__mock/state`)).status).toBe(200);
});

test('the base URL may be a path of the page, and another one is refused in words', async () => {
  const { handlers } = createMockHandlers({ baseUrl: '/api' });
  expect(handlers).toHaveLength(1);
  for (const baseUrl of ['api.example', 'https://api.example/v1?a=b', '/api#a'])
    expect(() => createMockHandlers({ baseUrl })).toThrow(/must be a URL such as/);
});

test('the latency ends with the call', async () => {
  const slow = createMockHandlers({ baseUrl: API, latency: 60_000 });
  server.resetHandlers(...slow.handlers);
  const stop = new AbortController();
  const call = fetch(`${API}/v1/workspaces/w/sessions/s`, {
    method: 'DELETE',
    signal: stop.signal,
  });
  stop.abort();
  await expect(call).rejects.toThrow(/abort/);
});
