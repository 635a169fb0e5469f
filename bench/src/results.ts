import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';

export const PARTS = ['client', 'mock', 'large', 'docs', 'kit', 'pipeline', 'scale'] as const;
export type PartName = (typeof PARTS)[number];

export type Unit = 'µs' | 'ms' | 's' | 'bytes' | 'MB' | 'requests/s' | 'count' | 'status' | 'score';

/** One figure: what was measured of whom, as the median of its runs. */
export interface Row {
  who: string;
  metric: string;
  /** What the metric is a function of: connections, or operations of the contract. */
  at?: number;
  unit: Unit;
  /** The median; null where it never came to it, and `note` says how. */
  median: number | null;
  /** Lower and upper quartile of the runs. */
  low?: number;
  high?: number;
  runs: number;
  /** Median over the rounds of this figure divided by the baseline's figure of the same round. */
  ratio?: number;
  /** Its lower and upper quartile. */
  ratioLow?: number;
  ratioHigh?: number;
  note?: string;
}

/** What one part of the benchmark found, and where. */
export interface PartResult {
  /** When it began, ISO 8601. */
  date: string;
  commit: string;
  /** A smoke run: its figures mean nothing. */
  quick: boolean;
  seconds: number;
  machine: ReturnType<typeof describeMachine>;
  /** Exact versions of all that was measured. */
  versions: Record<string, string>;
  rows: Row[];
}

export type Results = Partial<Record<PartName, PartResult>>;

export const resultsFile = fileURLToPath(new URL('../results/results.json', import.meta.url));
/** Not kept: figures that mean nothing must not take the place of those that do. */
export const quickResultsFile = fileURLToPath(new URL('../.results/quick.json', import.meta.url));

/** Reads a results file; an absent one is empty. */
export async function readResults(path = resultsFile): Promise<Results> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  return JSON.parse(text) as Results;
}

/** Puts the result of one part into the file and leaves the other parts as they are. */
export async function writePart(name: PartName, result: PartResult, path: string): Promise<void> {
  const results = { ...(await readResults(path)), [name]: result };
  const ordered = PARTS.flatMap((part) => (results[part] ? [[part, results[part]]] : []));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(Object.fromEntries(ordered), null, 2)}\n`);
}

export function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}

/** The commit that is measured, with a mark where files differ from it; the results themselves may. */
export async function currentCommit(): Promise<string> {
  const commit = await run('git', ['rev-parse', '--short=10', 'HEAD']);
  if (commit.code !== 0) return 'unknown';
  const status = ['status', '--porcelain', '--', ':/', ':(exclude,top)bench/results'];
  const changed = await run('git', status);
  return commit.stdout.trim() + (changed.stdout === '' ? '' : '-dirty');
}
