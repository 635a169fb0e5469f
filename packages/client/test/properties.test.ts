import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { slow } from '@sql-sessions/testing/slow';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  type ClientEvent,
  type ClientOptions,
  createSessionsClient,
  RequestError,
  type Result,
} from '../src/index.ts';
import { createFetchClient } from '../src/openapi-fetch.ts';
import { CANARY, ERRORS, IDS } from './examples.ts';

const RUNS = slow ? 10_000 : 1_000;
const PATH = '/v1/workspaces/{workspace_id}/sessions/{session_id}';

// What a runtime holds weakly is gone after this: timeouts and signals must go on working.
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const FORBIDS_RETRIES = [400, 403, 404, 409, 422];

/** What both entries give. */
type Outcome = Pick<Result, 'ok' | 'httpStatus' | 'headers' | 'attempts'> & { body?: unknown };

/** One entry of a script: what the network does to one request. */
type Step =
  | {
      do: 'respond';
      status: number;
      body: 'documented' | 'html' | 'empty' | 'echo';
      after: number;
      retryAfter: string;
    }
  | { do: 'break' | 'stall'; status: number }
  | { do: 'fail'; code: string; after: number }
  | { do: 'never' };

const status = fc.constantFrom(
  200,
  204,
  307,
  400,
  401,
  403,
  404,
  408,
  409,
  422,
  429,
  500,
  502,
  503,
  504,
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('respond' as const),
      status,
      body: fc.constantFrom('documented', 'html', 'empty', 'echo'),
      after: fc.nat(3000),
      retryAfter: fc.constantFrom('', '0', '1', '7', '3600', 'Tue, 24 Nov 2026 07:00:05 GMT', 'x'),
    }),
  },
  fc.record({ do: fc.constantFrom('break' as const, 'stall' as const), status }),
  fc.record({
    do: fc.constant('fail' as const),
    code: fc.constantFrom('ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPROTO', CANARY),
    after: fc.nat(3000),
  }),
  fc.record({ do: fc.constant('never' as const) }),
);

