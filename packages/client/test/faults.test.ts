import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { listen } from '@sql-sessions/testing/listen';
import { describe, expect, test, vi } from 'vitest';
import {
  type ClientOptions,
  createSessionsClient,
  isRequestError,
  type RequestError,
  type TokenProvider,
  unwrap,
} from '../src/index.ts';
import { createAnyClient, rowOf } from './contracts.ts';
import { CANARY, CLOSE, documented, ERRORS, IDS } from './examples.ts';
import { playFaults } from './fault-server.ts';

const BASE = 'https://sql.example.com';

/** Closes a session with a `fetch` of the test, once; resolves to whatever comes of it. */
async function close(fetch: ClientOptions['fetch'], options: Partial<ClientOptions> = {}) {
  const client = createSessionsClient({ baseUrl: BASE, fetch, ...options });
  return await client.closeSession(IDS).catch((error: RequestError) => error);
}

describe('a fetch of the caller', () => {
  test('is called with the URL as text and plain options', async () => {
    const fetch = vi.fn(async () => new Response());
    await close(fetch, { token: CANARY, headers: { 'X-Project': 'p-1' } });
    expect(fetch.mock.calls).toEqual([
      [
        `${BASE}/v1/workspaces/w-1/sessions/s-1`,
        {
          method: 'DELETE',
          headers: { accept: CLOSE.accept, 'x-project': 'p-1', 'x-auth-token': CANARY },
          redirect: 'manual',
          signal: expect.any(AbortSignal),
        },
      ],
    ]);
  });

  test.each<[string, () => unknown]>([
    ['resolves to nothing', async () => undefined],
    ['resolves to null', async () => null],
    ['resolves to an object', async () => ({ ok: true })],
    ['resolves to a response without headers', async () => ({ status: 200 })],
    ['has a mistake', async () => (undefined as unknown as { a: { b: 1 } }).a.b],
    ['throws one at once', () => (undefined as unknown as () => void)()],
    ['uses a name that is not there', () => Promise.reject(new ReferenceError('x is not defined'))],
    [
      'gives a body that cannot be read',
      async () => ({
        status: 200,
        headers: new Headers(),
        get body() {
          throw new Error('no body');
        },
      }),
    ],
  ])('that %s is called once, and blamed', async (_, respond) => {
    const fetch = vi.fn(respond) as unknown as ClientOptions['fetch'];
    const error = await close(fetch);
    expect(error).toMatchObject({ kind: 'fetch', attempts: 1, cause: expect.any(Error) });
    expect(fetch).toHaveBeenCalledOnce();
  });

  test.each([undefined, null, 7, 'no', Symbol('no'), { toString: 7 }, Object.create(null)])(
    'that rejects with an odd value ends at once, without a timer',
    async (reason) => {
      vi.useFakeTimers();
      try {
        const error = await close(() => Promise.reject(reason), { maxAttempts: 1 });
        expect(error).toMatchObject({ kind: 'connection', attempts: 1 });
        expect(vi.getTimerCount()).toBe(0);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  test.each<[string, (text: string) => unknown]>([
    [
      'a stream of Node',
      (text) => Readable.from([Buffer.from(text.slice(0, 9)), Buffer.from(text.slice(9))]),
    ],
    ['a stream of texts', (text) => Readable.from([text.slice(0, 9), '', text.slice(9)])],
    ['one text', (text) => Readable.from([text])],
    ['a stream of ArrayBuffers', (text) => Readable.from([new TextEncoder().encode(text).buffer])],
    ['no stream at all', () => undefined],
  ])('may give %s for a body', async (_, body) => {
    const text = JSON.stringify(ERRORS[404]);
    const fetch = vi.fn(async () => ({
      status: 404,
      headers: new Headers({ 'content-type': 'application/json' }),
      body: body(text),
      text: async () => text,
    }));
    expect(await close(fetch)).toMatchObject({ status: 404, body: ERRORS[404] });
    expect(fetch).toHaveBeenCalledOnce();
  });

  test.each<[string, object]>([
    ['nobody needs it', { status: 200 }],
    ['it stalls', { status: 404 }],
    ['it belongs to a redirect', { status: 302 }],
  ])('may give a stream of Node, which is destroyed where %s', async (_, response) => {
    const body = new Readable({ read: () => undefined });
    const headers = new Headers({ 'content-type': 'application/json' });
    await close(async () => ({ headers, body, ...response }), { timeout: 5, maxAttempts: 1 });
    expect(body.destroyed).toBe(true);
  });

  test('that gives a body which somebody else reads is blamed, and leaves no timer', async () => {
    vi.useFakeTimers();
    try {
      const error = await close(async () => {
        const response = new Response('x');
        response.body?.getReader();
        return response;
      });
      expect(error).toMatchObject({ kind: 'fetch' });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('that resolves to the error of a network has no response', async () => {
    const fetch = async () => Response.error();
    expect(await close(fetch, { maxAttempts: 1 })).toMatchObject({ kind: 'connection' });
  });

  test('all values of a header are in the result', async () => {
    const headers = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    expect(await close(async () => new Response(null, { headers }))).toMatchObject({
      headers: { 'set-cookie': 'a=1, b=2' },
    });
  });

  test.each<[string, object]>([
    ['says so', { redirected: true }],
    ['says where it got to', { url: 'https://elsewhere.example.com/login' }],
  ])('that has followed a redirect and %s', async (_, seen) => {
    const response = { status: 200, headers: new Headers(), body: null, ...seen };
    expect(await close(async () => response)).toMatchObject({ kind: 'redirect', attempts: 1 });
  });

  test('in a browser a redirect is opaque, and the error says so', async () => {
    const response = { type: 'opaqueredirect', status: 0, headers: new Headers(), body: null };
    expect(await close(async () => response)).toMatchObject({
      kind: 'redirect',
      cause: { message: expect.stringContaining('hides redirects') },
    });
  });
});

describe('what kept a request from its response is found by codes and shapes', () => {
  const failed = (cause: object) =>
    Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), cause) });
  test.each<[string, unknown, boolean]>([
    ['refused', failed({ code: 'ECONNREFUSED' }), false],
    ['refused', failed({ errors: [{ code: 'ECONNREFUSED', message: '' }] }), false],
    ['refused', Object.assign(new Error('no'), { code: 'ConnectionRefused' }), false],
    ['dns', failed({ code: 'ENOTFOUND' }), false],
    ['dns', failed({ code: 'EAI_AGAIN' }), false],
    [
      'certificate',
      failed({
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
        message: "Host: a. is not in the cert's altnames: DNS:b",
      }),
      false,
    ],
    ['certificate', failed({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), false],
    ['certificate', failed({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), false],
    ['certificate', failed({ code: 'CERT_HAS_EXPIRED' }), false],
    ['certificate', failed({ code: 'INVALID_PURPOSE' }), false],
    ['certificate', failed({ code: 'INVALID_CA' }), false],
    ['certificate', failed({ code: 'PATH_LENGTH_EXCEEDED' }), false],
    ['certificate', failed({ code: 'HOSTNAME_MISMATCH' }), false],
    ['certificate', failed({ code: 'CRL_HAS_EXPIRED' }), false],
    ['certificate', failed({ code: 'ERROR_IN_CRL_LAST_UPDATE_FIELD' }), false],
    ['certificate', failed({ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }), false],
    ['reset', failed({ code: 'ECONNRESET' }), true],
    ['reset', failed({ code: 'UND_ERR_SOCKET' }), true],
    ['connection', failed({ code: 'ETIMEDOUT' }), true],
    ['connection', failed({ code: 'HPE_INVALID_CONSTANT' }), true],
    ['connection', new TypeError('Failed to fetch'), true],
    ['connection', new TypeError('the socket of the dns was refused'), true],
    // Jest runs tests in a realm of their own, where no error is an instance of the Error outside.
    [
      'refused',
      runInNewContext(
        "Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) })",
      ),
      false,
    ],
  ])('%s: %o', async (kind, error, maybeCarriedOut) => {
    const fetch = () => Promise.reject(error);
    expect(await close(fetch, { maxAttempts: 1 })).toMatchObject({ kind, maybeCarriedOut });
  });

  test('a chain of causes that is a circle', async () => {
    const error = new Error('round');
    error.cause = error;
    expect(await close(() => Promise.reject(error), { maxAttempts: 1 })).toMatchObject({
      kind: 'connection',
    });
  });
});

describe('messages are true', () => {
  test.each<[Partial<ClientOptions>, string]>([
    [{ token: () => Promise.reject(new Error('no')) }, 'It was not carried out.'],
    [{ token: () => new Promise(() => undefined), deadline: 5 }, 'It was not carried out.'],
    [
      { fetch: () => new Promise(() => undefined), timeout: 5, maxAttempts: 1 },
      'It may have been carried out.',
    ],
  ])('%o', async (options, said) => {
    expect((await close(undefined, options)) as RequestError).toMatchObject({
      message: expect.stringContaining(said),
    });
  });

  test('after a 429 and an abort nothing was carried out', async () => {
    const controller = new AbortController();
    const client = createSessionsClient({
      baseUrl: BASE,
      fetch: async () => new Response(null, { status: 429, headers: { 'retry-after': '9' } }),
      onEvent: ({ type }) => type === 'wait' && controller.abort(),
    });
    await expect(client.closeSession(IDS, { signal: controller.signal })).rejects.toMatchObject({
      kind: 'aborted',
      attempts: 1,
      maybeCarriedOut: false,
    });
  });

  test('an error_code of any kind can be unwrapped', async () => {
    for (const code of [{ a: 1 }, null, [1], true, Object.create(null)]) {
      const body = JSON.stringify({ error_code: code, error_msg: { no: 'text' } });
      const fetch = async () =>
        new Response(body, { status: 404, headers: { 'content-type': 'application/json' } });
      const result = await createSessionsClient({ baseUrl: BASE, fetch }).closeSession(IDS);
      await expect(unwrap(result)).rejects.toMatchObject({
        code: '404',
        message: 'DELETE /v1/workspaces/w-1/sessions/s-1 responded 404',
      });
    }
  });
});

describe('options', () => {
  test('a controller is not a signal', async () => {
    const client = createSessionsClient({ baseUrl: BASE, fetch: () => expect.unreachable() });
    const signal = new AbortController() as unknown as AbortSignal;
    await expect(client.closeSession(IDS, { signal })).rejects.toMatchObject({
      kind: 'invalid-argument',
      message: expect.stringContaining('not the controller'),
    });
  });

  test.each([null, 7, ''])('the token %o is refused in a sentence', (token) => {
    const options = { baseUrl: BASE, token: token as unknown as string };
    expect(() => createSessionsClient(options)).toThrow(/^token( must be|: unknown)/);
  });

  test.each([{ fetch: {} }, { onEvent: 'log' }])('%o is refused', (option) => {
    expect(() => createSessionsClient({ baseUrl: BASE, ...(option as object) })).toThrow(
      /^(fetch|onEvent) must be a function\.$/,
    );
  });

  test('a listener whose promise rejects changes nothing', async () => {
    const rejections = vi.fn();
    process.on('unhandledRejection', rejections);
    const onEvent = async () => {
      throw new Error('no');
    };
    expect(await close(async () => new Response(), { onEvent })).toMatchObject({ ok: true });
    await new Promise(setImmediate);
    process.off('unhandledRejection', rejections);
    expect(rejections).not.toHaveBeenCalled();
  });

  test("headers: the token's own name is refused, in any case and anywhere", async () => {
    for (const name of ['X-Auth-Token', 'x-auth-token', 'Content-Type', 'Accept']) {
      const headers = { [name]: 'x' };
      expect(() => createSessionsClient({ baseUrl: BASE, headers })).toThrow(
        'headers must not have',
      );
      const client = createSessionsClient({ baseUrl: BASE, fetch: () => expect.unreachable() });
      await expect(client.closeSession(IDS, { headers })).rejects.toMatchObject({
        kind: 'invalid-argument',
      });
    }
    for (const headers of [{ 'a b': 'x' }, { a: 'x\r\ny: z' }, { a: 7 as unknown as string }]) {
      expect(() => createSessionsClient({ baseUrl: BASE, headers })).toThrow(/^headers: /);
    }
  });
});

test.each<[string, ClientOptions['headers']]>([
  ['Headers', new Headers({ 'X-Project': 'p-1' })],
  ['a Map', new Map([['X-Project', 'p-1']])],
  ['pairs', [['X-Project', 'p-1']]],
])('headers may be %s', async (_, headers) => {
  const fetch = vi.fn<NonNullable<ClientOptions['fetch']>>(async () => new Response());
  await close(fetch, { headers });
  expect(fetch.mock.calls[0]?.[1].headers).toMatchObject({ 'x-project': 'p-1' });
});

describe('a body that nobody needs', () => {
  test('in a second packet does not cost its connection', async () => {
    const sockets = new Set<Socket>();
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"closed":');
      setImmediate(() => response.end('true}'));
    });
    server.on('connection', (socket) => sockets.add(socket));
    await using listening = await listen(server);
    const client = createSessionsClient({ baseUrl: listening.url });
    for (let call = 0; call < 30; call++) {
      expect(await client.closeSession(IDS)).toMatchObject({ ok: true });
    }
    // One that is cancelled instead costs its connection each time: 30 and more.
    expect(sockets.size).toBeLessThan(10);
  });

  test('that never ends is given up', async () => {
    let open = true;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(16_384)),
      cancel: () => {
        open = false;
      },
    });
    expect(await close(async () => new Response(endless))).toMatchObject({ ok: true });
    expect(open).toBe(false);
  });
});

