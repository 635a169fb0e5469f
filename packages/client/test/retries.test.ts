import { closedPort } from '@sql-sessions/testing/listen';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type ClientEvent,
  type ClientOptions,
  createSessionsClient,
  type RequestError,
} from '../src/index.ts';
import { documented, ERRORS, IDS } from './examples.ts';
import { type Fault, PATIENCE, playFaults } from './fault-server.ts';

// No jitter: every back-off is over at once.
beforeAll(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterAll(() => void vi.restoreAllMocks());

async function play(script: Fault[], options: Partial<ClientOptions> = {}) {
  await using server = await playFaults(script);
  const stalls = JSON.stringify(script).includes('stalled');
  const client = createSessionsClient({
    baseUrl: server.baseUrl,
    ...(stalls ? { timeout: PATIENCE } : {}),
    ...options,
  });
  return await client.closeSession(IDS).catch((error: RequestError) => error);
}

const OK = { status: 200 };

// The ones that stall take a while each, so they do it side by side.
describe('a fault, then a success', () => {
  test.concurrent.each<[string, Fault]>([
    ['408', documented(408)],
    ['a bare 408', 'bare 408'],
    ['429', { status: 429 }],
    ['500', documented(500)],
    ['an empty 500', { status: 500 }],
    ['502 with HTML', { html: 502 }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
    ['a reset before the headers', 'reset'],
    ['a 500 that is reset after the headers', { resetAfterHeaders: 500 }],
    ['a truncated 503', { truncated: 503 }],
    ['a 500 whose body stalls', { stalledBody: 500 }],
    ['no response within the timeout', 'stalled'],
  ])('%s', async (_, fault) => {
    const [once, twice, failed] = await Promise.all([
      play([fault, OK]),
      play([fault, fault, OK]),
      play([fault], { maxAttempts: 1 }),
    ]);
    expect(once).toMatchObject({ ok: true, status: 200, attempts: 2 });
    expect(twice).toMatchObject({ ok: true, status: 200, attempts: 3 });
    expect(failed).not.toMatchObject({ ok: true });
    expect(failed.attempts).toBe(1);
  });
});

describe('never retried', () => {
  test.concurrent.each<[string, Fault]>([
    ['400', documented(400)],
    ['401', documented(401)],
    ['403', documented(403)],
    ['404', documented(404)],
    ['a 404 with HTML', { html: 404 }],
    ['a 404 that breaks off', { resetAfterHeaders: 404 }],
    ['a 403 whose body stalls', { stalledBody: 403 }],
    ['409', { status: 409 }],
    ['501', { status: 501 }],
    ['a redirect', { redirectTo: 'http://127.0.0.1:9/' }],
  ])('%s', async (_, fault) => {
    expect(await play([fault])).toMatchObject({ attempts: 1 });
  });
});

test('three attempts, and the last result is the result', async () => {
  expect(await play([documented(500), { status: 503 }, { html: 502 }])).toMatchObject({
    status: 'unexpected',
    httpStatus: 502,
    attempts: 3,
  });
  expect(await play(['reset', 'reset', 'reset'])).toMatchObject({ kind: 'reset', attempts: 3 });
  expect(await play(['stalled', 'stalled', 'stalled'])).toMatchObject({
    kind: 'timeout',
    attempts: 3,
  });
});

test('maxAttempts of a call goes before that of the client', async () => {
  await using server = await playFaults([{ status: 503 }, ...Array(4).fill({ status: 503 }), OK]);
  const client = createSessionsClient({ baseUrl: server.baseUrl, maxAttempts: 1 });
  expect(await client.closeSession(IDS)).toMatchObject({ ok: false, attempts: 1 });
  const result = await client.closeSession(IDS, { maxAttempts: 5 });
  expect(result).toMatchObject({ ok: true, attempts: 5 });
});

describe('a 404', () => {
  test('to the first attempt stays a 404', async () => {
    expect(await play([documented(404)])).toMatchObject({ ok: false, status: 404, attempts: 1 });
  });

  test.each<[string, Fault]>([
    ['408', documented(408)],
    ['a bare 408', 'bare 408'],
    ['500', documented(500)],
    ['503', { status: 503 }],
    ['a reset', 'reset'],
    ['a timeout', 'stalled'],
  ])('to the retry after %s is a success that says so', async (_, fault) => {
    const result = await play([fault, documented(404, { 'x-request-id': 'r-2' })]);
    expect(result).toEqual({
      operation: 'closeSession',
      method: 'DELETE',
      path: '/v1/workspaces/w-1/sessions/s-1',
      retryAfter: undefined,
      ok: true,
      status: 'already-deleted',
      httpStatus: 404,
      body: undefined,
      headers: expect.objectContaining({ 'x-request-id': 'r-2' }),
      requestId: 'r-2',
      attempts: 2,
    });
  });

  test('after a 429 alone stays a 404: nothing was carried out', async () => {
    expect(await play([{ status: 429 }, documented(404)])).toMatchObject({
      ok: false,
      status: 404,
      body: ERRORS[404],
      attempts: 2,
    });
    expect(await play([documented(500), { status: 429 }, documented(404)])).toMatchObject({
      ok: true,
      status: 'already-deleted',
      attempts: 3,
    });
  });

  test('after a refused connection stays a 404', async () => {
    await using server = await playFaults([documented(404)]);
    const port = await closedPort();
    let requests = 0;
    const client = createSessionsClient({
      baseUrl: server.baseUrl,
      fetch: (url, init) => fetch(++requests === 1 ? url.replace(/:\d+/, `:${port}`) : url, init),
    });
    const result = await client.closeSession(IDS);
    expect(result).toMatchObject({ ok: false, status: 404, attempts: 2 });
  });

  test('of a gateway proves nothing', async () => {
    expect(await play([documented(500), { html: 404 }])).toMatchObject({
      ok: false,
      status: 'unexpected',
      httpStatus: 404,
    });
  });
});

test('an outage is not amplified: the budget of a client ends retries', async () => {
  const calls = 30;
  const retries = 35;
  const script = Array<Fault>(calls + retries).fill({ status: 503 });
  await using server = await playFaults([
    ...script,
    OK,
    OK,
    OK,
    { status: 503 },
    OK,
    { status: 503 },
    OK,
  ]);
  const client = createSessionsClient({ baseUrl: server.baseUrl });
  for (let call = 0; call < calls; call++) {
    expect(await client.closeSession(IDS)).toMatchObject({ httpStatus: 503 });
  }
  expect(server.requests).toHaveLength(calls + retries);
  // 10 are left of 500, a retry costs 14, and each success brings back 1.
  for (let success = 0; success < 3; success++) {
    expect(await client.closeSession(IDS)).toMatchObject({ ok: true });
  }
  expect(await client.closeSession(IDS)).toMatchObject({ httpStatus: 503, attempts: 1 });
  expect(await client.closeSession(IDS)).toMatchObject({ ok: true });
  expect(await client.closeSession(IDS)).toMatchObject({ ok: true, attempts: 2 });
});

test('a wait that would pass the deadline is not begun', async () => {
  const retryAfter = { status: 503, headers: { 'retry-after': '4' } };
  expect(await play([retryAfter], { deadline: 3000 })).toMatchObject({
    httpStatus: 503,
    attempts: 1,
  });
});

test('events tell of attempts, waits and the outcome, with harmless headers only', async () => {
  const events: ClientEvent[] = [];
  const secret = { 'set-cookie': 'session=secret', 'x-secret': 'secret', 'x-request-id': 'r-1' };
  await play([documented(500, secret), 'reset', documented(404)], {
    onEvent: (event) => {
      events.push(event);
      throw new Error('a listener that fails changes nothing');
    },
  });
  const duration = expect.any(Number);
  const operation = 'closeSession';
  const headers = {
    'content-type': 'application/json',
    date: expect.any(String),
  };
  expect(events).toEqual([
    {
      type: 'attempt',
      operation,
      attempt: 1,
      duration,
      httpStatus: 500,
      kind: undefined,
      headers: { ...headers, 'x-request-id': 'r-1' },
    },
    { type: 'wait', operation, attempt: 2, delay: 0 },
    {
      type: 'attempt',
      operation,
      attempt: 2,
      duration,
      httpStatus: undefined,
      kind: 'reset',
      headers: {},
    },
    { type: 'wait', operation, attempt: 3, delay: 0 },
    {
      type: 'attempt',
      operation,
      attempt: 3,
      duration,
      httpStatus: 404,
      kind: undefined,
      headers,
    },
    {
      type: 'outcome',
      operation,
      attempts: 3,
      duration,
      status: 'already-deleted',
      kind: undefined,
    },
  ]);
});
