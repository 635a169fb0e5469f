import { type FSWatcher, watch } from 'node:fs';

/** Milliseconds of quiet after a change before it counts as done: editors write a file in several steps. */
const QUIET = 30;

/**
 * Calls `changed` once after each save. Editors replace files instead of writing into them, so it is folders that are
 * watched; `matters` says for the name of a file in one whether its change counts.
 */
export function watchFolders(changed: () => void): {
  follow(folder: string, matters: (name: string) => boolean, recursive?: boolean): void;
  close(): void;
} {
  const watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  return {
    follow(folder, matters, recursive = false) {
      const watcher = watch(folder, { recursive }, (_event, name) => {
        if (name !== null && !matters(name)) return;
        clearTimeout(timer);
        timer = setTimeout(changed, QUIET);
      });
      watchers.push(watcher);
    },
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
