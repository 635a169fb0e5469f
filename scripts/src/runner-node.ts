/**
 * Lets the scripts of this checkout run in the Node that is on the PATH instead of the one in the lockfile, so that CI
 * can test other versions. `pnpm install --force` brings the one in the lockfile back.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Removes the `node` command that the workspace installed into `root`. */
export async function useRunnerNode(root: string): Promise<void> {
  for (const name of ['node', 'node.CMD', 'node.cmd', 'node.ps1', 'node.exe']) {
    await rm(join(root, 'node_modules/.bin', name), { force: true });
  }
}

if (import.meta.main) await useRunnerNode(fileURLToPath(new URL('../..', import.meta.url)));
