import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Milliseconds without a further change after which a save counts as done. */
const QUIET = 50;

/**
 * Calls `changed` after one of the files was changed, replaced or made again. Editors and build tools replace
 * files, so it is their folders that are watched. The process may end while it watches.
 */
export function watchFiles(changed: () => void): {
  /** Which files to watch from now on. */
  follow(files: readonly string[]): void;
  close(): void;
} {
  const folders = new Map<string, { watcher: FSWatcher | undefined; names: Set<string> }>();
  let timer: NodeJS.Timeout | undefined;

  function onEvent(folder: string, name: string | null) {
    if (name !== null && !folders.get(folder)?.names.has(name)) return;
    clearTimeout(timer);
    timer = setTimeout(changed, QUIET);
  }

  function open(folder: string): FSWatcher | undefined {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => onEvent(folder, name));
      // A folder that goes away is no reason to go with it.
      return watcher.on('error', () => watcher.close());
    } catch {
      return undefined;
    }
  }

  return {
    follow(files) {
      const wanted = Map.groupBy(files, (file) => dirname(file));
      for (const [folder, { watcher }] of folders) {
        if (wanted.has(folder)) continue;
        watcher?.close();
        folders.delete(folder);
      }
      for (const [folder, here] of wanted) {
        const names = new Set(here.map((file) => basename(file)));
        folders.set(folder, { watcher: folders.get(folder)?.watcher ?? open(folder), names });
      }
    },
    close() {
      clearTimeout(timer);
      for (const { watcher } of folders.values()) watcher?.close();
      folders.clear();
    },
  };
}
