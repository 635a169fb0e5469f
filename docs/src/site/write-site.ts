import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const pack = promisify(gzip);

/**
 * Writes a site into a folder, which afterwards holds nothing else. `packed` adds a `.gz` beside every text, for a
 * server that sends those. Returns how many files the site has.
 */
export async function writeSite(
  { files }: { files: ReadonlyMap<string, string | Uint8Array> },
  folder: string,
  { packed = false }: { packed?: boolean } = {},
): Promise<number> {
  const present = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of present) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1).replaceAll(sep, '/');
    if (!files.has(packed ? name.replace(/\.gz$/, '') : name)) await rm(path);
  }
  for (const [name, content] of files) {
    const path = join(folder, name);
    const known = await readFile(path).catch(() => null);
    // What has not changed keeps its time, by which a server names its version.
    if (known?.equals(Buffer.from(content))) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    if (packed && !/\.png$/.test(name)) {
      await writeFile(`${path}.gz`, await pack(content, { level: 9 }));
    }
  }
  return files.size;
}
