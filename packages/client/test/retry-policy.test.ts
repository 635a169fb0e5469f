import { describe, expect, test } from 'vitest';
import { retryAfterOf } from '../src/headers.ts';
import { backOff, createRetryQuota, isRetryable, mayBeDone } from '../src/retry-policy.ts';

const NOW = Date.parse('2026-11-24T07:00:00Z');

describe('back-off: random × min(base × 2^retry, 20 s)', () => {
  test.each([
    // status, retry, random, expected milliseconds
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
  ])('%i, retry %i, random %f: %i ms', (status, retry, random, expected) => {
    expect(backOff(retry, status, undefined, random)).toBe(expected);
  });

  test('without a response the base is the short one', () => {
    expect(backOff(1, 'reset', undefined, 1)).toBe(100);
  });
});

describe('Retry-After is honored where it is longer than the back-off', () => {
  test.each([
    // status, header, random, expected milliseconds
    [503, '1', 0, 1000],
    [503, '5', 0, 5000],
    [503, '6', 0, 6000],
    [503, '120', 0.5, 120_000],
    [503, '0', 0.5, 25],
    [429, '1', 1, 1000],
    [429, '2', 1, 2000],
    [429, '60', 1, 60_000],
    [503, 'Tue, 24 Nov 2026 07:00:03 GMT', 0, 3000],
    [503, 'Tue, 24 Nov 2026 08:00:00 GMT', 0, 3_600_000],
    [503, 'Tue, 24 Nov 2026 06:00:00 GMT', 0.5, 25],
    [503, 'soon', 0.5, 25],
    [503, '', 0.5, 25],
    [503, '-5', 0.5, 25],
    [503, '9'.repeat(400), 0, Infinity],
  ])('%i with "%s", random %f: %i ms', (status, header, random, expected) => {
    const asked = retryAfterOf({ 'retry-after': header }, NOW);
    expect(backOff(0, status, asked, random)).toBe(expected);
  });
});

test.each(['1.5', '-5', '+5', '12:00', '10 seconds', '31.12.2099', '1e3', 'then GMT'])(
  'Retry-After: %s says nothing',
  (header) => {
    expect(retryAfterOf({ 'retry-after': header }, NOW)).toBeUndefined();
  },
);

describe('the retry quota', () => {
  test('holds 500: 35 retries at 14 each, then none', () => {
    const quota = createRetryQuota();
    const costs = Array.from({ length: 40 }, () => quota.take(500));
    expect(costs.filter((cost) => cost === 14)).toHaveLength(35);
    expect(costs.slice(35)).toEqual([0, 0, 0, 0, 0]);
  });

  test('holds 100 retries of throttled requests at 5 each', () => {
    const quota = createRetryQuota();
    const costs = Array.from({ length: 101 }, () => quota.take(429));
    expect(costs).toEqual([...Array(100).fill(5), 0]);
  });

  test('a success gives back what its last retry cost, or 1 when it had none', () => {
    const quota = createRetryQuota();
    while (quota.take(429));
    expect(quota.take(429)).toBe(0);
    quota.give(5);
    expect(quota.take(429)).toBe(5);
    for (let success = 0; success < 5; success++) quota.give(0);
    expect(quota.take(429)).toBe(5);
    expect(quota.take(429)).toBe(0);
  });

  test('is never fuller than full', () => {
    const quota = createRetryQuota();
    quota.give(14);
    quota.give(0);
    expect(Array.from({ length: 101 }, () => quota.take(429)).at(-1)).toBe(0);
  });
});

describe('which endings allow a retry, and after which the request may have been carried out', () => {
  test.each([
    [408, true],
    [429, false],
    [500, true],
    [502, true],
    [503, true],
    [504, true],
    ['timeout', true],
    ['reset', true],
    ['connection', true],
    ['refused', false],
    ['dns', false],
  ] as const)('%s', (ending, unsure) => {
    expect(isRetryable(ending)).toBe(true);
    expect(mayBeDone(ending)).toBe(unsure);
  });

  test.each([
    ...[200, 400, 401, 403, 404, 409, 418, 425, 501, 505],
    ...(['redirect', 'aborted', 'deadline', 'token', 'invalid-argument', 'fetch'] as const),
    'certificate' as const,
  ])('never after %s', (ending) => {
    expect(isRetryable(ending)).toBe(false);
  });
});
