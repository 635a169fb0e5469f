import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import {
  ApiError,
  type ClientEvent,
  createSessionsClient,
  RequestError,
  type TokenProvider,
  unwrap,
} from '../src/index.ts';
import { CANARY, documented, ERRORS, IDS } from './examples.ts';
import { type Fault, PATIENCE, playFaults } from './fault-server.ts';

const OK = { status: 200 };

describe('where the token travels', () => {
  test('in its header, to the service', async () => {
    await using server = await playFaults([OK]);
    await createSessionsClient({ baseUrl: server.baseUrl, token: CANARY }).closeSession(IDS);
    const [request] = server.requests;
    expect(request?.headers['x-auth-token']).toBe(CANARY);
    expect(
      JSON.stringify({ ...request, headers: { ...request?.headers, 'x-auth-token': '' } }),
    ).not.toContain('canary');
  });

  test.each([301, 302, 303, 307, 308])('not along a %i to another origin', async (status) => {
    await using other = await playFaults([]);
    await using server = await playFaults([{ redirectTo: `${other.baseUrl}/x`, status }]);
    const client = createSessionsClient({ baseUrl: server.baseUrl, token: CANARY });
    await expect(client.closeSession(IDS)).rejects.toMatchObject({
      kind: 'redirect',
      attempts: 1,
      message:
        'closeSession: no response (attempts: 1): redirects are not followed; set baseUrl to the final URL. It may have been carried out.',
    });
    expect(other.requests).toEqual([]);
  });

  test.each([
    'http://localhost:1',
    'http://app.localhost',
    'http://127.0.0.1',
    'http://127.8.9.1:80/x',
    'http://[::1]:4010',
    'http://127.1',
    'https://sql.example.com',
  ])('to %s', (baseUrl) => {
    expect(() => createSessionsClient({ baseUrl, token: CANARY })).not.toThrow();
  });

  test.each([
    'http://sql.example.com',
    'http://10.0.0.1',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://[::2]',
  ])('not in the clear to %s, unless that is asked for', (baseUrl) => {
    for (const token of [CANARY, () => CANARY]) {
      expect(() => createSessionsClient({ baseUrl, token })).toThrow(
        'baseUrl must be https: for a token, or set allowInsecureHttp.',
      );
      expect(() => createSessionsClient({ baseUrl, token, allowInsecureHttp: true })).not.toThrow();
    }
    expect(() => createSessionsClient({ baseUrl })).not.toThrow();
  });
});

describe('a token that cannot travel is refused and not retried', () => {
  const bad = [
    '',
    `${CANARY}\n`,
    `${CANARY}\r\nx: y`,
    ` ${CANARY}`,
    `${CANARY}\0`,
    `${CANARY}é`,
    7,
  ];
  test.each(bad)('%j', async (token) => {
    const quiet = expect.not.stringContaining('canary');
    const options = { baseUrl: 'https://sql.example.com', fetch: () => expect.unreachable() };
    const make = () => createSessionsClient({ ...options, token: token as string });
    expect(make).toThrow(/^token must be visible ASCII characters/);
    expect(make).toThrow(expect.objectContaining({ kind: 'invalid-argument', message: quiet }));
    const client = createSessionsClient({ ...options, token: () => token as string });
    await expect(client.closeSession(IDS)).rejects.toMatchObject({
      kind: 'token',
      attempts: 0,
      cause: { message: expect.stringMatching(/^token must be visible ASCII characters/) },
    });
  });
});

