import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Milliseconds without a further change after which a save counts as done. */
const QUIET = 50;

/** How often to look for a folder that is not there, in milliseconds. */
const LOOK_EVERY = 300;

interface WatchedFolder {
  names: Set<string>;
  /** Undefined while the folder is not there. */
  watcher: FSWatcher | undefined;
  /** Which folder it was when it was opened: one that is made again is another. */
  inode: number | undefined;
}

/**
 * Calls `changed` after one of the files was changed, replaced or made again. Editors and build tools replace
 * files, so it is their folders that are watched, and builds replace those too. The process may end while it watches.
 */
export function watchFiles(changed: () => void): {
  /** Which files to watch from now on. */
  follow(files: readonly string[]): void;
  close(): void;
} {
  const folders = new Map<string, WatchedFolder>();
  let timer: NodeJS.Timeout | undefined;
  let looking: NodeJS.Timeout | undefined;

  function onEvent(path: string, name: string | null) {
    if (name !== null && !folders.get(path)?.names.has(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      reopen();
      changed();
    }, QUIET);
  }

  /** Opens anew what is gone or was replaced, and looks again later for what is not there. */
  function reopen(): boolean {
    let opened = false;
    for (const [path, folder] of folders) {
      const inode = statSync(path, { throwIfNoEntry: false })?.ino;
      if (folder.watcher && folder.inode === inode) continue;
      folder.watcher?.close();
      folder.inode = inode;
      folder.watcher = inode === undefined ? undefined : open(path);
      opened ||= folder.watcher !== undefined;
    }
    clearInterval(looking);
    if ([...folders.values()].every(({ watcher }) => watcher)) return opened;
    looking = setInterval(() => {
      if (reopen()) changed();
    }, LOOK_EVERY);
    looking.unref();
    return opened;
  }

  function open(path: string): FSWatcher | undefined {
    try {
      const watcher = watch(path, { persistent: false }, (_event, name) => onEvent(path, name));
      // A folder that goes away is no reason to go with it.
      return watcher.on('error', () => watcher.close());
    } catch {
      return undefined;
    }
  }

  return {
    follow(files) {
      const wanted = Map.groupBy(files, (file) => dirname(file));
      for (const [path, { watcher }] of folders) {
        if (wanted.has(path)) continue;
        watcher?.close();
        folders.delete(path);
      }
      for (const [path, here] of wanted) {
        const names = new Set(here.map((file) => basename(file)));
        folders.set(path, { watcher: undefined, inode: undefined, ...folders.get(path), names });
      }
      reopen();
    },
    close() {
      clearTimeout(timer);
      clearInterval(looking);
      for (const { watcher } of folders.values()) watcher?.close();
      folders.clear();
    },
  };
}
