import type { Operation } from '@sql-sessions/contract/operations';
import { checkBaseUrl } from './check-base-url.ts';
import { createCredentials } from './credentials.ts';
import { tell } from './events.ts';
import { loggableHeaders } from './headers.ts';
import { textOf } from './network-failure.ts';
import {
  type CallOptions,
  type ClientOptions,
  checkClientOptions,
  checkHeaders,
  checkLimits,
  checkSignal,
  DEFAULTS,
  type Fetch,
} from './options.ts';
import type { Plan } from './plan-request.ts';
import { createRedactor } from './redact.ts';
import { describeFailure, type RequestErrorKind } from './request-error.ts';
import { retry } from './retry.ts';
import { createRetryQuota } from './retry-policy.ts';
import { type AttemptEnd, type Exchange, sendAttempt } from './send-attempt.ts';
import { createTimeScope, type TimeScope } from './time-scope.ts';

/** A `fetch` that knows the contract: what it sends has been checked, and it carries every rule of safety. */
export interface HardenedFetch {
  /** The base URL, without a slash at its end. */
  readonly baseUrl: string;
  /**
   * Sends what is planned.
   *
   * @param options those of the call
   * @param init further options of `fetch`; what the plan and this client say comes before them
   * @returns the last response, as read
   * @throws {RequestError} when there is none
   */
  send(plan: Plan, options: CallOptions, init?: object): Promise<Exchange>;
}

/** @throws {RequestError} of kind `invalid-argument`, at once, when an option is not usable */
export function createHardenedFetch(
  client: ClientOptions,
  operations: readonly Operation[],
): HardenedFetch {
  checkClientOptions(client);
  const { token, allowInsecureHttp = false, onEvent } = client;
  const baseUrl = checkBaseUrl(client.baseUrl, token !== undefined, allowInsecureHttp);
  const defaults = checkLimits(client, DEFAULTS);
  const credentials = createCredentials(token, operations, defaults.timeout);
  const reserved = ['accept', 'content-type', ...credentials.headers];
  const shared = checkHeaders(client.headers, reserved);
  const quota = createRetryQuota();
  /** What is the same for every call where no token ever changes. */
  const fixed = credentials.areFixed() ? createRedactor() : undefined;
  // The global `fetch` of the moment: it may be replaced later, by MSW for example.
  const fetchNow: Fetch = client.fetch ?? ((url, init) => fetch(url, init));

  async function send(plan: Plan, options: CallOptions, more?: object): Promise<Exchange> {
    const { id, method } = plan.operation;
    const { signal } = options;
    checkSignal(signal);
    const { timeout, deadline, maxAttempts, maxResponseBytes } = checkLimits(options, defaults);
    const headers: Record<string, string> = {
      ...shared,
      ...checkHeaders(options.headers, reserved),
      ...plan.headers,
    };
    const needed = credentials.for(plan.operation);
    const areFixed = credentials.areFixed(needed);
    const redactor = fixed ?? createRedactor();
    const started = performance.now();
    const timeLeft = () => started + deadline - performance.now();
    /** A part of the call, which cannot outlast it. */
    const within = (milliseconds: number, kind: RequestErrorKind) => {
      const left = timeLeft();
      return left > milliseconds
        ? createTimeScope(milliseconds, kind, signal)
        : createTimeScope(left, 'deadline', signal);
    };
    let attempts = 0;
    let tokens: readonly string[] | undefined;

    /** Does a part of the call, unless the call is over. */
    async function during(
      kind: RequestErrorKind,
      act: (scope: TimeScope) => Promise<AttemptEnd | undefined>,
    ) {
      const scope = within(timeout, kind);
      try {
        return scope.ended ? { kind: scope.ended } : await act(scope);
      } finally {
        scope.close();
      }
    }

    function useTokens(found: readonly string[]): void {
      tokens = found;
      credentials.write(needed, found, headers, redactor);
    }

    const authorize = (refused: typeof tokens) =>
      during('token', async (scope) => {
        try {
          useTokens(await Promise.all(credentials.get(needed, refused, started, scope)));
          return undefined;
        } catch (cause) {
          return scope.ended === 'token'
            ? { kind: 'token', cause: new Error(`no token within ${timeout} ms`) }
            : { kind: scope.ended ?? 'token', cause };
        }
      });

    const sendOnce = () =>
      during('timeout', async (scope) => {
        const begun = performance.now();
        const init = {
          ...more,
          method,
          headers: { ...headers },
          // Redirects come back as they are, so that they can be refused: the token must not follow them.
          redirect: 'manual' as const,
          signal: scope.signal,
          ...(plan.body !== undefined && { body: plan.body }),
        };
        attempts++;
        const end = await sendAttempt(
          plan,
          attempts,
          fetchNow,
          init,
          maxResponseBytes,
          redactor,
          scope,
        );
        tell(onEvent, () => ({
          type: 'attempt',
          operation: id,
          attempt: attempts,
          duration: performance.now() - begun,
          httpStatus: end.exchange?.httpStatus,
          kind: end.kind,
          headers: loggableHeaders(end.exchange?.headers),
        }));
        return end;
      }) as Promise<AttemptEnd>;

    if (areFixed) useTokens(credentials.get(needed) as string[]);
    const { exchange, kind, cause, unsure } = await retry({
      method,
      maxAttempts,
      canRefresh: !areFixed,
      quota,
      timeLeft,
      sent: () => attempts,
      attempt: async (isRefused) =>
        ((!tokens || isRefused) && (await authorize(tokens))) || sendOnce(),
      async pause(delay) {
        tell(onEvent, () => ({ type: 'wait', operation: id, attempt: attempts + 1, delay }));
        // If the call ends meanwhile, the next attempt says so instead of sending anything.
        await within(delay, 'timeout').over.catch(() => undefined);
      },
    });
    tell(onEvent, () => ({
      type: 'outcome',
      operation: id,
      attempts,
      duration: performance.now() - started,
      status: exchange?.status,
      kind,
    }));
    if (exchange) return exchange;
    // A copy without the token, wherever `fetch` or the provider may have put it.
    const copy = cause === undefined ? cause : new Error(redactor.text(textOf(cause)));
    throw describeFailure(kind, id, attempts, unsure, kind === 'aborted' ? signal?.reason : copy);
  }

  return { baseUrl, send };
}
