import { expect, test } from 'vitest';
import { fitExponent, pairedRatio, quantile, summarize } from '../src/statistics.ts';

test('quantiles lie between the values of the sample', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([4, 1, 2, 3], 0.5)).toBe(2.5);
  expect(quantile([0, 10], 0.25)).toBe(2.5);
  expect(() => quantile([], 0.5)).toThrow('empty');
});

test('one disturbed run moves neither median nor quartiles much', () => {
  expect(summarize([10, 11, 12, 13, 9000])).toEqual({ median: 12, low: 11, high: 13, runs: 5 });
});

test('a ratio is taken round by round, so a slow round cancels out', () => {
  expect(pairedRatio([20, 2000, 22], [10, 1000, 11])).toEqual({
    ratio: 2,
    ratioLow: 2,
    ratioHigh: 2,
  });
});

test.each([
  [0, (_: number) => 7],
  [1, (x: number) => 3 * x],
  [2, (x: number) => 0.5 * x * x],
])('growth with the exponent %d is found', (exponent, grow) => {
  expect(fitExponent([100, 1000, 3000].map((x) => [x, grow(x)] as const))).toBeCloseTo(exponent, 6);
});
