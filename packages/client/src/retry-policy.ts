import type { Answer } from './client-types.ts';
import type { NoAnswerKind } from './no-answer-error.ts';

/*
 * The rules of the AWS SDKs' standard retry mode as of 2026:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 * docs/decisions/client-retries.md says what is taken from there and what differs.
 */

const BASE = 50;
const THROTTLED_BASE = 1000;
const MAX_BACKOFF = 20_000;
/** How far `Retry-After` can lengthen a wait. */
const MAX_EXTRA = 5000;

const QUOTA = 500;
const COST = 14;
const THROTTLED_COST = 5;
const INCREMENT = 1;

/** What came of an attempt: an HTTP answer, or the reason why there is none. */
export type AttemptEnd =
  | { readonly answer: Answer; readonly kind?: undefined; readonly cause?: undefined }
  | { readonly answer?: undefined; readonly kind: NoAnswerKind; readonly cause?: unknown };

const RETRYABLE = /^(408|429|50[0234]|timeout|refused|dns|reset|connection)$/;
/** The retryable ends after which the request was surely not carried out. */
const NOT_DONE = /^(429|refused|dns)$/;

/** Whether a repeat of an idempotent request can help. */
export function isRetryable(end: AttemptEnd): boolean {
  return RETRYABLE.test(nameOf(end)) || isBrokenSuccess(end.answer);
}

/** Whether the request may have been carried out, after an end that is retryable. */
export function mayBeDone(end: AttemptEnd): boolean {
  return !NOT_DONE.test(nameOf(end));
}

function nameOf({ answer, kind }: AttemptEnd): string {
  return `${answer?.httpStatus ?? kind}`;
}

/** A 2xx whose body broke off: a connection failure in all but name. */
function isBrokenSuccess(answer: Answer | undefined): boolean {
  return (
    answer?.status === 'unexpected' &&
    answer.reason === 'incomplete-body' &&
    answer.httpStatus < 300
  );
}

/**
 * Whole milliseconds to wait before a repeat: exponential back-off with full jitter, lengthened by `Retry-After`, which
 * is honoured between the back-off and five seconds more.
 *
 * @param repeat 0 for the first repeat
 * @param random at least 0 and below 1
 * @param now the time in milliseconds since 1970, for a `Retry-After` that is a date
 */
export function backOff(
  repeat: number,
  answer: Pick<Answer, 'httpStatus' | 'headers'> | undefined,
  random: number,
  now: number,
): number {
  const base = isThrottled(answer) ? THROTTLED_BASE : BASE;
  const delay = random * Math.min(base * 2 ** repeat, MAX_BACKOFF);
  const header = answer?.headers['retry-after'] ?? '';
  const asked = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Math.round(Math.min(Math.max(asked || 0, delay), delay + MAX_EXTRA));
}

function isThrottled(answer: Pick<Answer, 'httpStatus'> | undefined): boolean {
  return answer?.httpStatus === 429;
}

/** A bucket of tokens that repeats take from and successes fill, so that an outage is not amplified. */
export interface RetryQuota {
  /** Takes what a repeat costs, or returns 0 when the bucket does not hold that much. */
  take(answer: Pick<Answer, 'httpStatus'> | undefined): number;
  /** After a success: gives back what its last repeat cost, or a little when it took none. */
  give(cost: number): void;
}

export function createRetryQuota(): RetryQuota {
  let tokens = QUOTA;
  return {
    take(answer) {
      const cost = isThrottled(answer) ? THROTTLED_COST : COST;
      if (tokens < cost) return 0;
      tokens -= cost;
      return cost;
    },
    give(cost) {
      tokens = Math.min(QUOTA, tokens + (cost || INCREMENT));
    },
  };
}
