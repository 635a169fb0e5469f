import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { buildContract } from './build-contract.ts';

/**
 * Builds now and after every save of a file the contract is read from, until the process ends.
 * A contract with problems is reported with its line, and `dist` keeps the last good one.
 */
export async function watchContract(spec: string): Promise<void> {
  let building = false;
  let again = false;
  const watched = new Map<string, Set<string>>();

  async function rebuild(): Promise<void> {
    if (building) {
      again = true;
      return;
    }
    building = true;
    do {
      again = false;
      const start = performance.now();
      const built = await buildContract(spec);
      const took = `${Math.round(performance.now() - start)} ms`;
      if (!built.ok)
        console.error(
          `${built.report}\n\nThe last good contract stays in use until this is mended.`,
        );
      else if (built.changed.length > 0)
        console.log(`rebuilt in ${took}: ${built.changed.join(', ')}`);
      else console.log(`nothing changed (${took})`);
      follow(built.files);
    } while (again);
    building = false;
  }

  // Editors replace files, so it is their folders that are watched.
  function follow(files: string[]): void {
    for (const file of files) {
      const folder = dirname(file);
      const names = watched.get(folder);
      if (names) {
        names.add(basename(file));
        continue;
      }
      const set = new Set([basename(file), 'redocly.yaml']);
      watched.set(folder, set);
      let timer: NodeJS.Timeout | undefined;
      watch(folder, (_event, name) => {
        if (name !== null && !set.has(name)) return;
        clearTimeout(timer);
        timer = setTimeout(rebuild, 30);
      });
    }
  }

  await rebuild();
}
