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
import { describeFailure, type RequestErrorKind, refuse } from './request-error.ts';
import { retry } from './retry.ts';
import { createRetryQuota } from './retry-policy.ts';
import { type AttemptEnd, type Exchange, sendAttempt } from './send-attempt.ts';
import { createTimeScope, type TimeScope } from './time-scope.ts';

/** A `fetch` that knows the contract: what it sends has been checked, and it carries every rule of safety. */
export interface HardenedFetch {
  /** The base URL, without a slash at its end. */
  readonly baseUrl: string;
  /**
   * @param request what is to be sent: it must still be what was planned, but for its headers
   * @param options those of the call
   * @returns the last response, as read
   * @throws {RequestError} when there is none
   */
  send(plan: Plan, request: PlannedRequest, options: CallOptions): Promise<Exchange>;
}

export interface PlannedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Further options of `fetch`; none of them concerns what is sent, or to whom. */
  readonly init?: object | undefined;
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
  const reserved = ['content-type', ...credentials.headers];
  const shared = checkHeaders(client.headers, reserved);
  const quota = createRetryQuota();
  // The global `fetch` of the moment: it may be replaced later, by MSW for example.
  const send: Fetch = client.fetch ?? ((url, init) => fetch(url, init));

  async function sendPlan(
    plan: Plan,
    request: PlannedRequest,
    options: CallOptions,
  ): Promise<Exchange> {
    const { operation } = plan;
    const { id, method } = operation;
    const { signal } = options;
    checkSignal(signal);
    const limits = checkLimits(options, defaults);
    if (request.url !== plan.url || request.method !== method) {
      refuse(`${id}: URL and method must stay as they are. Nothing was sent`);
    }
    const headers: Record<string, string> = {
      ...shared,
      ...(request.headers && checkHeaders(request.headers, reserved)),
      ...(options.headers && checkHeaders(options.headers, reserved)),
      ...plan.headers,
    };
    const needed = credentials.for(operation);
    const redactor = createRedactor();
    const started = performance.now();
    const elapsed = (since = started) => performance.now() - since;
    const timeLeft = () => limits.deadline - elapsed();
    /** A part of the call, which cannot outlast it. */
    const within = (milliseconds: number, kind: RequestErrorKind) =>
      createTimeScope(
        Math.min(milliseconds, timeLeft()),
        timeLeft() > milliseconds ? kind : 'deadline',
        signal,
      );
    let attempts = 0;
    let tokens: readonly string[] | undefined;

    /** Does a part of the call, unless the call is over. */
    async function during(kind: RequestErrorKind, act: (scope: TimeScope) => Promise<AttemptEnd>) {
      const scope = within(limits.timeout, kind);
      try {
        return scope.ended ? { kind: scope.ended } : await act(scope);
      } finally {
        scope.close();
      }
    }

    async function authorize(refused: typeof tokens, scope?: TimeScope) {
      tokens = await credentials.authorize(needed, headers, refused, started, scope, redactor);
    }

    async function attempt(isRefused: boolean): Promise<AttemptEnd> {
      if (needed[0] && (!tokens || isRefused)) {
        if (credentials.areFixed) await authorize(undefined);
        else {
          const failed = await during('token', (scope) =>
            authorize(isRefused ? tokens : undefined, scope).then(
              () => ({}) as AttemptEnd,
              (cause) => ({
                kind: scope.ended ?? 'token',
                cause:
                  scope.ended === 'token'
                    ? new Error(`no token within ${limits.timeout} ms`)
                    : cause,
              }),
            ),
          );
          if (failed.kind) return failed;
        }
      }
      return during('timeout', async (scope) => {
        const begun = performance.now();
        const init = {
          ...request.init,
          method,
          headers: { ...headers },
          // Redirects come back as they are, so that they can be refused: the token must not follow them.
          redirect: 'manual' as const,
          signal: scope.signal,
          ...(plan.body !== undefined && { body: plan.body }),
        };
        const end = await sendAttempt(
          plan,
          ++attempts,
          send,
          init,
          limits.maxResponseBytes,
          redactor,
          scope,
        );
        tell(onEvent, () => ({
          type: 'attempt',
          operation: id,
          attempt: attempts,
          duration: elapsed(begun),
          httpStatus: end.exchange?.httpStatus,
          kind: end.kind,
          headers: loggableHeaders(end.exchange?.headers),
        }));
        return end;
      });
    }

    async function pause(delay: number): Promise<void> {
      tell(onEvent, () => ({ type: 'wait', operation: id, attempt: attempts + 1, delay }));
      // If the call ends meanwhile, the next attempt says so instead of sending anything.
      await within(delay, 'timeout').over.catch(() => undefined);
    }

    const { exchange, kind, cause, unsure } = await retry({
      method,
      maxAttempts: limits.maxAttempts,
      // A token that was given as it is cannot be renewed.
      canRefresh: needed.length > 0 && !credentials.areFixed,
      quota,
      timeLeft,
      sent: () => attempts,
      attempt,
      pause,
    });
    tell(onEvent, () => ({
      type: 'outcome',
      operation: id,
      attempts,
      duration: elapsed(),
      status: exchange?.status,
      kind,
    }));
    if (exchange) return exchange;
    throw describeFailure(
      kind,
      id,
      attempts,
      unsure,
      // A copy without the token, wherever `fetch` or the provider may have put it.
      kind === 'aborted'
        ? signal?.reason
        : cause === undefined
          ? undefined
          : new Error(redactor.text(textOf(cause))),
    );
  }

  return { baseUrl, send: sendPlan };
}