describe('the token appears nowhere else', () => {
  /** All that can be printed of a value, in every usual way. */
  function print(value: unknown): string {
    const error = value instanceof Error ? value : new Error();
    return [
      inspect(value, { depth: Infinity, showHidden: true, getters: true }),
      JSON.stringify(value),
      String(value),
      error.message,
      error.stack,
      inspect(error.cause, { depth: Infinity, showHidden: true }),
    ].join('\n');
  }

  const echo = { ...ERRORS[401], error_msg: `bad token ${CANARY}` };
  const faults: [string, Fault][] = [
    ['a success', OK],
    ['a documented error that retries it', { status: 401, body: echo }],
    [
      'one that escapes it in JSON',
      {
        status: 401,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(echo).replaceAll('/', '\\/'),
      },
    ],
    ['headers that retry it', documented(403, { 'x-echo': CANARY, 'x-request-id': CANARY })],
    ['a gateway that retries it', { status: 502, body: `<p>x-auth-token: ${CANARY}</p>` }],
    ['a snippet that cuts it', { status: 502, body: `${'x'.repeat(195)}${CANARY}` }],
    ['a reset', 'reset'],
    ['a stall', 'stalled'],
    ['a redirect', { redirectTo: `https://example.com/?token=${CANARY}` }],
  ];
  test.each(faults)('after %s', async (_, fault) => {
    // A provider is asked for another token after a 401.
    const retries = typeof fault === 'object' && 'body' in fault && fault.status === 401 ? 3 : 2;
    await using server = await playFaults(Array(retries).fill(fault));
    const logs = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => undefined),
    );
    const events: ClientEvent[] = [];
    for (const token of [CANARY, async () => CANARY]) {
      const client = createSessionsClient({
        baseUrl: server.baseUrl,
        token,
        maxAttempts: 1,
        ...(fault === 'stalled' ? { timeout: PATIENCE } : {}),
        onEvent: (event) => events.push(event),
      });
      const result = await client.closeSession(IDS).catch((error: unknown) => error);
      const error = await unwrap(result as never).catch((reason: unknown) => reason);
      for (const value of [client, result, error, events]) {
        expect(print(value)).not.toContain(CANARY.slice(0, 8));
      }
    }
    for (const log of logs) {
      expect(log).not.toHaveBeenCalled();
      log.mockRestore();
    }
  });

  test('when fetch itself throws it', async () => {
    const cause = Object.assign(new Error(`cause ${CANARY}`), { code: CANARY });
    cause.cause = cause;
    const failures = [
      new TypeError(`failed ${CANARY}`, { cause }),
      CANARY,
      { toString: () => CANARY },
    ];
    for (const failure of failures) {
      const client = createSessionsClient({
        baseUrl: 'https://sql.example.com',
        token: CANARY,
        maxAttempts: 1,
        fetch: () => Promise.reject(failure),
      });
      const error = await client.closeSession(IDS).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ kind: 'connection', cause: expect.any(Error) });
      expect(print(error)).not.toContain('canary');
    }
  });

  test('when it was given as an id', async () => {
    const client = createSessionsClient({ baseUrl: 'https://sql.example.com', token: CANARY });
    const call = client.closeSession({ ...IDS, session_id: CANARY });
    expect(print(await call.catch((error: unknown) => error))).not.toContain('canary');
  });

  test('an exception carries the result without it', async () => {
    await using server = await playFaults([{ status: 401, body: echo }]);
    const client = createSessionsClient({ baseUrl: server.baseUrl, token: CANARY });
    const error = await unwrap(client.closeSession(IDS)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ message: expect.stringMatching(/: bad token \[token\]$/) });
  });
});

