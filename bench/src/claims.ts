import { codeAlone } from './client/clients.ts';
import { OURS } from './contract.ts';
import { BARE, PRISM } from './mock/mocks.ts';
import type { PartName, Results, Row } from './results.ts';
import { growthOf, markdownTable, show, showRatio } from './tables.ts';

const value = (row: Row) => row.median ?? Infinity;
const highest = (rows: Row[]) => rows.reduce((a, b) => (value(b) > value(a) ? b : a));

export interface Claim {
  claim: string;
  aim: string;
  measured: string;
  met: boolean;
}

/** What was aimed at and what came out, missed targets included. Throws for a figure that the results lack. */
export function claims(results: Results): Claim[] {
  const of = (
    part: PartName,
    metric: string,
    { who = OURS, at }: { who?: string; at?: number } = {},
  ) => {
    const row = results[part]?.rows.find(
      (each) => each.metric === metric && each.at === at && each.who === who,
    );
    if (!row) throw new Error(`The results have no "${metric}" of ${who}: pnpm bench ${part}`);
    return row;
  };
  const peers = (part: PartName, metric: string) =>
    (results[part]?.rows ?? []).filter((row) => row.metric === metric && !/^ours/.test(row.who));
  const list = (rows: Row[]) => rows.map(show).join(', ');
  const spread = (row: Row) => showRatio(row, true);
  const atMost = (row: Row, most: number) => (row.ratio ?? Infinity) <= most;

  const code = of('client', 'bundle, gzipped', { who: codeAlone.who });
  const one = of('client', 'bundle, gzipped', { who: 'ours, one operation' });
  const ky = of('client', 'bundle, gzipped', { who: 'ky' });
  const fetchEntry = { who: 'ours, /openapi-fetch' };
  const fetchEntrySize = of('client', 'bundle, gzipped', fetchEntry);
  const [closed, missing] = ['closed', 'not found'].map((words) =>
    of('client', `call over loopback, ${words}`),
  ) as [Row, Row];
  const fetchEntryCalls = ['closed', 'not found'].map((words) =>
    of('client', `call over loopback, ${words}`, fetchEntry),
  );
  const inProcess = of('client', 'call in process, closed');
  const bare = of('client', 'call in process, closed', { who: 'openapi-fetch' });
  const held = of('client', 'memory per call in flight');

  const loads = [1, 20, 200].map((at) => of('mock', 'throughput', { at }));
  const times = [1, 20, 200].map((at) => {
    const [ours, prism, bare] = [OURS, PRISM, BARE].map((who) =>
      value(of('mock', 'processor time per request', { who, at })),
    ) as [number, number, number];
    return { ours, ofPrism: prism / ours, ofBare: ours / bare };
  });
  const first = of('mock', 'time to the first response');
  const idle = of('mock', 'memory, idle');
  const loaded = of('mock', 'memory, after the load');

  const sizes = [100, 400, 1200];
  const large = (metric: string, who = OURS) =>
    sizes.map((size) => of('large', `${metric}, ${size} kB`, { who }));
  const largeLines = (
    [
      ['start', 5000],
      ['slowest first response', 2000],
    ] as const
  ).map(([metric, most]): Claim => {
    const [ours, prism] = [large(metric), large(metric, PRISM)];
    return {
      claim: `Mock, contracts of 100, 400 and 1,200 kB, ${metric}`,
      aim: `under ${most / 1000} s, and no worse than plain Prism`,
      measured: `${list(ours)}; ${list(prism)}`,
      met:
        ours.every((row) => value(row) < most) &&
        ours.every((row, index) => value(row) <= value(prism[index] as Row)),
    };
  });
  const meanwhile = large("another client's p99 meanwhile");

  const paint = of('docs', 'first paint');
  const readable = of('docs', 'everything readable');
  const [before, inAll] = ['bytes before the content', 'bytes in all'].map((metric) =>
    [OURS, 'ours, one of 100 operations'].map((who) => of('docs', metric, { who })),
  ) as [Row[], Row[]];

  const kit = [of('kit', 'run on loopback'), of('kit', 'run at 300 ms per response')] as const;
  const start = of('pipeline', 'first start, empty store');
  const install = of('pipeline', 'bare install, empty store');
  const cached = of('pipeline', 'cached build');
  const saves = ['types', 'mock', 'docs'].map((what) => of('pipeline', `save to ${what}`));

  const { scale } = results;
  if (!scale) throw new Error('The results have no part "scale": pnpm bench scale');
  const largest = Math.max(...scale.rows.map(({ at = 0 }) => at));
  const ends = (metric: string) =>
    [1, largest].map((at) => of('scale', metric, { at })) as [Row, Row];
  const called = ends('client, a call');
  const bundled = ends('client bundle with one operation');
  const whole = ends('client bundle with all operations');
  const perOperation = Math.round((value(whole[1]) - value(whole[0])) / (largest - 1));
  const page = ends('reference, its page gzipped');
  const steepest = scale.rows
    .map(({ metric }) => ({ metric, exponent: growthOf(scale, metric)[0] }))
    .reduce((a, b) => (b.exponent > a.exponent ? b : a));

  return [
    {
      claim: 'Client, its code, gzipped',
      aim: 'at most 7.5 kB without operations, and with one below ky',
      measured: `${show(code)}, with one ${show(one)}; ky ${show(ky)}`,
      met: value(code) <= 7500 && value(one) < value(ky),
    },
    {
      claim: 'Client, `/openapi-fetch`, gzipped',
      aim: 'at most 6.5 kB, and below ky',
      measured: show(fetchEntrySize),
      met: value(fetchEntrySize) <= 6500 && value(fetchEntrySize) < value(ky),
    },
    {
      claim: 'Client, a close over loopback',
      aim: 'at most 1.1 times raw `fetch`',
      measured: spread(closed),
      met: atMost(closed, 1.1),
    },
    {
      claim: 'Client, a 404 over loopback',
      aim: 'at most 1.15 times raw `fetch`',
      measured: spread(missing),
      met: atMost(missing, 1.15),
    },
    {
      claim: 'Client, `/openapi-fetch` over loopback',
      aim: 'at most 1.25 times raw `fetch`',
      measured: fetchEntryCalls.map(spread).join(' and '),
      met: fetchEntryCalls.every((row) => atMost(row, 1.25)),
    },
    {
      claim: 'Client, a call in process',
      aim: 'at most 2.5 times openapi-fetch',
      measured: `${show(inProcess)}; openapi-fetch ${show(bare)}`,
      met: value(inProcess) <= 2.5 * value(bare),
    },
    {
      claim: 'Client, memory per call in flight',
      aim: 'at most twice raw `fetch` with a signal',
      measured: `${show(held)}, ${spread(held)}`,
      met: atMost(held, 2),
    },
    {
      claim: 'Mock, processor time per request at 1, 20 and 200 connections',
      aim: 'at most an eighth of Prism, and 3 times a bare Node server',
      measured: times
        .map(({ ours, ofPrism, ofBare }) => {
          const figure = show({ unit: 'µs', median: ours });
          return `${figure} (1/${ofPrism.toFixed(1)} and ${ofBare.toFixed(1)}×)`;
        })
        .join(', '),
      met: times.every(({ ofPrism, ofBare }) => ofPrism >= 8 && ofBare <= 3),
    },
    {
      claim: 'Mock, throughput at 1, 20 and 200 connections',
      aim: 'at least 5 times Prism',
      measured: loads.map(spread).join(', '),
      met: loads.every(({ ratio = 0 }) => ratio >= 5),
    },
    {
      claim: 'Mock, first response',
      aim: 'at most 0.6 times Prism',
      measured: `${show(first)}, ${spread(first)}`,
      met: atMost(first, 0.6),
    },
    {
      claim: 'Mock, memory',
      aim: 'idle below 110 MB, loaded below 250 MB',
      measured: `${show(idle)} and ${show(loaded)}`,
      met: value(idle) < 110 && value(loaded) < 250,
    },
    ...largeLines,
    {
      claim: "Mock, large contracts, another client's p99 meanwhile",
      aim: 'under 100 ms',
      measured: list(meanwhile),
      met: meanwhile.every((row) => value(row) < 100),
    },
    {
      claim: 'Reference, everything readable',
      aim: 'at first paint, and no peer is faster',
      measured: `${show(readable)}, first paint ${show(paint)}`,
      // The text is looked at every 25 ms of a processor at half speed.
      met:
        value(readable) <= value(paint) + 50 &&
        peers('docs', 'everything readable').every((row) => value(readable) <= value(row)),
    },
    {
      claim: 'Reference, bytes of one operation’s page, alone and among 100',
      aim: 'at most 16 kB before the content and 32 kB in all',
      measured: `${before.map(show).join(' and ')}; ${inAll.map(show).join(' and ')}`,
      met:
        before.every((row) => value(row) <= 16_000) && inAll.every((row) => value(row) <= 32_000),
    },
    {
      claim: 'Kit, the live contract',
      aim: 'under 20 s on loopback, under 60 s at 300 ms per response',
      measured: kit.map(show).join(' and '),
      met: value(kit[0]) < 20 && value(kit[1]) < 60,
    },
    {
      claim: 'First start, empty store',
      aim: 'at most 50 s',
      measured: `${show(start)}; a bare install ${show(install)}`,
      met: value(start) <= 50_000,
    },
    {
      claim: 'Cached build',
      aim: 'under 0.5 s',
      measured: show(cached),
      met: value(cached) < 500,
    },
    {
      claim: 'A save of the contract, until types, mock and reference follow',
      aim: 'under 0.4 s',
      measured: list(saves),
      met: value(highest(saves)) < 400,
    },
    {
      claim: `Growth with the number of operations, up to ${largest.toLocaleString('en')}`,
      aim: 'nothing worse than linear',
      measured: `steepest: ${steepest.metric}, exponent ${steepest.exponent.toFixed(2)}`,
      met: steepest.exponent <= 1.05,
    },
    {
      claim: 'A call, the bundle of one operation and its page',
      aim: 'do not grow with the contract',
      measured: `${list(called)}; ${list(bundled)}; ${list(page)}. A further operation adds ${perOperation} B to a bundle of all`,
      met:
        value(called[1]) <= 1.1 * value(called[0]) &&
        bundled[0].median === bundled[1].median &&
        value(page[1]) <= 1.1 * value(page[0]),
    },
  ];
}

/** The claims as a table. */
export function claimsTable(results: Results): string {
  return markdownTable(
    ['Claim', 'Aim', 'Measured', ''],
    claims(results).map(({ claim, aim, measured, met }) => [
      claim,
      aim,
      measured,
      met ? 'met' : '**missed**',
    ]),
  );
}
