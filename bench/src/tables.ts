import type { PartResult, Row } from './results.ts';
import { fitExponent } from './statistics.ts';

/** Below this many operations fixed costs hide how a figure grows. */
const FIT_FROM = 100;
/** Figures that are shown with their ratio to the baseline. */
const WITH_RATIO = /^(call over loopback|throughput|processor time|memory per call)/;

const number = (value: number, digits = 3) =>
  new Intl.NumberFormat('en', { maximumSignificantDigits: digits }).format(value);

/** A figure as people read it, with its unit. Bytes become kB or MB (thousands), milliseconds above a second become s. */
export function show({
  unit,
  median,
  note = 'never',
}: Pick<Row, 'unit' | 'median' | 'note'>): string {
  if (median === null) return note;
  if (unit === 'bytes' && median < 1000) return `${median} B`;
  if (unit === 'bytes' && median < 1e6) return `${number(median / 1e3)} kB`;
  if (unit === 'bytes') return `${number(median / 1e6)} MB`;
  if (unit === 'ms' && median >= 1000) return `${number(median / 1000)} s`;
  if (unit === 'requests/s') return `${number(median, 4)}/s`;
  if (unit === 'count' || unit === 'status') return String(median);
  if (unit === 'score') return median.toFixed(3);
  return `${number(median)} ${unit}`;
}

/** The ratio to the baseline, `1.08×`, on request with its quartiles. */
export function showRatio(
  { ratio = Number.NaN, ratioLow = ratio, ratioHigh = ratio }: Row,
  spread = false,
): string {
  return `${number(ratio)}×${spread ? ` (${number(ratioLow)} to ${number(ratioHigh)})` : ''}`;
}

export function markdownTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Everyone's figures, a line each: all metrics, or those that match. */
export function byWho(part: PartResult, note = '', metrics = /./): string {
  const rows = part.rows.filter((row) => metrics.test(title(row)));
  const columns = unique(rows.map(title));
  const lines = unique(rows.map(({ who }) => who)).map((who) => [
    who.startsWith('ours') ? `**${who}**` : who,
    ...columns.map((column) => cell(rows.find((row) => row.who === who && title(row) === column))),
  ]);
  return `${markdownTable(['', ...columns], lines)}\n\n${provenance(part)}${note}`;
}

/** Our figures with their quartiles, a line each. */
export function withSpread(part: PartResult): string {
  const lines = part.rows.map((row) => {
    const { unit, low = null, high = null, runs } = row;
    const spread = `${show({ unit, median: low })} to ${show({ unit, median: high })}`;
    return [title(row), show(row), runs === 1 ? 'one run' : spread];
  });
  return `${markdownTable(['', 'Median', 'Quartiles'], lines)}\n\n${provenance(part)}`;
}

/** Our figures by the number of operations, a line each, with the exponent of their growth. */
export function bySize(part: PartResult): string {
  const sizes = unique(part.rows.map(({ at = 0 }) => at));
  const lines = unique(part.rows.map(({ metric }) => metric)).map((metric) => {
    const rows = part.rows.filter((row) => row.metric === metric);
    const growth = growthOf(part, metric).map((exponent) => exponent.toFixed(2));
    return [
      capital(metric),
      ...sizes.map((at) => cell(rows.find((row) => row.at === at))),
      ...growth,
    ];
  });
  const head = ['Operations', ...sizes.map((at) => number(at)), 'Exponent', 'At the end'];
  return `${markdownTable(head, lines)}\n\n${provenance(part)}`;
}

/**
 * The exponent of `median ≈ c · n^exponent`, by least squares on logarithms: over all contracts from 100 operations on,
 * and between the two largest only.
 */
export function growthOf(part: PartResult, metric: string): [all: number, last: number] {
  const points = part.rows.flatMap(({ metric: its, at = 0, median }) =>
    its === metric && median !== null && at >= FIT_FROM ? [[at, median] as const] : [],
  );
  return [fitExponent(points), fitExponent(points.slice(-2))];
}

/** When and where, in a sentence. */
function provenance({ date, machine, commit, quick }: PartResult): string {
  const where = `${machine.cores} cores of ${machine.cpu}, ${machine.memoryGb} GB, Node ${machine.node.slice(1)}`;
  const warning = quick ? ' A smoke run: these figures mean nothing.' : '';
  return `Measured ${date.slice(0, 10)} at \`${commit}\` on ${where}.${warning}`;
}

function cell(row: Row | undefined): string {
  if (!row) return '–';
  return WITH_RATIO.test(row.metric) ? `${show(row)} (${showRatio(row)})` : show(row);
}

function title({ metric, at }: Row): string {
  return (
    capital(metric) + (at === undefined ? '' : `, ${at} ${at === 1 ? 'connection' : 'connections'}`)
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function unique<T>(values: T[]): T[] {
  return [...new Set(values)];
}