describe('a provider', () => {
  test('is asked once per call, and its retries use the same token', async () => {
    await using server = await playFaults(['reset', OK, OK]);
    let asked = 0;
    const token = vi.fn<TokenProvider>(() => `${CANARY}${++asked}`);
    const client = createSessionsClient({ baseUrl: server.baseUrl, token });
    await client.closeSession(IDS);
    await client.closeSession(IDS);
    expect(server.requests.map(({ headers }) => headers['x-auth-token'])).toEqual(
      [1, 1, 2].map((n) => `${CANARY}${n}`),
    );
    const asking = { fresh: false, scheme: 'TenantToken', signal: expect.any(AbortSignal) };
    expect(token.mock.calls).toEqual([[asking], [asking]]);
  });

  test('concurrent calls share one pending call of it', async () => {
    await using server = await playFaults([OK, OK, OK, OK]);
    const { promise, resolve } = withResolvers<string>();
    const token = vi.fn<TokenProvider>(() => promise);
    const client = createSessionsClient({ baseUrl: server.baseUrl, token });
    const calls = [1, 2, 3].map(() => client.closeSession(IDS));
    await vi.waitFor(() => expect(token).toHaveBeenCalledOnce());
    resolve(CANARY);
    await Promise.all(calls);
    expect(token).toHaveBeenCalledOnce();
    await client.closeSession(IDS);
    expect(token).toHaveBeenCalledTimes(2);
  });

  test('a 401 asks for a fresh token and retries once, even where retries are off', async () => {
    await using server = await playFaults([documented(401), OK, documented(401), documented(401)]);
    const token = vi.fn<TokenProvider>(({ fresh }) => (fresh ? `${CANARY}-new` : CANARY));
    const client = createSessionsClient({ baseUrl: server.baseUrl, token, maxAttempts: 1 });
    expect(await client.closeSession(IDS)).toMatchObject({ ok: true, attempts: 2 });
    expect(await client.closeSession(IDS)).toMatchObject({ status: 401, attempts: 2 });
    const sent = server.requests.map(({ headers }) => headers['x-auth-token']);
    expect(sent).toEqual([CANARY, `${CANARY}-new`, CANARY, `${CANARY}-new`]);
    expect(token.mock.calls.map(([{ fresh }]) => fresh)).toEqual([false, true, false, true]);
  });

  test('a 401 is not satisfied with a token that was asked for before it', async () => {
    const pending: ((token: string) => void)[] = [];
    const token = vi.fn<TokenProvider>(() => new Promise((resolve) => pending.push(resolve)));
    const { promise: refused, resolve: refuse } = withResolvers<Response>();
    const responses = [refused, new Response(), new Response()];
    const client = createSessionsClient({
      baseUrl: 'https://sql.example.com',
      token,
      fetch: async () => responses.shift() ?? expect.unreachable(),
    });
    const first = client.closeSession(IDS);
    await vi.waitFor(() => expect(pending).toHaveLength(1));
    pending[0]?.('old-token');
    await vi.waitFor(() => expect(responses).toHaveLength(2));
    // The provider is busy with this call, and may result it from its cache, when the 401 arrives.
    const second = client.closeSession(IDS);
    await vi.waitFor(() => expect(pending).toHaveLength(2));
    refuse(new Response(null, { status: 401 }));
    await vi.waitFor(() => expect(pending).toHaveLength(3));
    pending[1]?.('old-token');
    pending[2]?.('new-token');
    for (const result of await Promise.all([first, second])) expect(result.ok).toBe(true);
    expect(token.mock.calls.map(([{ fresh }]) => fresh)).toEqual([false, false, true]);
  });

  test('a fresh token is shared by calls that were refused together, and by one that starts meanwhile', async () => {
    const pending: ((token: string) => void)[] = [];
    const token = vi.fn<TokenProvider>(() => new Promise((resolve) => pending.push(resolve)));
    const used: (string | undefined)[] = [];
    const client = createSessionsClient({
      baseUrl: 'https://sql.example.com',
      token,
      fetch: async (_, { headers }) => {
        used.push(headers['x-auth-token']);
        return new Response(null, { status: headers['x-auth-token'] === 'new-token' ? 200 : 401 });
      },
    });
    const first = [client.closeSession(IDS), client.closeSession(IDS)];
    await vi.waitFor(() => expect(token).toHaveBeenCalledTimes(1));
    pending[0]?.('old-token');
    await vi.waitFor(() => expect(token).toHaveBeenCalledTimes(2));
    // A call that starts now joins the fresh one.
    const late = client.closeSession(IDS);
    pending[1]?.('new-token');
    for (const result of await Promise.all([...first, late])) expect(result.ok).toBe(true);
    expect(token.mock.calls.map(([{ fresh }]) => fresh)).toEqual([false, true]);
    expect(used.toSorted()).toEqual([
      'new-token',
      'new-token',
      'new-token',
      'old-token',
      'old-token',
    ]);
  });

  test('a 401 for a fixed token is the result', async () => {
    await using server = await playFaults([documented(401)]);
    const client = createSessionsClient({ baseUrl: server.baseUrl, token: CANARY });
    expect(await client.closeSession(IDS)).toMatchObject({ status: 401, attempts: 1 });
  });

  test('that fails ends the call before anything is sent, and is asked again by the next', async () => {
    await using server = await playFaults([OK]);
    const token = vi.fn<TokenProvider>().mockRejectedValueOnce(new Error('no such role'));
    token.mockReturnValue(CANARY);
    const client = createSessionsClient({ baseUrl: server.baseUrl, token });
    await expect(client.closeSession(IDS)).rejects.toMatchObject({
      kind: 'token',
      attempts: 0,
      message:
        'closeSession: no response (attempts: 0): the token provider failed; see the cause. It was not carried out.',
      cause: expect.objectContaining({ message: 'no such role' }),
    });
    expect(await client.closeSession(IDS)).toMatchObject({ ok: true });
  });

  test('that fails after a 401 says that a request was sent, whatever it throws', async () => {
    await using server = await playFaults([documented(401)]);
    const token: TokenProvider = ({ fresh }) => {
      if (fresh) throw new RequestError('timeout', `another call, with ${CANARY}`);
      return CANARY;
    };
    const client = createSessionsClient({ baseUrl: server.baseUrl, token });
    await expect(client.closeSession(IDS)).rejects.toMatchObject({
      kind: 'token',
      attempts: 1,
      cause: { message: 'another call, with [token]' },
    });
  });

  test('that throws at once is no different', async () => {
    const client = createSessionsClient({
      baseUrl: 'https://sql.example.com',
      token: () => {
        throw new Error('no such role');
      },
    });
    await expect(client.closeSession(IDS)).rejects.toMatchObject({ kind: 'token' });
  });
});

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}
