import { expect, test } from 'vitest';
import { runCase } from '../src/run-case.ts';

const METRICS = [['call', 'µs']] as const;

test('every subject runs once per round, the first one changes, and the warm-up is thrown away', async () => {
  const order: string[] = [];
  let value = 0;
  const subjects = ['a', 'b', 'c'].map((who) => ({
    who,
    measure: async () => {
      order.push(who);
      value += 1;
      return [value];
    },
  }));
  const rows = await runCase({ title: '', metrics: METRICS, subjects, warmup: 1, rounds: 2 });
  expect(order.join('')).toBe('abcbcacab');
  expect(rows.map(({ who, median, runs }) => [who, median, runs])).toEqual([
    ['a', 7, 2],
    ['b', 6.5, 2],
    ['c', 6, 2],
  ]);
});

test('rows carry the ratio to the baseline, and say where a figure never came about', async () => {
  const subject = (who: string, values: (number | null)[]) => ({
    who,
    measure: async () => [values.shift() ?? null],
  });
  const rows = await runCase({
    title: '',
    metrics: METRICS,
    rounds: 2,
    baseline: 'raw fetch',
    never: 'not in time',
    subjects: [
      subject('ours', [20, 40]),
      subject('raw fetch', [10, 10]),
      subject('broken', [10, null]),
    ],
  });
  const facts = { metric: 'call', unit: 'µs', runs: 2 };
  expect(rows).toEqual([
    {
      who: 'ours',
      ...facts,
      median: 30,
      low: 25,
      high: 35,
      ratio: 3,
      ratioLow: 2.5,
      ratioHigh: 3.5,
    },
    {
      who: 'raw fetch',
      ...facts,
      median: 10,
      low: 10,
      high: 10,
      ratio: 1,
      ratioLow: 1,
      ratioHigh: 1,
    },
    { who: 'broken', ...facts, median: null, note: 'not in time' },
  ]);
});
