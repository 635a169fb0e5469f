import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { OURS } from '../contract.ts';
import type { Case, Context } from '../run-case.ts';
import { bareInstall, firstStart } from './first-start.ts';
import { followSaves } from './follow-save.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What a contributor waits for, in a clone of the repository. */
export async function* pipelineCases({ quick }: Context): AsyncGenerator<Case> {
  const one = (metric: string, rounds: number, time: () => Promise<number>): Case => ({
    title: metric,
    metrics: [[metric, 'ms']],
    rounds,
    subjects: [{ who: OURS, measure: async () => [await time()] }],
  });
  if (!quick) {
    yield one('bare install, empty store', 1, async () => {
      await using clone = await cloneRepository();
      await using empty = await temporaryFolder();
      return await bareInstall(clone.path, empty.path);
    });
    yield one('first start, empty store', 1, async () => {
      await using clone = await cloneRepository();
      await using empty = await temporaryFolder();
      return await firstStart(clone.path, empty.path);
    });
  }
  await using clone = await cloneRepository();
  const timed = (command: string, ...args: string[]) => runToEnd(command, args, clone.path);
  const build = ['scripts/src/turbo.ts', 'run', 'build'];
  await timed('pnpm', 'install', '--frozen-lockfile', '--prefer-offline');
  yield one('cold build', 1, () => timed('node', ...build, '--force'));
  yield one('cached build', 7, () => timed('node', ...build));
  yield one('cached build, as pnpm build', 7, () => timed('pnpm', 'build'));
  await using saves = await followSaves(clone.path);
  yield {
    title: 'saves of the contract under pnpm dev',
    metrics: [
      ['save to types', 'ms'],
      ['save to mock', 'ms'],
      ['save to docs', 'ms'],
    ],
    rounds: 7,
    subjects: [{ who: OURS, measure: saves.save }],
  };
}

/** A fresh clone of the last commit, with nothing installed or built; `await using` removes it. */
async function cloneRepository(): ReturnType<typeof temporaryFolder> {
  const folder = await temporaryFolder();
  await runToEnd('git', ['clone', '--quiet', root, folder.path], root);
  return folder;
}

/** Runs a command, returns its milliseconds, and rejects with all it printed unless it exits with 0. */
async function runToEnd(command: string, args: string[], cwd: string): Promise<number> {
  const began = performance.now();
  const { code, stdout, stderr } = await run(command, args, { cwd, timeout: 900_000 });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return performance.now() - began;
}