describe('tokens', () => {
  test('thirty calls with one stale token ask for one fresh one', async () => {
    let current = 'stale-token-1';
    const token = vi.fn<TokenProvider>(async ({ fresh }) => {
      if (fresh) current = 'fresh-token-2';
      const mine = current;
      await new Promise(setImmediate);
      return mine;
    });
    const fetch: ClientOptions['fetch'] = async (_, { headers }) => {
      // Refusals come at different times.
      for (let turn = Math.random() * 20; turn > 0; turn--) await new Promise(setImmediate);
      return new Response(null, {
        status: headers['x-auth-token'] === 'fresh-token-2' ? 200 : 401,
      });
    };
    const client = createSessionsClient({ baseUrl: BASE, token, fetch });
    const results = await Promise.all(Array.from({ length: 30 }, () => client.closeSession(IDS)));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(token.mock.calls.filter(([{ fresh }]) => fresh)).toHaveLength(1);
  });

  test('a provider that hangs once does not block the calls that come later, and is told', async () => {
    vi.useFakeTimers();
    try {
      const signals: AbortSignal[] = [];
      const token: TokenProvider = ({ signal }) => {
        signals.push(signal);
        return signals.length === 1 ? new Promise(() => undefined) : 'good-token-1';
      };
      const client = createSessionsClient({
        baseUrl: BASE,
        token,
        timeout: 1000,
        fetch: async () => new Response(),
      });
      const first = client.closeSession(IDS).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(600);
      const second = client.closeSession(IDS).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(600);
      expect(await first).toMatchObject({
        kind: 'token',
        attempts: 0,
        cause: { message: 'no token within 1000 ms' },
      });
      // The one that hangs is older than the timeout: nobody joins it any more.
      expect(await client.closeSession(IDS)).toMatchObject({ ok: true });
      await vi.advanceTimersByTimeAsync(600);
      expect(await second).toMatchObject({ kind: 'token' });
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  const QUOTED = 'q"uo\\te/d-0123456789';
  test.each<[string, string, string]>([
    ['cut in the middle', CANARY, `${'x'.repeat(20)}${CANARY.slice(0, 12)}`],
    ['cut in the middle, in a URL', QUOTED, encodeURIComponent(QUOTED).slice(0, -1)],
    ['cut in what a URL escapes', QUOTED, encodeURIComponent(QUOTED).slice(0, 15)],
    [
      'cut in what JSON escapes',
      QUOTED,
      JSON.stringify(QUOTED).replace('/', '\\u002f').slice(0, 13),
    ],
    ['with escaped quotes', QUOTED, JSON.stringify({ token: QUOTED })],
    ['with escaped slashes', QUOTED, JSON.stringify({ token: QUOTED }).replaceAll('/', '\\/')],
    ['in a URL', QUOTED, `<a href="/?t=${encodeURIComponent(QUOTED)}">`],
    ['in HTML', QUOTED, `<p>${QUOTED.replaceAll('"', '&quot;')}</p>`],
    [
      'as numbers of HTML',
      QUOTED,
      `<p>${QUOTED.replaceAll('"', '&#34;').replaceAll('/', '&#x2F;')}</p>`,
    ],
    [
      'as units of JSON',
      QUOTED,
      `{"a":"${QUOTED.replace(/["\\]/g, (unit) => `\\u00${unit.charCodeAt(0).toString(16)}`)}"`,
    ],
  ])('%s in a snippet', async (_, token, body) => {
    const fetch = async () => new Response(body, { status: 502 });
    const result = await close(fetch, { token, maxAttempts: 1 });
    expect(result).toMatchObject({ snippet: expect.stringContaining('[token]') });
    for (const piece of [token.slice(0, 6), token.slice(-8), token.slice(-8, -2), 'uo']) {
      expect(JSON.stringify(result)).not.toContain(piece);
    }
  });

  test('a token of 16 kB, beside what could be escaped', async () => {
    const token = `canary-${'0123456789abcdef'.repeat(1000)}`;
    const link = `<https://a.example/?t=${token}&b=%2F>`;
    const fetch = async () =>
      new Response(`&amp; ${token} and more`, { status: 502, headers: { link } });
    const result = await close(fetch, { token, maxAttempts: 1 });
    expect(result).toMatchObject({
      httpStatus: 502,
      headers: { link: expect.stringContaining('[token]') },
    });
    expect(JSON.stringify(result)).not.toContain('0123456789abcdef');
    expect(result).toMatchObject({ snippet: expect.stringMatching(/^&amp; \[token\] and more$/) });
  });

  const json = { 'content-type': 'application/json' };
  test.each<[string, () => unknown]>([
    [
      'in a URL in a body',
      () =>
        Response.json(
          { ...ERRORS[404], '%65': `/?t=${encodeURIComponent(QUOTED)}` },
          { status: 404 },
        ),
    ],
    [
      'in HTML in a body',
      () => Response.json({ ...ERRORS[404], a: QUOTED.replace('"', '&quot;') }, { status: 404 }),
    ],
    [
      'in a URL in a header',
      () => new Response(null, { headers: { link: `</?t=${encodeURIComponent(QUOTED)}>` } }),
    ],
    [
      'in a URL in a cause',
      () => Promise.reject(new Error(`GET /?t=${encodeURIComponent(QUOTED)}`)),
    ],
    [
      'in a body that is too deep to look through',
      () =>
        new Response(
          `{"error_code":"a","error_msg":${JSON.stringify(QUOTED)},"d":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
          { status: 404, headers: json },
        ),
    ],
  ])('%s', async (_, respond) => {
    const result = await close(async () => respond(), { token: QUOTED, maxAttempts: 1 });
    const { cause } = result as RequestError;
    const printed = JSON.stringify([result, (cause as Error | undefined)?.message]);
    expect(printed).toContain('[token]');
    expect(printed).not.toContain('0123');
    expect(result).not.toMatchObject({ kind: 'fetch' });
  });

  test('a word is not a secret, and data of the caller stays as it is', async () => {
    const body = { id: 'workspace', name: 'my workspace' };
    const client = createAnyClient(
      {
        op: rowOf(
          { security: [{ Key: [] }] },
          {
            components: {
              securitySchemes: { Key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
            },
          },
        ),
      },
      { token: 'workspace', fetch: async () => Response.json(body) },
    );
    expect(await client.anyOperation?.()).toMatchObject({ ok: true, body });
  });

  test('a member of a body that is called like the token', async () => {
    await using server = await playFaults([
      { ...documented(404), body: { ...ERRORS[404], [CANARY]: [CANARY] } },
    ]);
    const client = createSessionsClient({ baseUrl: server.baseUrl, token: CANARY });
    expect(await client.closeSession(IDS)).toMatchObject({ body: { '[token]': ['[token]'] } });
  });
});

test('Retry-After beyond the deadline: the response comes back at once and says how long', async () => {
  const fetch = vi.fn(
    async () => new Response(null, { status: 503, headers: { 'retry-after': '3600' } }),
  );
  expect(await close(fetch)).toMatchObject({ httpStatus: 503, retryAfter: 3_600_000, attempts: 1 });
  expect(fetch).toHaveBeenCalledOnce();
});

test('errors are known across copies of the package', async () => {
  const error = await close(() => Promise.reject(new Error('no')), { maxAttempts: 1 });
  expect(isRequestError(error)).toBe(true);
  expect(isRequestError(Object.assign(new Error('x'), { name: 'RequestError' }))).toBe(true);
  for (const other of [undefined, null, 'x', new Error('x')])
    expect(isRequestError(other)).toBe(false);
});
