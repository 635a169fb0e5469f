import type { PartResult, Results, Row } from '../results-file.ts';
import {
  digits,
  formatFigure,
  formatRatio,
  markdownTable,
  names,
  provenance,
  rowOf,
} from './format.ts';

/** The parts of Markdown files that are made from the results. Each is named in its markers. */
export const blocks: Record<string, (results: Results) => string> = {
  'client-summary': (results) =>
    clientTable(need(results, 'client'), ['bundle, gzipped', 'call over loopback, closed']),
  client: (results) => clientTable(need(results, 'client'), CLIENT_METRICS),
  'mock-summary': (results) => mockTable(need(results, 'mock'), [20]),
  mock: (results) => mockTable(need(results, 'mock'), [1, 20, 200]),
  docs: (results) => docsTable(need(results, 'docs')),
  pipeline: (results) => pipelineTable(need(results, 'pipeline')),
  scale: (results) => scaleTable(need(results, 'scale')),
  summary,
};

const CLIENT_METRICS = [
  'bundle, minified',
  'bundle, gzipped',
  'installed size',
  'packages installed',
  'call in process, closed',
  'call in process, not found',
  'call over loopback, closed',
  'call over loopback, not found',
];

function clientTable(part: PartResult, metrics: string[]): string {
  const rows = names(part).map((who) => [
    bold(who),
    ...metrics.map((metric) => {
      const row = part.rows.find((each) => each.who === who && each.metric === metric);
      if (!row) return '–';
      const ratio = metric.startsWith('call over loopback') ? ` (${formatRatio(row)})` : '';
      return `${formatFigure(row)}${ratio}`;
    }),
  ]);
  return `${markdownTable(['', ...metrics.map(capital)], rows)}\n\n${provenance(part)} In brackets: times raw \`fetch\`.`;
}

function mockTable(part: PartResult, connections: number[]): string {
  const several = connections.length > 1;
  const head = ['', 'First answer', 'Memory, idle', 'Memory, loaded', 'A bad id is answered with'];
  for (const at of connections) {
    const many = `${at} ${at === 1 ? 'connection' : 'connections'}`;
    head.push(`Throughput, ${many}`, ...(several ? [`p50 / p99, ${many}`] : []));
  }
  const rows = names(part).map((who) => {
    const cells = [
      bold(who),
      formatFigure(rowOf(part, who, 'time to the first answer')),
      formatFigure(rowOf(part, who, 'memory, idle')),
      formatFigure(rowOf(part, who, 'memory, after the load')),
      formatFigure(rowOf(part, who, 'status for a bad id')),
    ];
    for (const at of connections) {
      const load = rowOf(part, who, 'throughput', at);
      cells.push(`${formatFigure(load)} (${formatRatio(load)})`);
      if (several) {
        const times = ['latency, p50', 'latency, p99'].map((metric) =>
          formatFigure(rowOf(part, who, metric, at)),
        );
        cells.push(times.join(' / '));
      }
    }
    return cells;
  });
  return `${markdownTable(head, rows)}\n\n${provenance(part)} In brackets: times the Prism CLI.`;
}

function docsTable(part: PartResult): string {
  const metrics = [...new Set(part.rows.map(({ metric }) => metric))];
  const rows = names(part).map((who) => [
    bold(who),
    ...metrics.map((metric) => formatFigure(rowOf(part, who, metric))),
  ]);
  return `${markdownTable(['', ...metrics.map(capital)], rows)}\n\n${provenance(part)}`;
}

function pipelineTable(part: PartResult): string {
  const rows = part.rows.map((row) => [capital(row.metric), formatFigure(row), spread(row)]);
  return `${markdownTable(['', 'Median', 'Quartiles'], rows)}\n\n${provenance(part)}`;
}

function scaleTable(part: PartResult): string {
  const sizes = [...new Set(part.rows.map(({ at }) => at ?? 0))];
  const metrics = [...new Set(part.rows.map(({ metric }) => metric))];
  const rows = metrics.map((metric) => {
    const fit = part.fits?.find((each) => each.metric === metric);
    return [
      capital(metric),
      ...sizes.map((at) => formatFigure(rowOf(part, 'ours', metric, at))),
      fit ? fit.exponent.toFixed(2) : '–',
      fit ? fit.last.toFixed(2) : '–',
    ];
  });
  const head = ['Operations', ...sizes.map((at) => new Intl.NumberFormat('en').format(at))];
  return `${markdownTable([...head, 'Exponent', 'At the end'], rows)}\n\n${provenance(part)}`;
}

