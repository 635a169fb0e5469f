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

/** The commit that is measured, with a mark where files differ from it. */
export async function currentCommit(): Promise<string> {
  const { code, stdout } = await run('git', ['describe', '--always', '--dirty', '--abbrev=10']);
  return code === 0 ? stdout.trim() : 'unknown';
}
