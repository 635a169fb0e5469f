import type { Row, Unit } from './results.ts';
import { pairedRatio, summarize } from './statistics.ts';

export interface Subject {
  /** Whose figures these are. */
  who: string;
  /** Connections, or operations of the contract. */
  at?: number;
  /** Measures once: one value per metric, null for what never came about. */
  measure(): Promise<(number | null)[]>;
}

/** Figures that are taken together of all subjects. */
export interface Case {
  title: string;
  metrics: readonly (readonly [metric: string, unit: Unit])[];
  subjects: Subject[];
  /** How often each subject is measured. Default: 1. */
  rounds?: number;
  /** Rounds before those, whose figures are thrown away: they compile code and open connections. Default: 0. */
  warmup?: number;
  /** The subject that the others are compared with. */
  baseline?: string;
  /** What is said of a figure that never came about. */
  never?: string;
}

/** What a part of the benchmark is given. */
export interface Context {
  /** Run everything once and briefly, to show that it works. */
  quick: boolean;
  /** Measure nobody but ourselves and what needs no package. */
  oursOnly: boolean;
  /** For the exact versions of all that is measured. */
  versions: Record<string, string>;
}

/** A part of the benchmark: it yields its cases, and cleans up what they need when it is asked for the next. */
export type Part = (context: Context) => AsyncGenerator<Case>;

/**
 * Measures each subject once per round, in an order that rotates, so that none of them always follows the same
 * neighbor and a slow minute hits all of them alike.
 */
export async function runCase(
  { metrics, subjects, rounds = 1, warmup = 0, baseline, never = 'never' }: Case,
  quick = false,
): Promise<Row[]> {
  const taken = subjects.map(() => [] as (number | null)[][]);
  const [skipped, kept] = quick ? [0, 1] : [warmup, rounds];
  for (let round = -skipped; round < kept; round += 1) {
    for (let step = 0; step < subjects.length; step += 1) {
      const index = (round + skipped + step) % subjects.length;
      const values = await subjects[index]?.measure();
      if (round >= 0 && values) taken[index]?.push(values);
    }
  }
  const sampleOf = (subject: number, metric: number) =>
    taken[subject]?.map((values) => values[metric] ?? null) ?? [];
  return subjects.flatMap(({ who, at }, index) =>
    metrics.map(([metric, unit], column) => {
      const facts = { who, metric, ...(at !== undefined && { at }), unit };
      const sample = sampleOf(index, column);
      if (!isComplete(sample)) {
        return { ...facts, median: null, runs: sample.length, note: never };
      }
      const other = subjects.findIndex((each) => each.who === baseline && each.at === at);
      const reference = sampleOf(other, column);
      const ratios =
        other >= 0 && isComplete(reference) ? pairedRatio(sample, reference) : undefined;
      return { ...facts, ...summarize(sample), ...(Number.isFinite(ratios?.ratio) && ratios) };
    }),
  );
}

function isComplete(sample: (number | null)[]): sample is number[] {
  return !sample.includes(null);
}
