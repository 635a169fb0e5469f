/**
 * The end of a package's build: removes from its `dist` what no file in `src` stands for any more, so that a renamed or
 * deleted source is not packed. It runs after the compiler, and so nobody who reads `dist` ever finds it empty.
 */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Prunes the package in `folder` and returns what was removed, relative to `dist`. */
export async function pruneDist(folder: string): Promise<string[]> {
  const dist = join(folder, 'dist');
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const stale = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(dist, join(parentPath, name)))
    // What CommonJS tools load is written, and pruned, by the step after this one.
    .filter((file) => !/^cjs[\\/]/.test(file))
    .filter((file) => !existsSync(join(folder, 'src', file.replace(/(\.d)?\.[jt]s$/, '.ts'))));
  for (const file of stale) await rm(join(dist, file), { force: true });
  return stale;
}

if (import.meta.main) {
  for (const file of await pruneDist(process.cwd()))
    console.log(`dist/${file} has no source any more: removed`);
}
