import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PARTS = ['client', 'mock', 'docs', 'pipeline', 'scale'] as const;
export type PartName = (typeof PARTS)[number];

export type Unit = 'µs' | 'ms' | 's' | 'bytes' | 'MB' | 'requests/s' | 'count' | 'status' | 'score';

/** One figure: what was measured of whom, as the median of its runs. */
export interface Row {
  who: string;
  metric: string;
  /** What the metric is a function of: connections, or operations of the contract. */
  at?: number;
  unit: Unit;
  /** The median; null where it never came to it, and `note` says why. */
  median: number | null;
  /** Lower and upper quartile of the runs. Sizes and counts have one run and no spread. */
  low?: number;
  high?: number;
  runs: number;
  /** Median over the rounds of this figure divided by the baseline's figure of the same round. */
  ratio?: number;
  note?: string;
}

/** How a figure grows with the number of operations: `median ≈ c · n^exponent`. */
export interface Fit {
  who: string;
  metric: string;
  /** Least squares on logarithms, over all sizes from 100 operations on. */
  exponent: number;
  /** The same between the two largest sizes only. */
  last: number;
}

export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
}

/** What one part of the benchmark found, and where. */
export interface PartResult {
  /** When it began, ISO 8601. */
  date: string;
  commit: string;
  /** A smoke run: its figures mean nothing. */
  quick: boolean;
  seconds: number;
  machine: Machine;
  /** Exact versions of all that was measured. */
  versions: Record<string, string>;
  rows: Row[];
  fits?: Fit[];
}

export type Results = Partial<Record<PartName, PartResult>>;

export const resultsFile = fileURLToPath(new URL('../results/results.json', import.meta.url));

/** Reads a results file; an absent one is empty. */
export async function readResults(path = resultsFile): Promise<Results> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  return JSON.parse(text) as Results;
}

/** Puts the result of one part into the file and leaves the other parts as they are. */
export async function writePart(
  name: PartName,
  result: PartResult,
  path = resultsFile,
): Promise<void> {
  const results = await readResults(path);
  results[name] = result;
  const ordered = Object.fromEntries(
    PARTS.flatMap((part) => (results[part] ? [[part, results[part]]] : [])),
  );
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(ordered, null, 2)}\n`);
}
