import { cpus, release, totalmem, type } from 'node:os';
import { run } from '@sql-sessions/testing/process';
import type { Machine } from './results-file.ts';

export function describeMachine(): Machine {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}

/** The commit that is measured, with a mark where files differ from it; the results themselves may. */
export async function currentCommit(): Promise<string> {
  const git = (...args: string[]) => run('git', args);
  const commit = await git('rev-parse', '--short=10', 'HEAD');
  if (commit.code !== 0) return 'unknown';
  const changed = await git('status', '--porcelain', '--', ':/', ':(exclude,top)bench/results');
  return commit.stdout.trim() + (changed.stdout === '' ? '' : '-dirty');
}
