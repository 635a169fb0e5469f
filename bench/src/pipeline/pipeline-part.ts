import { join } from 'node:path';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import type { BenchContext, Findings } from '../bench-context.ts';
import type { Row } from '../results-file.ts';
import { summarise } from '../statistics.ts';
import { cloneRepository, runToEnd } from './clone-repository.ts';
import { firstStart } from './first-start.ts';
import { followSaves } from './follow-save.ts';

/** What a contributor waits for, in a clone of the repository. */
export async function pipelinePart({ quick, progress }: BenchContext): Promise<Findings> {
  const rows: Row[] = [];
  const add = (metric: string, sample: number[]) =>
    rows.push({ who: 'ours', metric, unit: 'ms', ...summarise(sample) });

  if (!quick) {
    progress('first start, with an empty store');
    await using clone = await cloneRepository();
    await using empty = await temporaryFolder();
    add('first start, empty store', [await firstStart(clone.path, join(empty.path, 'empty'))]);
  }

  progress('installing a clone');
  await using clone = await cloneRepository();
  const timed = (command: string, ...args: string[]) => runToEnd(command, args, clone.path);
  await timed('pnpm', 'install', '--frozen-lockfile', '--prefer-offline');
  const repeat = async (times: number, measure: () => Promise<number>) => {
    const sample: number[] = [];
    for (let time = 0; time < times; time += 1) sample.push(await measure());
    return sample;
  };
  progress('cold build');
  const turbo = ['scripts/src/turbo.ts', 'run', 'build'];
  add('cold build', await repeat(1, () => timed('node', ...turbo, '--force')));
  progress('cached build');
  add('cached build', await repeat(quick ? 1 : 7, () => timed('node', ...turbo)));
  add('cached build, as pnpm build', await repeat(quick ? 1 : 7, () => timed('pnpm', 'build')));
  progress('saves of the contract under pnpm dev');
  const saves = await followSaves(clone.path, quick ? 1 : 7);
  add(
    'save to types',
    saves.map(({ types }) => types),
  );
  add(
    'save to mock',
    saves.map(({ mock }) => mock),
  );
  add(
    'save to docs',
    saves.map(({ docs }) => docs),
  );
  return { rows, versions: {} };
}
