import type { Fit, Row } from './results-file.ts';

/** What a part of the benchmark is given. */
export interface BenchContext {
  /** Run everything once and briefly, to show that it works. */
  quick: boolean;
  /** Measure nobody but ourselves and what needs no package. */
  oursOnly: boolean;
  /** Says what is going on, in a line. */
  progress(line: string): void;
}

/** What a part finds. */
export interface Findings {
  rows: Row[];
  fits?: Fit[];
  versions: Record<string, string>;
}

export type Part = (context: BenchContext) => Promise<Findings>;
