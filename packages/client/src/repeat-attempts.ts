import {
  type AttemptEnd,
  backOff,
  isRetryable,
  mayBeDone,
  type RetryQuota,
} from './retry-policy.ts';

/** Methods that mean the same when they are sent again (RFC 9110, 9.2.2). */
const IDEMPOTENT = /^(GET|HEAD|OPTIONS|PUT|DELETE)$/;

/** Makes attempts until one of them settles the call, or no other is allowed or worth it. */
export async function repeatAttempts(
  method: string,
  attempt: (refreshToken: boolean) => Promise<AttemptEnd>,
  pause: (milliseconds: number) => Promise<void>,
  quota: RetryQuota,
  limits: { maxAttempts: number; canRefresh: boolean; timeLeft: () => number },
): Promise<AttemptEnd> {
  const repeatsAllowed = IDEMPOTENT.test(method) ? limits.maxAttempts - 1 : 0;
  let repeats = 0;
  let cost = 0;
  let refresh = false;
  let { canRefresh } = limits;
  let unsure = false;
  for (;;) {
    const end = await attempt(refresh);
    refresh = false;
    const { answer } = end;
    const gone = unsure && method === 'DELETE' && answer?.status === 404;
    if (gone || answer?.ok) {
      quota.give(cost);
      return gone
        ? { answer: { ...answer, ok: true, status: 'done-earlier', body: undefined } }
        : end;
    }
    // Whatever the method: a request that was refused at the door was not carried out.
    if (answer?.httpStatus === 401 && canRefresh) {
      refresh = true;
      canRefresh = false;
      continue;
    }
    if (repeats >= repeatsAllowed || !isRetryable(end)) return end;
    const delay = backOff(repeats, answer, Math.random(), Date.now());
    if (delay >= limits.timeLeft()) return end;
    cost = quota.take(answer);
    if (!cost) return end;
    unsure ||= mayBeDone(end);
    repeats++;
    await pause(delay);
  }
}
