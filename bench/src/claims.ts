import type { PartName, Results, Row } from './results.ts';
import { growthOf, markdownTable, show, showRatio } from './tables.ts';

const OURS = 'ours';
const value = (row: Row) => row.median ?? Infinity;
const lowest = (rows: Row[]) => rows.reduce((a, b) => (value(b) < value(a) ? b : a));
const highest = (rows: Row[]) => rows.reduce((a, b) => (value(b) > value(a) ? b : a));

/** What was aimed at and what came out, missed targets included. Throws for a figure that the results lack. */
export function claims(results: Results): string {
  const rows = (part: PartName, metric: string, at?: number) =>
    (results[part]?.rows ?? []).filter((row) => row.metric === metric && row.at === at);
  const of = (
    part: PartName,
    metric: string,
    { who = OURS, at }: { who?: string; at?: number } = {},
  ) => {
    const row = rows(part, metric, at).find((each) => each.who === who);
    if (!row) throw new Error(`The results have no "${metric}" of ${who}: pnpm bench ${part}`);
    return row;
  };
  const others = (all: Row[]) => all.filter(({ who }) => who !== OURS);
  const both = (all: Row[]) => all.map(show).join(' and ');

  const size = of('client', 'bundle, gzipped');
  const retrying = ['ky', 'ofetch'].map((who) => of('client', 'bundle, gzipped', { who }));
  const call = of('client', 'call over loopback, closed');
  const load = of('mock', 'throughput', { at: 20 });
  const checking = others(rows('mock', 'status for a bad id')).filter((row) => value(row) >= 400);
  const fastest = highest(checking.map(({ who }) => of('mock', 'throughput', { who, at: 20 })));
  const paint = of('docs', 'first paint');
  const readable = of('docs', 'everything readable');
  const best = lowest(others(rows('docs', 'everything readable')));
  const cached = of('pipeline', 'cached build');
  const save = highest(['types', 'mock', 'docs'].map((what) => of('pipeline', `save to ${what}`)));
  const { scale } = results;
  if (!scale) throw new Error('The results have no part "scale": pnpm bench scale');
  const largest = Math.max(...scale.rows.map(({ at = 0 }) => at));
  const ends = (metric: string) =>
    [1, largest].map((at) => of('scale', metric, { at })) as [Row, Row];
  const called = ends('client, a call');
  const one = ends('client bundle with one operation');
  const steepest = scale.rows
    .map(({ metric }) => ({ metric, exponent: growthOf(scale, metric)[0] }))
    .reduce((a, b) => (b.exponent > a.exponent ? b : a));

  const lines: [claim: string, aim: string, measured: string, met: boolean][] = [
    [
      'Client, gzipped',
      'smaller than every peer that retries failed calls',
      `${show(size)}; ${retrying.map((row) => `${row.who} ${show(row)}`).join(', ')}`,
      retrying.every((row) => value(size) < value(row)),
    ],
    [
      'Client, a call over loopback',
      'within 10 % of raw `fetch`',
      showRatio(call),
      (call.ratio ?? Infinity) <= 1.1,
    ],
    ['Mock, throughput', 'at least 4 times the Prism CLI', showRatio(load), (load.ratio ?? 0) >= 4],
    [
      'Mock, throughput',
      'no slower than the fastest peer that checks requests',
      `${show(load)}; ${fastest.who} ${show(fastest)}`,
      value(load) >= value(fastest),
    ],
    [
      'Reference, everything readable',
      'at first paint, and no peer is faster',
      `${show(readable)}, first paint ${show(paint)}; best peer ${show(best)}`,
      // The text is looked at every 25 ms of a processor at half speed.
      value(readable) <= value(paint) + 50 && value(readable) <= value(best),
    ],
    ['Cached build', 'under 0.5 s', show(cached), value(cached) < 500],
    [
      'A save of the contract, until types, mock and reference follow',
      'under 1 s',
      show(save),
      value(save) < 1000,
    ],
    [
      `Growth with the number of operations, up to ${largest.toLocaleString('en')}`,
      'nothing worse than linear',
      `steepest: ${steepest.metric}, exponent ${steepest.exponent.toFixed(2)}`,
      steepest.exponent <= 1.05,
    ],
    [
      'Client, a call',
      'costs no more in a large contract',
      both(called),
      value(called[1]) <= 1.1 * value(called[0]),
    ],
    [
      'Client bundle with one operation',
      'does not grow with the contract',
      both(one),
      one[0].median === one[1].median,
    ],
  ];
  return markdownTable(
    ['Claim', 'Aim', 'Measured', ''],
    lines.map(([claim, aim, measured, met]) => [claim, aim, measured, met ? 'met' : '**missed**']),
  );
}
