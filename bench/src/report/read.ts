import type { PartResult, Results, Row } from '../results.ts';
import { fitExponent } from '../statistics.ts';

/** Below this many operations fixed costs hide how a figure grows. */
const FIT_FROM = 100;

/** One part of the results, or an error that says how to get it. */
export function need(results: Results, name: keyof Results): PartResult {
  const part = results[name];
  if (!part) throw new Error(`The results have no part "${name}": pnpm bench ${name}`);
  return part;
}

/** Finds one row, or fails with its name: a block never leaves out a figure in silence. */
export function rowOf(part: PartResult, who: string, metric: string, at?: number): Row {
  const row = part.rows.find(
    (each) => each.who === who && each.metric === metric && each.at === at,
  );
  if (!row) throw new Error(`The results have no "${metric}" of ${who}. Run the benchmark again.`);
  return row;
}

/** The values of a field, in the order in which they come up. */
export function unique<Field extends 'who' | 'metric' | 'at'>(
  rows: readonly Row[],
  field: Field,
): Row[Field][] {
  return [...new Set(rows.map((row) => row[field]))];
}

/**
 * How a figure grows with the number of operations, `median ≈ c · n^exponent`: by least squares over all contracts
 * from 100 operations on, and between the two largest only.
 */
export function exponents(part: PartResult, metric: string): { exponent: number; last: number } {
  const points = part.rows.flatMap(({ metric: its, at = 0, median }) =>
    its === metric && median !== null && at >= FIT_FROM ? [[at, median] as const] : [],
  );
  return { exponent: fitExponent(points), last: fitExponent(points.slice(-2)) };
}
