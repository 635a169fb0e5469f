import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

type Files = ReadonlyMap<string, string | Uint8Array>;

/**
 * Writes a site into a folder, which afterwards holds nothing else. Returns how many files it has.
 *
 * @param written what has been written there last, if that is known
 */
export async function writeSite(
  { files }: { files: Files },
  folder: string,
  written: Files = new Map(),
): Promise<number> {
  const present = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of present) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1).replaceAll(sep, '/');
    if (files.has(name)) continue;
    await rm(path);
    // A folder without files is not a page any more; where there are others, this does nothing.
    for (const empty of [dirname(path), dirname(dirname(path))]) await rmdir(empty).catch(() => {});
  }
  for (const [name, content] of files) {
    if (written.get(name) === content) continue;
    const path = join(folder, name);
    const known = await readFile(path).catch(() => null);
    // What has not changed keeps its time, by which a server names its version.
    if (known?.equals(Buffer.from(content))) continue;
    await mkdir(dirname(path), { recursive: true });
    // Whoever is being sent the file gets all of the old one.
    await writeFile(`${path}~`, content);
    await rename(`${path}~`, path);
  }
  return files.size;
}
