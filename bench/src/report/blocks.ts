import type { PartResult, Results, Row } from '../results.ts';
import { formatFigure, formatRatio, markdownTable, provenance } from './format.ts';
import { exponents, need, rowOf, unique } from './read.ts';
import { summary } from './summary.ts';

/** The parts of Markdown files that are made from the results. Each is named in its markers. */
export const blocks: Record<string, (results: Results) => string> = {
  'client-summary': (results) =>
    clientTable(need(results, 'client'), ['bundle, gzipped', 'call over loopback, closed']),
  client: (results) => {
    const part = need(results, 'client');
    return clientTable(part, unique(part.rows, 'metric'));
  },
  'mock-summary': (results) => mockTable(need(results, 'mock'), [20]),
  mock: (results) => mockTable(need(results, 'mock'), [1, 20, 200]),
  docs: (results) => {
    const part = need(results, 'docs');
    return table(
      part,
      unique(part.rows, 'metric').map((metric) => column(metric)),
    );
  },
  pipeline: (results) => {
    const part = need(results, 'pipeline');
    const rows = part.rows.map((row) => [capital(row.metric), formatFigure(row), spread(row)]);
    return `${markdownTable(['', 'Median', 'Quartiles'], rows)}\n\n${provenance(part)}`;
  },
  scale: (results) => scaleTable(need(results, 'scale')),
  summary,
};

interface Column {
  title: string;
  show(part: PartResult, who: string): string;
}

/** A column of one metric, or of several in one cell; `ratio` adds the one to the baseline in brackets. */
function column(
  metric: string | string[],
  { title, at, ratio = false, optional = false }: Partial<ColumnOptions> = {},
): Column {
  const metrics = [metric].flat();
  return {
    title: title ?? capital(metrics.join(' / ')),
    show: (part, who) => {
      const cells = metrics.map((each) => {
        if (optional && !part.rows.some((row) => row.who === who && row.metric === each))
          return '–';
        const row = rowOf(part, who, each, at);
        return `${formatFigure(row)}${ratio ? ` (${formatRatio(row)})` : ''}`;
      });
      return cells.join(' / ');
    },
  };
}

interface ColumnOptions {
  title: string;
  at: number;
  ratio: boolean;
  /** Not everyone has it. */
  optional: boolean;
}

function table(part: PartResult, columns: Column[], note = ''): string {
  const rows = unique(part.rows, 'who').map((who) => [
    who.startsWith('ours') ? `**${who}**` : who,
    ...columns.map(({ show }) => show(part, who)),
  ]);
  return `${markdownTable(['', ...columns.map(({ title }) => title)], rows)}\n\n${provenance(part)}${note}`;
}

function clientTable(part: PartResult, metrics: string[]): string {
  const columns = metrics.map((metric) =>
    column(metric, {
      ratio: metric.startsWith('call over loopback'),
      optional: metric.includes('installed'),
    }),
  );
  return table(part, columns, ' In brackets: times raw `fetch`.');
}

function mockTable(part: PartResult, connections: number[]): string {
  const columns = [
    column('time to the first response', { title: 'First response' }),
    column('memory, idle'),
    column('memory, after the load', { title: 'Memory, loaded' }),
    column('status for a bad id', { title: 'Response to a bad id' }),
  ];
  for (const at of connections) {
    const many = `${at} ${at === 1 ? 'connection' : 'connections'}`;
    columns.push(column('throughput', { title: `Throughput, ${many}`, at, ratio: true }));
    if (connections.length === 1) continue;
    columns.push(column(['latency, p50', 'latency, p99'], { title: `p50 / p99, ${many}`, at }));
  }
  return table(part, columns, ' In brackets: times the Prism CLI.');
}

function scaleTable(part: PartResult): string {
  const sizes = unique(part.rows, 'at');
  const rows = unique(part.rows, 'metric').map((metric) => {
    const { exponent, last } = exponents(part, metric);
    const figures = sizes.map((at) => formatFigure(rowOf(part, 'ours', metric, at)));
    return [capital(metric), ...figures, exponent.toFixed(2), last.toFixed(2)];
  });
  const head = ['Operations', ...sizes.map((at) => new Intl.NumberFormat('en').format(at ?? 0))];
  return `${markdownTable([...head, 'Exponent', 'At the end'], rows)}\n\n${provenance(part)}`;
}

function spread({ unit, low, high, runs, ...row }: Row): string {
  if (runs === 1 || low === undefined || high === undefined) return 'one run';
  const show = (median: number) => formatFigure({ ...row, unit, median, runs });
  return `${show(low)} to ${show(high)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
