import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Says whose a folder is. Another machine or container may share it, and a process id says nothing about theirs. */
const MARK = 'sql-sessions-owner.json';

interface Owner {
  host: string;
  pid: number;
}

/** Makes a temporary folder with a mark that it is this process's. */
export async function makeOwnFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(prefix);
  const owner: Owner = { host: hostname(), pid: process.pid };
  await writeFile(join(folder, MARK), JSON.stringify(owner));
  return folder;
}

/**
 * Removes the folders of processes that were killed. Only those that bear the mark of this machine, belong to the user,
 * and whose processes (the owner, and the database that it may have started) are gone.
 */
export async function removeLeftovers(prefix: string, uid: number | undefined): Promise<void> {
  const names = await readdir(dirname(prefix)).catch(() => []);
  for (const name of names.filter((name) => name.startsWith(basename(prefix)))) {
    const folder = join(dirname(prefix), name);
    try {
      const { host, pid }: Owner = JSON.parse(await readFile(join(folder, MARK), 'utf8'));
      const postmaster = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(
        () => '',
      );
      const entry = await lstat(folder);
      if (host !== hostname() || lives(pid) || lives(Number.parseInt(postmaster, 10))) continue;
      if (entry.isDirectory() && entry.uid === uid) await rm(folder, { recursive: true });
    } catch {
      // It is somebody else's, or somebody else is removing it.
    }
  }
}

/** Whether this machine has a process with that id. */
export function lives(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
