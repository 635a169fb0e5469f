import { backOff, isIdempotent, isRetryable, mayBeDone, type RetryQuota } from './retry-policy.ts';
import type { AttemptEnd } from './send-attempt.ts';

/** What a call may spend on retries, and what it does for one. */
export interface Retrying {
  readonly method: string;
  readonly maxAttempts: number;
  /** Whether another token can be had when one is refused. */
  readonly canRefresh: boolean;
  readonly quota: RetryQuota;
  /** Milliseconds until the deadline. */
  timeLeft(): number;
  /** How many requests have been sent. */
  sent(): number;
  /** Sends the request once more, with another token if the last one was refused. */
  attempt(isRefused: boolean): Promise<AttemptEnd>;
  pause(milliseconds: number): Promise<void>;
}

/**
 * Makes attempts until one of them settles the call, or no other is allowed or worth it.
 *
 * @returns how the last one ended, and whether the request may have been carried out by one that failed
 */
export async function retry(call: Retrying): Promise<AttemptEnd & { unsure: boolean }> {
  const { method, quota } = call;
  const most = isIdempotent(method) ? call.maxAttempts - 1 : 0;
  let { canRefresh } = call;
  let unsure = false;
  let cost = 0;
  let isRefused = false;
  let retries = 0;
  for (;;) {
    const before = call.sent();
    const end = await call.attempt(isRefused);
    const { exchange } = end;
    const isGone = exchange?.httpStatus === 404 && exchange.status !== 'unexpected';
    if (exchange && unsure && isGone && method === 'DELETE') {
      Object.assign(exchange, { ok: true, status: 'already-deleted', body: undefined });
    }
    const ending = exchange?.httpStatus ?? end.kind ?? 'connection';
    if (exchange?.ok) quota.give(cost);
    else if (call.sent() > before) unsure ||= mayBeDone(ending);
    // Whatever the method: a request that was refused for its token was not carried out.
    isRefused = ending === 401 && canRefresh;
    if (isRefused) {
      canRefresh = false;
      continue;
    }
    const canHelp = !exchange?.ok && isRetryable(ending);
    const delay = backOff(retries, ending, exchange?.retryAfter, Math.random());
    const isWorthIt = canHelp && retries < most && delay < call.timeLeft();
    cost = isWorthIt ? quota.take(ending) : 0;
    if (!cost) return { ...end, unsure };
    retries++;
    await call.pause(delay);
  }
}
