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
import { backOff, createRetryQuota, isIdempotent, isRetryable, mayBeDone } from './retry-policy.ts';
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
    let refused: readonly string[] | undefined;
    let unsure = false;

    /** Gets the tokens, where they are not known yet; what kept it from them, if anything did. */
    async function ask(): Promise<AttemptEnd | undefined> {
      const scope = credentials.areFixed ? undefined : within(limits.timeout, 'token');
      try {
        // Nobody is asked for the token of a call that is over.
        if (scope?.ended) return { kind: scope.ended };
        tokens = await credentials.authorize(needed, headers, refused, started, scope, redactor);
        refused = undefined;
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

    async function attempt(): Promise<AttemptEnd> {
      const failed = needed.length > 0 && (!tokens || refused) ? await ask() : undefined;
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

    /** Makes attempts until one of them settles the call, or no other is allowed or worth it. */
    async function settle(): Promise<AttemptEnd> {
      let left = isIdempotent(method) ? limits.maxAttempts - 1 : 0;
      let cost = 0;
      // A token that was given as it is cannot be renewed.
      let mayRefresh = needed.length > 0 && !credentials.areFixed;
      for (let retry = 0; ; ) {
        const before = attempts;
        const end = await attempt();
        const { exchange } = end;
        const gone = unsure && method === 'DELETE' && exchange?.status === 404;
        if (exchange && (gone || exchange.ok)) {
          quota.give(cost);
          if (!gone) return end;
          const body = undefined;
          return { exchange: { ...exchange, ok: true, status: 'already-deleted', body } };
        }
        const ending = exchange?.httpStatus ?? end.kind ?? 'connection';
        if (attempts > before) unsure ||= mayBeDone(ending);
        // Whatever the method: a request that was refused for its token was not carried out.
        if (ending === 401 && mayRefresh) {
          refused = tokens;
          mayRefresh = false;
          continue;
        }
        if (left < 1 || !(isRetryable(ending) || isBroken(exchange))) return end;
        const delay = backOff(retry, ending, exchange?.retryAfter, Math.random());
        if (delay >= timeLeft()) return end;
        cost = quota.take(ending);
        if (!cost) return end;
        left--;
        retry++;
        await pause(delay);
      }
    }

    const { exchange, kind, cause } = await settle();
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

/** A 2xx whose body broke off: a connection failure in all but name. */
function isBroken(exchange: Exchange | undefined): boolean {
  return (
    exchange?.status === 'unexpected' &&
    'reason' in exchange &&
    exchange.reason === 'incomplete-body' &&
    exchange.httpStatus < 300
  );
}