const scenario = fc.record({
  entry: fc.constantFrom('named methods', 'openapi-fetch'),
  collects: fc.nat(9).map((tenth) => tenth === 0),
  script: fc.array(step, { minLength: 1, maxLength: 6 }),
  maxAttempts: fc.integer({ min: 1, max: 5 }),
  timeout: fc.integer({ min: 1, max: 4000 }),
  deadline: fc.integer({ min: 1, max: 10_000 }),
  abortAfter: fc.option(fc.nat(8000), { nil: undefined }),
  provider: fc.constantFrom('none', 'ready', 'slow', 'expired', 'failing'),
  jitter: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

let random: number;
beforeAll(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  vi.setSystemTime('2026-11-24T07:00:00Z');
  vi.spyOn(Math, 'random').mockImplementation(() => random);
});
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
beforeEach(() => {
  random = 0;
});

test(`holds for ${RUNS} random fault scripts`, { timeout: 900_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const { script, maxAttempts, timeout, deadline, abortAfter, provider } = given;
      const { entry: kind, collects } = given;
      random = given.jitter;
      const sent: { token: string | undefined; step: Step; delivered: boolean }[] = [];
      const bodies: { open: boolean }[] = [];
      const events: ClientEvent[] = [];
      const start = performance.now();
      let fresh = 0;
      const options: ClientOptions = {
        baseUrl: 'https://sql.example.com',
        maxAttempts,
        timeout,
        deadline,
        onEvent: (event) => events.push(event),
        token:
          provider === 'none'
            ? CANARY
            : async (request) => {
                if (request.fresh) fresh++;
                if (provider === 'slow') await after(700);
                if (provider === 'failing') throw new Error('no such role');
                if (provider === 'expired' && request.fresh) throw new Error(`no more ${CANARY}`);
                return CANARY;
              },
        fetch: async (_, { headers, signal }) => {
          const next = script[sent.length] ?? { do: 'never' };
          const token = headers['x-auth-token'];
          const entry = { token, step: next, delivered: false };
          sent.push(entry);
          try {
            const playing = play(next, signal, bodies);
            if (collects) collectGarbage();
            return await playing;
          } finally {
            // Too late is as good as never: the attempt has timed out, and nobody knows what came of it.
            entry.delivered = !signal.aborted;
          }
        },
      };
      const send = async (signal: AbortSignal): Promise<Outcome> => {
        if (kind === 'named methods')
          return createSessionsClient(options).closeSession(IDS, { signal });
        const { data, error, response } = await createFetchClient(options).DELETE(PATH, {
          params: { path: IDS },
          signal,
        });
        const { status, headers } = response;
        const last = events.at(-1);
        return {
          body: data ?? error,
          headers: Object.fromEntries(headers),
          httpStatus: status,
          ok: response.ok,
          attempts: last?.type === 'outcome' ? last.attempts : Number.NaN,
        };
      };

      const controller = new AbortController();
      const abort =
        abortAfter === undefined ? undefined : setTimeout(() => controller.abort(), abortAfter);
      const outcomes: (Outcome | RequestError)[] = [];
      let ended = 0;
      const call = send(controller.signal).then(
        (result) => outcomes.push(result),
        (error) => outcomes.push(error),
      );
      const finished = call.finally(() => {
        ended = performance.now() - start;
        clearTimeout(abort);
      });
      await vi.advanceTimersByTimeAsync(deadline + 1);
      await finished;

      // Exactly one outcome, and the events agree with it.
      expect(outcomes).toHaveLength(1);
      const [outcome] = outcomes as [Outcome | RequestError];
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(RequestError);
      expect(events.filter(({ type }) => type === 'outcome')).toHaveLength(1);
      expect(events.filter(({ type }) => type === 'attempt')).toHaveLength(sent.length);

      // Attempts within the limit; one more only for a token that was refused.
      expect(outcome.attempts).toBe(sent.length);
      expect(fresh).toBeLessThanOrEqual(1);
      expect(sent.length).toBeLessThanOrEqual(maxAttempts + fresh);

      // Time within the deadline, and not beyond what the caller allows.
      expect(ended).toBeLessThanOrEqual(Math.min(deadline, abortAfter ?? Infinity));

      // No retry after a response that forbids it, however it is mangled.
      for (const { step: earlier, delivered } of sent.slice(0, -1)) {
        if (!('status' in earlier) || !delivered) continue;
        expect(FORBIDS_RETRIES).not.toContain(earlier.status);
        expect(earlier.status).not.toBe(307);
        if (earlier.status === 401) expect(fresh).toBe(1);
      }

      // A 404 is a success only after an attempt that may have been carried out.
      if (!(outcome instanceof Error) && outcome.httpStatus === 404 && outcome.ok) {
        expect(
          sent.slice(0, -1).some(({ step: earlier, delivered }) => {
            const failed = delivered && earlier.do === 'fail';
            return !(failed && /REFUSED|NOTFOUND/.test(earlier.code));
          }),
        ).toBe(true);
      }

      // The token went out in its header and nowhere else.
      expect(sent.every(({ token }) => token === CANARY)).toBe(true);
      const said = [
        outcome,
        outcome instanceof Error ? [outcome.message, outcome.stack, `${outcome.cause}`] : '',
        events,
      ];
      expect(JSON.stringify(said)).not.toContain('canary');

      // Nothing is left open: no timer, no body that could still be read.
      expect(vi.getTimerCount()).toBe(slowLeft());
      expect(bodies.filter(({ open }) => open)).toEqual([]);
      vi.clearAllTimers();
    }),
    { numRuns: RUNS },
  );
});

/** Timers of the doubles themselves: a provider or a network that is still busy when the call has ended. */
const busy = new Set<unknown>();
function slowLeft(): number {
  const left = busy.size;
  busy.clear();
  return left;
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      busy.delete(timer);
      resolve();
    }, milliseconds);
    busy.add(timer);
  });
}

async function play(
  step: Step,
  signal: AbortSignal,
  bodies: { open: boolean }[],
): Promise<Response> {
  if (step.do === 'never') return new Promise(() => undefined);
  if (step.do === 'fail') {
    await after(step.after);
    throw new TypeError('fetch failed', {
      cause: Object.assign(new Error(`at ${CANARY}`), { code: step.code }),
    });
  }
  if (step.do === 'respond') {
    await after(step.after);
    const empty = step.body === 'empty' || step.status === 204;
    const documented = ERRORS[step.status as keyof typeof ERRORS] ?? { any: 'thing' };
    const text = {
      documented: JSON.stringify(documented),
      html: '<h1>no</h1>',
      empty: '',
      echo: JSON.stringify({ ...documented, error_msg: CANARY }),
    };
    return new Response(empty ? null : text[step.body], {
      status: step.status,
      headers: {
        'content-type': step.body === 'html' ? 'text/html' : 'application/json',
        'x-echo': CANARY,
        ...(step.retryAfter ? { 'retry-after': step.retryAfter } : {}),
      },
    });
  }
  if (step.status === 204) return new Response(null, { status: 204 });
  const body = { open: true };
  bodies.push(body);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"error_code":"common.'));
      const fail = () => {
        body.open = false;
        controller.error(new Error(`cut ${CANARY}`));
      };
      if (step.do === 'break') queueMicrotask(fail);
      else signal.addEventListener('abort', fail);
    },
    cancel() {
      body.open = false;
    },
  });
  return new Response(stream, {
    status: step.status,
    headers: { 'content-type': 'application/json' },
  });
}
