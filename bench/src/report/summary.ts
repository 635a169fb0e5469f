import type { Results, Row } from '../results.ts';
import { digits, formatFigure, formatRatio, markdownTable } from './format.ts';
import { exponents, need, rowOf, unique } from './read.ts';

const who = 'ours';
const value = (row: Row) => row.median ?? Infinity;
const lowest = (rows: Row[]) => rows.reduce((a, b) => (value(b) < value(a) ? b : a));
const highest = (rows: Row[]) => rows.reduce((a, b) => ((b.median ?? 0) > (a.median ?? 0) ? b : a));

/** What was aimed at and what came out, missed targets included. */
export function summary(results: Results): string {
  const client = need(results, 'client');
  const mock = need(results, 'mock');
  const docs = need(results, 'docs');
  const pipeline = need(results, 'pipeline');
  const scale = need(results, 'scale');

  const size = rowOf(client, who, 'bundle, gzipped');
  const retrying = ['ky', 'ofetch'].map((peer) => rowOf(client, peer, 'bundle, gzipped'));
  const call = rowOf(client, who, 'call over loopback, closed');
  const load = rowOf(mock, who, 'throughput', 20);
  const checking = highest(
    unique(mock.rows, 'who')
      .filter((peer) => peer !== who && value(rowOf(mock, peer, 'status for a bad id')) >= 400)
      .map((peer) => rowOf(mock, peer, 'throughput', 20)),
  );
  const paint = rowOf(docs, who, 'first paint');
  const readable = rowOf(docs, who, 'everything readable');
  const best = lowest(
    unique(docs.rows, 'who')
      .filter((peer) => peer !== who)
      .map((peer) => rowOf(docs, peer, 'everything readable')),
  );
  const cached = rowOf(pipeline, who, 'cached build');
  const save = highest(
    ['types', 'mock', 'docs'].map((what) => rowOf(pipeline, who, `save to ${what}`)),
  );
  const steepest = unique(scale.rows, 'metric')
    .map((metric) => ({ metric, ...exponents(scale, metric) }))
    .reduce((a, b) => (b.exponent > a.exponent ? b : a));
  const largest = Math.max(...scale.rows.map(({ at }) => at ?? 0));
  const between = (metric: string): [small: Row, large: Row] => [
    rowOf(scale, who, metric, 1),
    rowOf(scale, who, metric, largest),
  ];
  const called = between('client, a call');
  const one = between('client bundle with one operation');

  const claims: [claim: string, aim: string, measured: string, met: boolean][] = [
    [
      'Client, gzipped',
      'smaller than every peer that retries failed calls',
      `${formatFigure(size)}; ${retrying.map((each) => `${each.who} ${formatFigure(each)}`).join(', ')}`,
      retrying.every((each) => value(size) < value(each)),
    ],
    [
      'Client, a call over loopback',
      'within 10 % of raw `fetch`',
      formatRatio(call),
      (call.ratio ?? Infinity) <= 1.1,
    ],
    [
      'Mock, throughput',
      'at least 4 times the Prism CLI',
      formatRatio(load),
      (load.ratio ?? 0) >= 4,
    ],
    [
      'Mock, throughput',
      'no slower than the fastest peer that checks requests',
      `${formatFigure(load)}; ${checking.who} ${formatFigure(checking)}`,
      value(load) >= value(checking),
    ],
    [
      'Reference, everything readable',
      'at first paint, and no peer is faster',
      `${formatFigure(readable)}, first paint ${formatFigure(paint)}; best peer ${formatFigure(best)}`,
      // The text is looked at every 25 ms of a processor at half speed.
      value(readable) <= value(paint) + 50 && value(readable) <= value(best),
    ],
    ['Cached build', 'under 0.5 s', formatFigure(cached), value(cached) < 500],
    [
      'A save of the contract, until types, mock and reference follow',
      'under 1 s',
      formatFigure(save),
      value(save) < 1000,
    ],
    [
      `Growth with the number of operations, up to ${new Intl.NumberFormat('en').format(largest)}`,
      'nothing worse than linear',
      `steepest: ${steepest.metric}, exponent ${digits(steepest.exponent)}`,
      steepest.exponent <= 1.05,
    ],
    [
      'Client, a call',
      'costs no more in a large contract',
      called.map(formatFigure).join(' and '),
      value(called[1]) <= 1.1 * value(called[0]),
    ],
    [
      'Client bundle with one operation',
      'does not grow with the contract',
      one.map(formatFigure).join(' and '),
      one[0].median === one[1].median,
    ],
  ];
  return markdownTable(
    ['Claim', 'Aim', 'Measured', ''],
    claims.map(([claim, aim, measured, met]) => [claim, aim, measured, met ? 'met' : '**missed**']),
  );
}
