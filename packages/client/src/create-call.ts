import type { Operation } from '@sql-sessions/contract/operations';
import { buildRequest, type RequestArguments } from './build-request.ts';
import { checkBaseUrl } from './check-base-url.ts';
import { checkLimits } from './check-limits.ts';
import { checkParameters } from './check-parameters.ts';
import type { Answer, CallOptions, ClientEvent, ClientOptions } from './client-types.ts';
import { describeFailure, textOf } from './describe-failure.ts';
import { loggableHeaders } from './headers.ts';
import type { NoAnswerKind } from './no-answer-error.ts';
import { repeatAttempts } from './repeat-attempts.ts';
import { type AttemptEnd, createRetryQuota } from './retry-policy.ts';
import { sendAttempt } from './send-attempt.ts';
import { createTimeScope } from './time-scope.ts';
import { createTokenSource } from './token-source.ts';

/** Sends one operation with the options of a client. */
export type Call = (
  operation: Operation,
  args: Readonly<Record<string, unknown>> | undefined,
  options?: CallOptions,
) => Promise<Answer>;

/** Checks the options of a client once and returns what its methods have in common. */
export function createCall(client: ClientOptions): Call {
  const { token, allowInsecureHttp = false, onEvent } = client;
  const baseUrl = checkBaseUrl(client.baseUrl, token !== undefined, allowInsecureHttp);
  const defaults = checkLimits(client);
  const getToken = createTokenSource(token);
  const provider = typeof token === 'function';
  const quota = createRetryQuota();
  const custom = client.fetch;
  // Node's `fetch` makes a `Request` of whatever it gets: one is enough.
  const send = (...request: RequestArguments) =>
    custom ? custom(new Request(...request)) : fetch(...request);
  const tell = (event: ClientEvent) => {
    try {
      onEvent?.(event);
    } catch {
      // A listener that fails must not change what happens to a session.
    }
  };

  return async (operation, args, { signal, ...given } = {}) => {
    const limits = checkLimits(given, defaults);
    const params = checkParameters(operation, args);
    const request = buildRequest(baseUrl, operation, params, args?.body);
    const started = performance.now();
    const elapsed = (since = started) => performance.now() - since;
    const timeLeft = () => limits.deadline - elapsed();
    /** A part of the call, which cannot outlast it. */
    const within = (milliseconds: number, kind: NoAnswerKind) =>
      createTimeScope(
        Math.min(milliseconds, timeLeft()),
        timeLeft() > milliseconds ? kind : 'deadline',
        signal,
      );
    const common = { operation: operation.id };
    const secrets = new Set<string>();
    const redact = (text: string) => {
      let safe = text;
      for (const secret of secrets) safe = safe.replaceAll(secret, '[token]');
      return safe;
    };
    let attempts = 0;
    let asked = provider ? undefined : token;

    async function attempt(refreshToken: boolean): Promise<AttemptEnd> {
      if (provider && (refreshToken || !attempts)) {
        const asking = within(limits.deadline, 'deadline');
        try {
          // Nobody is asked for the token of a call that is over.
          asked = await (asking.ended ? asking.over : asking.race(getToken(refreshToken)));
        } catch (cause) {
          return { kind: asking.ended ?? 'token', cause };
        } finally {
          asking.close();
        }
      }
      // A short text is no secret, and taking it out would garble every message.
      if (asked && asked.length > 7) secrets.add(asked);
      const scope = within(limits.timeout, 'timeout');
      if (scope.ended) return { kind: scope.ended };
      const begun = performance.now();
      const ask = (end: AbortSignal) => send(...request(asked, end));
      const end = await sendAttempt(operation, ++attempts, ask, scope, redact);
      scope.close();
      tell({
        type: 'attempt',
        ...common,
        attempt: attempts,
        duration: elapsed(begun),
        httpStatus: end.answer?.httpStatus,
        kind: end.kind,
        headers: loggableHeaders(end.answer?.headers),
      });
      return end;
    }

    async function pause(delay: number): Promise<void> {
      tell({ type: 'wait', ...common, attempt: attempts + 1, delay });
      // If the call ends meanwhile, the next attempt says so instead of sending anything.
      await within(delay, 'timeout').over.catch(() => undefined);
    }

    const { answer, kind, cause } = await repeatAttempts(operation.method, attempt, pause, quota, {
      maxAttempts: limits.maxAttempts,
      canRefresh: provider,
      timeLeft,
    });
    tell({
      type: 'outcome',
      ...common,
      attempts,
      duration: elapsed(),
      status: answer?.status,
      kind,
    });
    if (!kind) return answer;
    throw describeFailure(
      kind,
      operation.id,
      attempts,
      // A copy without the token, wherever `fetch` or the provider may have put it.
      kind === 'aborted' ? signal?.reason : cause && new Error(redact(textOf(cause))),
    );
  };
}
