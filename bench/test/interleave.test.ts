import { expect, test } from 'vitest';
import { interleave, toRows } from '../src/interleave.ts';

test('every contender runs once per round, and the first one changes', async () => {
  const order: string[] = [];
  const contender = (name: string, value: number) => async () => {
    order.push(name);
    return value;
  };
  const samples = await interleave(3, {
    a: contender('a', 1),
    b: contender('b', 2),
    c: contender('c', 3),
  });
  expect(order.join('')).toBe('abcbcacab');
  expect(samples).toEqual({ a: [1, 1, 1], b: [2, 2, 2], c: [3, 3, 3] });
});

test('rows carry the ratio to the baseline', () => {
  const rows = toRows(
    { ours: [20, 40], 'raw fetch': [10, 10] },
    { metric: 'call', unit: 'µs', baseline: 'raw fetch' },
  );
  expect(rows).toEqual([
    { who: 'ours', metric: 'call', unit: 'µs', median: 30, low: 25, high: 35, runs: 2, ratio: 3 },
    {
      who: 'raw fetch',
      metric: 'call',
      unit: 'µs',
      median: 10,
      low: 10,
      high: 10,
      runs: 2,
      ratio: 1,
    },
  ]);
});
