import { describe, expect, test } from 'vitest';
import { backOff, createRetryQuota, isRetryable, mayBeDone } from '../src/retry-policy.ts';

const NOW = Date.parse('2026-11-24T07:00:00Z');

function answer(httpStatus: number, retryAfter?: string) {
  return { httpStatus, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } };
}

describe('back-off: random × min(base × 2^repeat, 20 s)', () => {
  test.each([
    // status, repeat, random, expected milliseconds
    [500, 0, 0, 0],
    [500, 0, 0.5, 25],
    [500, 0, 1, 50],
    [500, 1, 1, 100],
    [503, 2, 1, 200],
    [408, 3, 0.5, 200],
    [500, 8, 1, 12_800],
    [500, 9, 1, 20_000],
    [500, 30, 0.5, 10_000],
    [429, 0, 1, 1000],
    [429, 1, 0.25, 500],
    [429, 4, 1, 16_000],
    [429, 5, 1, 20_000],
  ])('%i, repeat %i, random %f: %i ms', (status, repeat, random, expected) => {
    expect(backOff(repeat, answer(status), random, NOW)).toBe(expected);
  });

  test('without an answer the base is the short one', () => {
    expect(backOff(1, undefined, 1, NOW)).toBe(100);
  });
});

describe('Retry-After is honoured from the back-off to 5 s beyond it', () => {
  test.each([
    // status, header, random, expected milliseconds
    [503, '1', 0, 1000],
    [503, '5', 0, 5000],
    [503, '6', 0, 5000],
    [503, '120', 0.5, 5025],
    [503, '0', 0.5, 25],
    [429, '1', 1, 1000],
    [429, '2', 1, 2000],
    [429, '60', 1, 6000],
    [503, 'Tue, 24 Nov 2026 07:00:03 GMT', 0, 3000],
    [503, 'Tue, 24 Nov 2026 08:00:00 GMT', 0, 5000],
    [503, 'Tue, 24 Nov 2026 06:00:00 GMT', 0.5, 25],
    [503, 'soon', 0.5, 25],
    [503, '', 0.5, 25],
    [503, '-5', 0.5, 25],
    [503, '9'.repeat(400), 0, 5000],
  ])('%i with "%s", random %f: %i ms', (status, header, random, expected) => {
    expect(backOff(0, answer(status, header), random, NOW)).toBe(expected);
  });
});

describe('the retry quota', () => {
  test('holds 500: 35 repeats at 14 each, then none', () => {
    const quota = createRetryQuota();
    const costs = Array.from({ length: 40 }, () => quota.take(answer(500)));
    expect(costs.filter((cost) => cost === 14)).toHaveLength(35);
    expect(costs.slice(35)).toEqual([0, 0, 0, 0, 0]);
  });

  test('holds 100 repeats of throttled requests at 5 each', () => {
    const quota = createRetryQuota();
    const costs = Array.from({ length: 101 }, () => quota.take(answer(429)));
    expect(costs).toEqual([...Array(100).fill(5), 0]);
  });

  test('a success gives back what its last repeat cost, or 1 when it had none', () => {
    const quota = createRetryQuota();
    while (quota.take(answer(429)));
    expect(quota.take(answer(429))).toBe(0);
    quota.give(5);
    expect(quota.take(answer(429))).toBe(5);
    for (let success = 0; success < 5; success++) quota.give(0);
    expect(quota.take(answer(429))).toBe(5);
    expect(quota.take(answer(429))).toBe(0);
  });

  test('is never fuller than full', () => {
    const quota = createRetryQuota();
    quota.give(14);
    quota.give(0);
    expect(Array.from({ length: 101 }, () => quota.take(answer(429))).at(-1)).toBe(0);
  });
});

describe('which ends allow a repeat, and after which the request may have been carried out', () => {
  const facts = { ok: false, status: 'unexpected', snippet: '', headers: {}, attempts: 1 } as const;
  const withAnswer = (httpStatus: number, reason: 'status' | 'incomplete-body' = 'status') => ({
    answer: { ...facts, httpStatus, reason, requestId: undefined },
  });
  test.each([
    [withAnswer(408), true, true],
    [withAnswer(429), true, false],
    [withAnswer(500), true, true],
    [withAnswer(502), true, true],
    [withAnswer(503), true, true],
    [withAnswer(504), true, true],
    [withAnswer(200, 'incomplete-body'), true, true],
    [{ kind: 'timeout' }, true, true],
    [{ kind: 'reset' }, true, true],
    [{ kind: 'connection' }, true, true],
    [{ kind: 'refused' }, true, false],
    [{ kind: 'dns' }, true, false],
  ] as const)('%o', (end, retryable, unsure) => {
    expect(isRetryable(end)).toBe(retryable);
    expect(mayBeDone(end)).toBe(unsure);
  });

  test.each([
    ...[200, 400, 401, 403, 404, 409, 418, 425, 501, 505].map((status) => withAnswer(status)),
    withAnswer(404, 'incomplete-body'),
    { kind: 'redirect' },
    { kind: 'aborted' },
    { kind: 'deadline' },
    { kind: 'token' },
    { kind: 'invalid-argument' },
  ] as const)('never after %o', (end) => {
    expect(isRetryable(end)).toBe(false);
  });
});
