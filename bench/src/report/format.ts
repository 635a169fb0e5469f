import type { PartResult, Row } from '../results.ts';

/** A figure as people read it, with its unit. Bytes become kB or MB (thousands), milliseconds above a second become s. */
export function formatFigure({ unit, median, note }: Row): string {
  if (median === null) return note ?? 'never';
  switch (unit) {
    case 'bytes':
      if (median < 1000) return `${median} B`;
      return median < 1e6 ? `${digits(median / 1e3)} kB` : `${digits(median / 1e6)} MB`;
    case 'ms':
      return median < 1000 ? `${digits(median)} ms` : `${digits(median / 1000)} s`;
    case 'requests/s':
      return `${new Intl.NumberFormat('en').format(Math.round(median))}/s`;
    case 'count':
    case 'status':
      return String(median);
    case 'score':
      return median.toFixed(3);
    default:
      return `${digits(median)} ${unit}`;
  }
}

/** The ratio to the baseline: `1.08×`. */
export function formatRatio({ ratio }: Row): string {
  return ratio === undefined ? '' : `${digits(ratio)}×`;
}

/** Three significant digits. */
export function digits(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value);
}

export function markdownTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** When and where, in a sentence. */
export function provenance({ date, machine, commit, quick }: PartResult): string {
  const where = `${machine.cores} cores of ${machine.cpu}, ${machine.memoryGb} GB, Node ${machine.node.slice(1)}`;
  const warning = quick ? ' A smoke run: these figures mean nothing.' : '';
  return `Measured ${date.slice(0, 10)} at \`${commit}\` on ${where}.${warning}`;
}
