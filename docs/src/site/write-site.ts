import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

type Files = ReadonlyMap<string, string | Uint8Array>;

/** Names what a build wrote: the next one removes from a folder what the site does not have any more, and only that. */
const LIST = '.files.json';

/**
 * Writes a site into a folder. Files of an earlier build that it does not have any more are removed, others stay.
 *
 * @param written what has been written there last, if that is known
 * @param owned the folder is for the site alone, so that nobody minds if its files are replaced
 * @returns how many files it has
 * @throws an Error, before anything is written, if it would replace a file that no build has written
 */
export async function writeSite(
  { files }: { files: Files },
  folder: string,
  written?: Files,
  owned = false,
): Promise<number> {
  const earlier = new Set(written?.keys() ?? (await readList(join(folder, LIST))));
  const changed: string[] = [];
  const foreign: string[] = [];
  for (const [name, content] of files) {
    if (written?.get(name) === content) continue;
    const known = await readFile(join(folder, name)).catch(() => null);
    // What has not changed keeps its time, by which a server names its version.
    if (known?.equals(Buffer.from(content))) continue;
    changed.push(name);
    if (known && !owned && !earlier.has(name)) foreign.push(name);
  }
  if (foreign.length > 0) {
    throw new Error(
      `${folder} has files that are not of the site and would be replaced: ${foreign.slice(0, 3).join(', ')}${foreign.length > 3 ? ' and others' : ''}. Choose a folder that is new or empty, or one that an earlier build wrote. Nothing was written.`,
    );
  }
  for (const name of earlier) {
    if (files.has(name)) continue;
    const path = join(folder, name);
    await rm(path, { force: true });
    // A folder without files is not a page any more; where there are others, this does nothing.
    for (const empty of [dirname(path), dirname(dirname(path))]) await rmdir(empty).catch(() => {});
  }
  if (!written) await replace(join(folder, LIST), JSON.stringify([...files.keys()]));
  for (const name of changed) await replace(join(folder, name), files.get(name) ?? '');
  return files.size;
}

async function replace(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Whoever is being sent the file gets all of the old one.
  await writeFile(`${path}~`, content);
  await rename(`${path}~`, path);
}

/** What an earlier build wrote; nothing, if there was none. */
async function readList(file: string): Promise<string[]> {
  try {
    const list: string[] = JSON.parse(await readFile(file, 'utf8'));
    // Nothing outside the folder is of the site.
    return list.filter((name) => !/(^|\/)\.\.?(\/|$)/.test(name));
  } catch {
    return [];
  }
}
