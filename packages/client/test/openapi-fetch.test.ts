import { beforeAll, describe, expect, expectTypeOf, test, vi } from 'vitest';
import type { ClientOptions, Success } from '../src/index.ts';
import { createFetchClient } from '../src/openapi-fetch.ts';
import { CANARY, documented, ERRORS, IDS } from './examples.ts';
import { type Fault, playFaults } from './fault-server.ts';

const PATH = '/v1/workspaces/{workspace_id}/sessions/{session_id}';
const BASE = 'https://sql.example.com';
const params = { path: IDS };

beforeAll(() => void vi.spyOn(Math, 'random').mockReturnValue(0));

/** Closes a session on a service that does what the script says; gives what came of it, and what was seen. */
async function close(script: Fault[], init: object = {}, options: Partial<ClientOptions> = {}) {
  await using server = await playFaults(script);
  const client = createFetchClient({ baseUrl: server.baseUrl, token: CANARY, ...options });
  const result = await client.DELETE(PATH, { params, ...init });
  return { ...result, requests: server.requests };
}

test('is openapi-fetch on the paths of the contract, with the token in its header', async () => {
  await using server = await playFaults([documented(404)]);
  const client = createFetchClient({ baseUrl: `${server.baseUrl}/gate/`, token: () => CANARY });
  const { data, error, response } = await client.DELETE(PATH, { params });
  expectTypeOf(data).toEqualTypeOf<Success<'closeSession'>['body']>();
  expect(error).toEqual(ERRORS[404]);
  expect(response.status).toBe(404);
  expect(server.requests[0]).toMatchObject({
    url: '/gate/v1/workspaces/w-1/sessions/s-1',
    headers: { 'x-auth-token': CANARY },
  });
});

test('the types are those of the contract', () => {
  const client = createFetchClient({ baseUrl: BASE, fetch: () => expect.unreachable() });
  // @ts-expect-error session_id is missing
  const missing = () => client.DELETE(PATH, { params: { path: { workspace_id: 'w' } } });
  // @ts-expect-error there is no such path
  const unknown = () => client.DELETE('/v1/nothing', {});
  expect([missing, unknown]).toHaveLength(2);
});

