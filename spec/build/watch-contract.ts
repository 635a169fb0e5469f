import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type BuildResult, buildContract } from './build-contract.ts';

/** Milliseconds of quiet after a change before a build starts: editors write a file in several steps. */
const QUIET = 30;

/**
 * Builds the contract in `spec` now, and again after every save of a file it is read from.
 * Every result goes to `report`; a contract with problems leaves the last good `dist` in use.
 * Resolves after the first build; `close` ends the watching.
 */
export async function watchContract(
  spec: string,
  report: (result: BuildResult) => void,
): Promise<{ close(): void }> {
  const watched = new Map<string, { names: Set<string>; watcher: FSWatcher }>();
  let timer: NodeJS.Timeout | undefined;
  let building = false;
  let stale = false;

  async function rebuild(): Promise<void> {
    stale = true;
    if (building) return;
    building = true;
    while (stale) {
      stale = false;
      const result = await buildContract(spec);
      follow(result.files);
      report(result);
    }
    building = false;
  }

  // Editors replace files instead of writing into them, so it is their folders that are watched.
  function follow(files: string[]): void {
    for (const file of files) {
      const folder = dirname(file);
      const known = watched.get(folder);
      if (known) {
        known.names.add(basename(file));
        continue;
      }
      const names = new Set([basename(file)]);
      const watcher = watch(folder, (_event, name) => {
        if (name !== null && !names.has(name)) return;
        clearTimeout(timer);
        timer = setTimeout(rebuild, QUIET);
      });
      watched.set(folder, { names, watcher });
    }
  }

  await rebuild();
  return {
    close() {
      clearTimeout(timer);
      for (const { watcher } of watched.values()) watcher.close();
    },
  };
}
