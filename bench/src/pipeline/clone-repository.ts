import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A fresh clone of the last commit, with nothing installed or built; `await using` removes it. */
export async function cloneRepository(): ReturnType<typeof temporaryFolder> {
  const folder = await temporaryFolder();
  await runToEnd('git', ['clone', '--quiet', root, folder.path], root);
  return folder;
}

/** Runs a command, returns its milliseconds, and rejects with all it printed unless it exits with 0. */
export async function runToEnd(command: string, args: string[], cwd: string): Promise<number> {
  const began = performance.now();
  const { code, stdout, stderr } = await run(command, args, { cwd, timeout: 900_000 });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return performance.now() - began;
}
