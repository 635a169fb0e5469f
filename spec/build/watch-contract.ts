import { basename, dirname } from 'node:path';
import { type BuildResult, buildContract } from './build-contract.ts';
import { watchFolders } from './watch-folders.ts';

/**
 * Builds the contract in `spec` now, and again after every save of a file it is read from.
 * Every result goes to `report`; a contract with problems leaves the last good `dist` in use.
 * Resolves after the first build; `close` ends the watching.
 */
export async function watchContract(
  spec: string,
  report: (result: BuildResult) => void,
): Promise<{ close(): void }> {
  const followed = new Map<string, Set<string>>();
  const watcher = watchFolders(rebuild);
  let building = false;
  let stale = false;

  async function rebuild(): Promise<void> {
    stale = true;
    if (building) return;
    building = true;
    while (stale) {
      stale = false;
      const result = await buildContract(spec);
      for (const file of result.files) follow(dirname(file), basename(file));
      report(result);
    }
    building = false;
  }

  function follow(folder: string, name: string): void {
    const names = followed.get(folder) ?? new Set();
    if (names.size === 0) watcher.follow(folder, (each) => names.has(each));
    followed.set(folder, names.add(name));
  }

  await rebuild();
  return watcher;
}