/** What was aimed at and what came out, missed targets included. */
function summary(results: Results): string {
  const client = need(results, 'client');
  const mock = need(results, 'mock');
  const docs = need(results, 'docs');
  const pipeline = need(results, 'pipeline');
  const scale = need(results, 'scale');
  const who = 'ours';

  const size = rowOf(client, who, 'bundle, gzipped');
  const retrying = ['ky', 'ofetch'].map((peer) => rowOf(client, peer, 'bundle, gzipped'));
  const call = rowOf(client, who, 'call over loopback, closed');
  const load = rowOf(mock, who, 'throughput', 20);
  const validating = names(mock)
    .filter((peer) => peer !== who && (rowOf(mock, peer, 'status for a bad id').median ?? 0) >= 400)
    .map((peer) => rowOf(mock, peer, 'throughput', 20));
  const fastest = validating.reduce((best, each) =>
    (each.median ?? 0) > (best.median ?? 0) ? each : best,
  );
  const paint = rowOf(docs, who, 'first paint');
  const readable = rowOf(docs, who, 'everything readable');
  const others = names(docs)
    .filter((peer) => peer !== who)
    .map((peer) => rowOf(docs, peer, 'everything readable').median ?? Infinity);
  const cached = rowOf(pipeline, who, 'cached build');
  const saves = ['types', 'mock', 'docs'].map((what) => rowOf(pipeline, who, `save to ${what}`));
  const slowest = saves.reduce((worst, each) =>
    (each.median ?? 0) > (worst.median ?? 0) ? each : worst,
  );
  const steepest = (scale.fits ?? []).reduce((worst, each) =>
    each.exponent > worst.exponent ? each : worst,
  );
  const one = (at: number) => rowOf(scale, who, 'client bundle with one operation', at);
  const called = (at: number) => rowOf(scale, who, 'client, a call', at);
  const largest = Math.max(...scale.rows.map(({ at }) => at ?? 0));

  return markdownTable(
    ['Claim', 'Aim', 'Measured', ''],
    [
      [
        'Client, gzipped',
        'smaller than every peer that repeats failed calls',
        `${formatFigure(size)}; ${retrying.map((each) => `${each.who} ${formatFigure(each)}`).join(', ')}`,
        verdict(retrying.every(({ median }) => (size.median ?? 0) < (median ?? 0))),
      ],
      [
        'Client, a call over loopback',
        'within 10 % of raw `fetch`',
        formatRatio(call),
        verdict((call.ratio ?? Infinity) <= 1.1),
      ],
      [
        'Mock, throughput',
        'at least 4 times the Prism CLI',
        formatRatio(load),
        verdict((load.ratio ?? 0) >= 4),
      ],
      [
        'Mock, throughput',
        'no slower than the fastest peer that checks requests',
        `${formatFigure(load)}; ${fastest.who} ${formatFigure(fastest)}`,
        verdict((load.median ?? 0) >= (fastest.median ?? 0)),
      ],
      [
        'Reference, everything readable',
        'at first paint, and no peer is faster',
        `${formatFigure(readable)}, first paint ${formatFigure(paint)}; best peer ${best(others)}`,
        // The text is looked at every 25 ms of a processor at half speed.
        verdict(
          (readable.median ?? Infinity) <= (paint.median ?? 0) + 50 &&
            (readable.median ?? Infinity) <= Math.min(...others),
        ),
      ],
      ['Cached build', 'under 0.5 s', formatFigure(cached), verdict((cached.median ?? 0) < 500)],
      [
        'A save of the contract, until types, mock and reference follow',
        'under 1 s',
        formatFigure(slowest),
        verdict((slowest.median ?? Infinity) < 1000),
      ],
      [
        `Growth with the number of operations, up to ${new Intl.NumberFormat('en').format(largest)}`,
        'nothing worse than linear',
        `steepest: ${steepest.metric}, exponent ${digits(steepest.exponent)}`,
        verdict(steepest.exponent <= 1.05),
      ],
      [
        'Client, a call',
        'costs no more in a large contract',
        `${formatFigure(called(1))} and ${formatFigure(called(largest))}`,
        verdict((called(largest).median ?? Infinity) <= 1.1 * (called(1).median ?? 0)),
      ],
      [
        'Client bundle with one operation',
        'does not grow with the contract',
        `${formatFigure(one(1))} and ${formatFigure(one(largest))}`,
        verdict(one(1).median === one(largest).median),
      ],
    ],
  );
}

function best(times: number[]): string {
  const least = Math.min(...times);
  return Number.isFinite(least)
    ? formatFigure({ who: '', metric: '', unit: 'ms', median: least, runs: 1 })
    : 'never';
}

function verdict(met: boolean): string {
  return met ? 'met' : '**missed**';
}

function spread({ unit, low, high, runs }: Row): string {
  if (runs === 1 || low === undefined || high === undefined) return 'one run';
  const show = (median: number) => formatFigure({ who: '', metric: '', unit, median, runs });
  return `${show(low)} to ${show(high)}`;
}

function need(results: Results, name: keyof Results): PartResult {
  const part = results[name];
  if (!part) throw new Error(`The results have no part "${name}": pnpm bench ${name}`);
  return part;
}

function bold(who: string): string {
  return who.startsWith('ours') ? `**${who}**` : who;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
