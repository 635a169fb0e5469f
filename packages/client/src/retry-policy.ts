import type { RequestErrorKind } from './request-error.ts';

/*
 * The rules of the AWS SDKs' standard retry mode as of 2026:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 * docs/decisions/client-retries.md says what is taken from there and what differs.
 */

const BASE = 50;
const THROTTLED_BASE = 1000;
const MAX_BACKOFF = 20_000;

const QUOTA = 500;
const COST = 14;
const THROTTLED_COST = 5;
const INCREMENT = 1;

/** What an attempt came to: the status of a response, or the reason why there is none. */
export type Ending = number | RequestErrorKind;

/** Methods that mean the same when they are sent again (RFC 9110, 9.2.2). */
const IDEMPOTENT = /^(GET|HEAD|OPTIONS|PUT|DELETE)$/;
const RETRYABLE = /^(408|429|50[0234]|timeout|refused|dns|reset|connection)$/;
/** The endings after which the request was surely not carried out. */
const NOT_DONE = /^(401|429|refused|dns|certificate)$/;

export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.test(method);
}

/** Whether a retry of an idempotent request can help. */
export function isRetryable(ending: Ending): boolean {
  return RETRYABLE.test(`${ending}`);
}

/** Whether the request may have been carried out, after an ending that is not a success. */
export function mayBeDone(ending: Ending): boolean {
  return !NOT_DONE.test(`${ending}`);
}

/**
 * Whole milliseconds to wait before a retry: exponential back-off with full jitter, or what the service asks for, if
 * that is longer.
 *
 * @param retry 0 for the first retry
 * @param retryAfter milliseconds that the service asks for
 * @param random at least 0 and below 1
 */
export function backOff(
  retry: number,
  ending: Ending,
  retryAfter: number | undefined,
  random: number,
): number {
  const base = ending === 429 ? THROTTLED_BASE : BASE;
  const delay = random * Math.min(base * 2 ** retry, MAX_BACKOFF);
  return Math.round(Math.max(retryAfter ?? 0, delay));
}

/** A bucket of tokens that retries take from and successes fill, so that an outage is not amplified. */
export interface RetryQuota {
  /** Takes what a retry costs, or returns 0 when the bucket does not hold that much. */
  take(ending: Ending): number;
  /** After a success: gives back what its last retry cost, or a little when it took none. */
  give(cost: number): void;
}

export function createRetryQuota(): RetryQuota {
  let tokens = QUOTA;
  return {
    take(ending) {
      const cost = ending === 429 ? THROTTLED_COST : COST;
      if (tokens < cost) return 0;
      tokens -= cost;
      return cost;
    },
    give(cost) {
      tokens = Math.min(QUOTA, tokens + (cost || INCREMENT));
    },
  };
}