describe('the same promises', () => {
  test('retries, and a fresh token', async () => {
    expect((await close([{ status: 503 }, 'reset', { status: 200 }])).response.status).toBe(200);
    const token = vi.fn(({ fresh }: { fresh: boolean }) => (fresh ? `${CANARY}2` : CANARY));
    const { requests } = await close([documented(401), { status: 200 }], {}, { token });
    expect(requests.map(({ headers }) => headers['x-auth-token'])).toEqual([CANARY, `${CANARY}2`]);
  });

  test('limits of the client and of the call', async () => {
    const fetch = () => new Promise<never>(() => undefined);
    const client = createFetchClient({ baseUrl: BASE, fetch, maxAttempts: 1, timeout: 5 });
    await expect(client.DELETE(PATH, { params })).rejects.toMatchObject({ kind: 'timeout' });
    await expect(client.DELETE(PATH, { params, deadline: 3 })).rejects.toMatchObject({
      kind: 'deadline',
    });
    const signal = AbortSignal.abort('enough');
    await expect(client.DELETE(PATH, { params, signal })).rejects.toMatchObject({
      kind: 'aborted',
      attempts: 0,
      cause: 'enough',
    });
  });

  test.each([
    [{ path: { ...IDS, session_id: '..' } }, 'session_id must be a string of 1 to 36'],
    [{ path: { ...IDS, session_id: 7 } }, 'got a number'],
    [{ path: { workspace_id: 'w' } }, 'session_id must be'],
    [{}, 'workspace_id must be'],
    [
      { path: { ...IDS, sesion_id: 's' } },
      'unknown path parameter "sesion_id"; did you mean session_id?',
    ],
    [{ path: IDS, query: { a: 1 } }, 'unknown query parameter "a"'],
    [{ paths: IDS }, 'unknown place of parameters "paths"; did you mean path?'],
  ])('parameters are checked: %o', async (given, message) => {
    const client = createFetchClient({ baseUrl: BASE, fetch: () => expect.unreachable() });
    await expect(client.DELETE(PATH, { params: given as typeof params })).rejects.toMatchObject({
      kind: 'invalid-argument',
      message: expect.stringContaining(message),
    });
  });

  test('what is not in the contract is not sent', async () => {
    const client = createFetchClient({ baseUrl: BASE, fetch: () => expect.unreachable() });
    await expect(client.request('purge' as 'delete', PATH, { params })).rejects.toThrow(
      `The contract has no operation purge ${PATH}`,
    );
    await expect(client.DELETE('/v1/other' as typeof PATH, { params })).rejects.toThrow(
      'no operation',
    );
  });

  test.each([301, 302, 303, 307, 308])('a %i is not followed', async (status) => {
    await using other = await playFaults([]);
    await expect(close([{ redirectTo: other.baseUrl, status }])).rejects.toMatchObject({
      kind: 'redirect',
    });
    expect(other.requests).toEqual([]);
  });

  test.each<[string, Fault, object]>([
    [
      'a page for a success',
      { html: 200 },
      { kind: 'unusable-response', message: expect.stringContaining('content-type') },
    ],
    ['an error that breaks off', { resetAfterHeaders: 404 }, { kind: 'unusable-response' }],
    [
      'an error that is too large',
      { status: 404, body: 'x'.repeat(65_537) },
      { kind: 'unusable-response' },
    ],
  ])('%s is no result', async (_, fault, expected) => {
    await expect(close([fault], { maxAttempts: 1 })).rejects.toMatchObject(expected);
  });

  test.each<[string, Fault, unknown]>([
    ['an empty 500', { status: 500 }, '500 Internal Server Error'],
    ['a bare 408', 'bare 408', '408 Request Time-out'],
    ['a 304', { status: 304 }, '304 Not Modified'],
    ['a page of a gateway', { html: 502 }, '<html>\n<h1>Bad gateway</h1></html>'],
  ])('%s has an error that is not empty', async (_, fault, error) => {
    const result = await close([fault], { maxAttempts: 1 });
    expect(result.error).toEqual(error);
  });

  test.each<[string, number, string, object]>([
    ['a status that HTTP does not have', 999, 'no', { kind: 'unusable-response', attempts: 1 }],
    ['the first of them', 600, '', { kind: 'unusable-response', attempts: 1 }],
    [
      'a phrase that is not Latin-1',
      404,
      '\u672a\u627e\u5230 caf\u00e9',
      { error: '404  caf\u00e9' },
    ],
    ['a phrase with the token', 401, `bad ${CANARY}`, { error: '401 bad [token]' }],
  ])('%s', async (_, status, statusText, expected) => {
    const fetch = async () => ({ status, statusText, headers: new Headers(), body: null });
    const client = createFetchClient({ baseUrl: BASE, token: CANARY, fetch, maxAttempts: 1 });
    const result = await client.DELETE(PATH, { params }).catch((error: unknown) => error);
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  test.each<[string, object | null, string]>([
    ['no init', null, 'workspace_id must be'],
    ['no params', { params: null }, 'workspace_id must be'],
    [
      'a header beyond ASCII',
      { params, headers: { 'x-a': '\u010d' } },
      'headers must be visible ASCII',
    ],
  ])('%s is refused in a sentence', async (_, init, message) => {
    const client = createFetchClient({ baseUrl: BASE, fetch: () => expect.unreachable() });
    await expect(client.DELETE(PATH, init as never)).rejects.toMatchObject({
      kind: 'invalid-argument',
      message: expect.stringContaining(message),
    });
  });

  test.each<[string, object]>([
    [
      'in other letters and with a parameter',
      { 'Content-Type': 'Application/JSON; charset=utf-8' },
    ],
    ['undefined', { 'Content-Type': undefined }],
    ['null', { 'content-type': null }],
  ])('the type of the body may be %s', async (_, headers) => {
    const { requests } = await close([{ status: 200 }], { body: {}, headers });
    expect(requests[0]).toMatchObject({
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
  });

  test('the token is nowhere else', async () => {
    const echo = { ...ERRORS[403], title: CANARY };
    const { error, response } = await close([
      { status: 403, headers: { 'x-echo': CANARY }, body: echo },
    ]);
    expect(JSON.stringify([error, ...response.headers])).not.toContain(CANARY);
    expect(error).toMatchObject({ title: '[token]' });
  });
});

describe('nothing per call gets round it', () => {
  const fetch = vi.fn(async () => new Response());
  test.each<[string, object]>([
    ['fetch', { fetch }],
    ['Request', { Request: class {} }],
    ['baseUrl', { baseUrl: 'https://evil.example.com' }],
    ['redirect', { redirect: 'follow' }],
    ['pathSerializer', { pathSerializer: () => '/evil' }],
    ['querySerializer', { querySerializer: () => 'a=b' }],
    ['bodySerializer', { bodySerializer: () => 'evil' }],
    ['method', { method: 'GET' }],
    ['dispatcher', { dispatcher: {} }],
  ])('%s', async (name, init) => {
    const client = createFetchClient({ baseUrl: BASE, token: CANARY, fetch });
    const call = client.DELETE(PATH, { params, ...init } as { params: typeof params });
    await expect(call).rejects.toMatchObject({
      kind: 'invalid-argument',
      message: expect.stringContaining(`"${name}"`),
    });
    expect(fetch).not.toHaveBeenCalled();
  });

  const changes: [string, (request: Request) => unknown][] = [
    ['a request to another service', () => new Request('https://evil.example.com/')],
    ['another path', ({ url }) => new Request(url.replace('s-1', 's-2'), { method: 'DELETE' })],
    ['another method', ({ url }) => new Request(url, { method: 'POST' })],
    [
      'a URL that is set',
      (request) => void Object.assign(request, { url: 'https://evil.example.com/' }),
    ],
    ['a method that is set', (request) => void Object.assign(request, { method: 'POST' })],
    ['the header of the token', (request) => request.headers.set('X-Auth-Token', 'mine')],
  ];
  test.each(changes)('middleware with %s', async (_, onRequest) => {
    for (const perCall of [true, false]) {
      const client = createFetchClient({ baseUrl: BASE, token: CANARY, fetch });
      const middleware = {
        onRequest: ({ request }: { request: Request }) => onRequest(request) as undefined,
      };
      if (!perCall) client.use(middleware);
      const call = client.DELETE(PATH, { params, ...(perCall && { middleware: [middleware] }) });
      await expect(call).rejects.toMatchObject({ kind: 'invalid-argument' });
    }
    expect(fetch).not.toHaveBeenCalled();
  });

  test('what middleware sets is not an option of fetch', async () => {
    const seen = vi.fn(async (_url: string, _init: object) => new Response());
    const client = createFetchClient({ baseUrl: BASE, fetch: seen });
    const evil = { body: '{"evil":1}', dispatcher: {}, agent: {}, cache: 'reload' };
    client.use({ onRequest: ({ request }) => void Object.assign(request, evil) });
    await client.DELETE(PATH, { params, cache: 'no-store' });
    expect(Object.keys(seen.mock.calls[0]?.[1] ?? {}).sort()).toEqual([
      'cache',
      'headers',
      'method',
      'redirect',
      'signal',
    ]);
    expect(seen.mock.calls[0]?.[1]).toMatchObject({ cache: 'no-store' });
  });

  test('a body that middleware sets is not sent', async () => {
    await using server = await playFaults([{ status: 200 }]);
    const client = createFetchClient({ baseUrl: server.baseUrl });
    client.use({ onRequest: ({ request }) => void Object.assign(request, { body: '{"evil":1}' }) });
    await client.DELETE(PATH, { params, body: {} });
    expect(server.requests[0]?.body).toBe('{}');
  });
});

describe('what middleware is for', () => {
  test('headers, of a request that is changed or made anew', async () => {
    const { requests } = await close([{ status: 200 }], {
      headers: { 'x-call': 'c' },
      middleware: [
        { onRequest: ({ request }: { request: Request }) => request.headers.set('x-one', '1') },
        {
          onRequest: ({ request }: { request: Request }) =>
            new Request(request.url, {
              method: request.method,
              headers: { ...Object.fromEntries(request.headers), 'x-two': '2' },
            }),
        },
      ],
    });
    expect(requests[0]?.headers).toMatchObject({
      'x-call': 'c',
      'x-one': '1',
      'x-two': '2',
      'x-auth-token': CANARY,
    });
  });

  test('a response of its own, and a look at the one that came', async () => {
    const seen: number[] = [];
    const client = createFetchClient({ baseUrl: BASE, fetch: () => expect.unreachable() });
    const cache = { onRequest: () => new Response('{}', { status: 200 }) };
    const look = {
      onResponse: ({ response }: { response: Response }) => void seen.push(response.status),
    };
    client.use(look);
    expect((await client.DELETE(PATH, { params, middleware: [cache] })).response.status).toBe(200);
    client.eject(look);
    const own = createFetchClient({ baseUrl: BASE, fetch: async () => new Response() });
    own.use(look);
    await own.DELETE(PATH, { params });
    expect(seen).toEqual([200]);
  });
});

test('refuses the same base URLs, tokens and options', () => {
  expect(() => createFetchClient({ baseUrl: 'http://sql.example.com', token: CANARY })).toThrow(
    'https:',
  );
  expect(() => createFetchClient({ baseUrl: 'ftp://sql.example.com' })).toThrow('https://');
  expect(() => createFetchClient({ baseUrl: BASE, token: 'a b' })).toThrow('token');
  expect(() => createFetchClient({ baseUrl: BASE, retries: 1 } as ClientOptions)).toThrow(
    'unknown option',
  );
});
