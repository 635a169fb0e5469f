import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ClientOptions, createSessionsClient, RequestError } from '../src/index.ts';
import { IDS } from './examples.ts';
import { PATIENCE, playFaults } from './fault-server.ts';

describe('on a real socket', () => {
  test('the caller ends a running request at once', async () => {
    await using server = await playFaults(['stalled']);
    const controller = new AbortController();
    const call = createSessionsClient({ baseUrl: server.baseUrl }).closeSession(IDS, {
      signal: controller.signal,
    });
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), { timeout: 30_000 });
    const reason = new Error('changed my mind');
    controller.abort(reason);
    await expect(call).rejects.toMatchObject({
      name: 'RequestError',
      kind: 'aborted',
      attempts: 1,
      cause: reason,
    });
  });

  test('the caller ends a body that is being read', async () => {
    await using server = await playFaults([{ stalledBody: 404 }]);
    const controller = new AbortController();
    const client = createSessionsClient({
      baseUrl: server.baseUrl,
      async fetch(request) {
        const response = await fetch(request);
        setImmediate(() => controller.abort());
        return response;
      },
    });
    const call = client.closeSession(IDS, { signal: controller.signal });
    await expect(call).rejects.toMatchObject({ kind: 'aborted', attempts: 1 });
  });

  test('an attempt ends at its timeout, a call at its deadline', async () => {
    await using server = await playFaults(['stalled', 'stalled']);
    const client = createSessionsClient({ baseUrl: server.baseUrl, maxAttempts: 1 });
    await expect(client.closeSession(IDS, { timeout: PATIENCE })).rejects.toMatchObject({
      kind: 'timeout',
      message:
        'closeSession: no response (attempts: 1): the service took too long; allow a longer timeout. It may have been carried out.',
    });
    await expect(client.closeSession(IDS, { deadline: PATIENCE })).rejects.toMatchObject({
      kind: 'deadline',
      attempts: 1,
    });
  });
});

describe('with a fake clock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  function prepare(
    responses: (number | 'never' | [number, string])[],
    options: Partial<ClientOptions> = {},
  ) {
    const sent: number[] = [];
    const client = createSessionsClient({
      baseUrl: 'https://sql.example.com',
      fetch: () => {
        sent.push(performance.now());
        const [status, retryAfter] = [responses.shift() ?? 200].flat();
        if (status === 'never') return new Promise(() => undefined);
        const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
        return Promise.resolve(new Response(null, { status: Number(status), headers }));
      },
      ...options,
    });
    const start = performance.now();
    return {
      client,
      times: () => sent.map((time) => time - start),
      since: () => performance.now() - start,
    };
  }

  test('the waits grow: half of 50 ms, half of 100 ms', async () => {
    const { client, times } = prepare([500, 503, 200]);
    const call = client.closeSession(IDS);
    await vi.runAllTimersAsync();
    expect(await call).toMatchObject({ ok: true, attempts: 3 });
    expect(times()).toEqual([0, 25, 75]);
  });

  test('a throttled request waits longer, and Retry-After is honoured', async () => {
    const { client, times } = prepare([429, [503, '3'], 200]);
    const call = client.closeSession(IDS);
    await vi.runAllTimersAsync();
    expect(await call).toMatchObject({ ok: true, attempts: 3 });
    expect(times()).toEqual([0, 500, 3500]);
  });

  test('the defaults: 60 s for an attempt, 180 s for the call', async () => {
    const { client, times, since } = prepare(['never', 'never', 'never', 'never']);
    const call = client.closeSession(IDS, { maxAttempts: 9 }).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect(await call).toMatchObject({ kind: 'deadline', attempts: 3 });
    expect(times()).toEqual([0, 60_025, 120_075]);
    expect(since()).toBe(180_000);
  });

  test('the caller ends a waiting back-off at once', async () => {
    const controller = new AbortController();
    const { client, since } = prepare([[503, '5']]);
    const call = client.closeSession(IDS, { signal: controller.signal }).catch((e: unknown) => e);
    await vi.advanceTimersByTimeAsync(10);
    controller.abort('enough');
    expect(await call).toMatchObject({ kind: 'aborted', attempts: 1, cause: 'enough' });
    expect(since()).toBe(10);
  });

  test('the deadline ends a token provider that hangs', async () => {
    const { client, times } = prepare([], {
      token: () => new Promise(() => undefined),
      deadline: 1000,
    });
    const call = client.closeSession(IDS).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect(await call).toMatchObject({ kind: 'deadline', attempts: 0 });
    expect(times()).toEqual([]);
  });

  test('a signal that is aborted before the call: nothing is asked and nothing is sent', async () => {
    const token = vi.fn(() => 'a-token-of-mine');
    const { client, times } = prepare([], { token });
    const call = client.closeSession(IDS, { signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ kind: 'aborted', attempts: 0 });
    expect(token).not.toHaveBeenCalled();
    expect(times()).toEqual([]);
  });

  test('a call leaves no listener on the signal of its caller', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const { client } = prepare([500, 200]);
    const call = client.closeSession(IDS, { signal });
    await vi.runAllTimersAsync();
    await call;
    expect(added).toHaveBeenCalled();
    expect(removed.mock.calls).toEqual(expect.arrayContaining(added.mock.calls));
  });

  test('a limit beyond what a timer can hold (2^31 - 1 ms) does not end at once', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const { client } = prepare([], { timeout: Infinity, deadline: 1e12 });
    expect(await client.closeSession(IDS)).toMatchObject({ ok: true });
    expect(timers.mock.calls.map(([, delay]) => delay)).toEqual([2 ** 31 - 1]);
  });
});

test.each([
  { timeout: 0 },
  { timeout: -1 },
  { deadline: Number.NaN },
  { maxAttempts: 0 },
  { maxAttempts: 1.5 },
  { timeout: '5' as unknown as number },
])('refused: %o', async (limits) => {
  const [name = ''] = Object.keys(limits);
  const message = new RegExp(`${name} must be a positive (whole )?number`);
  const options = { baseUrl: 'https://sql.example.com', fetch: () => expect.unreachable() };
  expect(() => createSessionsClient({ ...options, ...limits })).toThrow(RequestError);
  expect(() => createSessionsClient({ ...options, ...limits })).toThrow(message);
  await expect(createSessionsClient(options).closeSession(IDS, limits)).rejects.toThrow(message);
});
