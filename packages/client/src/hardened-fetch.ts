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
import { createTimeScope } from './time-scope.ts';

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

    /** Gets the tokens; what kept it from them, if anything did. */
    async function ask(refused: typeof tokens): Promise<AttemptEnd | undefined> {
      const scope = credentials.areFixed ? undefined : within(limits.timeout, 'token');
      try {
        // Nobody is asked for the token of a call that is over.
        if (scope?.ended) return { kind: scope.ended };
        tokens = await credentials.authorize(needed, headers, refused, started, scope, redactor);
        return undefined;
      } catch (cause) {
        const late = scope?.ended === 'token';
        return {
          kind: scope?.ended ?? 'token',
          cause: late ? new Error(`no token within ${limits.timeout} ms`) : cause,
        };
      } finally {
        scope?.close();
      }
    }

    async function attempt(isRefused: boolean): Promise<AttemptEnd> {
      const isAsked = needed.length > 0 && (!tokens || isRefused);
      const failed = isAsked && (await ask(isRefused ? tokens : undefined));
      if (failed) return failed;
      const scope = within(limits.timeout, 'timeout');
      try {
        if (scope.ended) return { kind: scope.ended };
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
      } finally {
        scope.close();
      }
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
