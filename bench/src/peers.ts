import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';

/** The packages we are measured against have a lockfile of their own, which no install of the workspace reads. */
export const peersFolder = fileURLToPath(new URL('../peers', import.meta.url));

/** Installs the peers exactly as their lockfile says, unless that has been done. No install script runs. */
export async function installPeers(progress: (line: string) => void): Promise<void> {
  // npm's own mark is a file whose time a checkout of the lockfile outruns.
  const mark = join(peersFolder, 'node_modules/.installed-lockfile');
  const lockfile = await readFile(join(peersFolder, 'package-lock.json'), 'utf8');
  if ((await readFile(mark, 'utf8').catch(() => undefined)) === lockfile) return;
  progress('installing the peers (1 GB, some minutes; once)');
  const { code, stdout, stderr } = await run('npm', ['ci'], {
    cwd: peersFolder,
    timeout: 1_200_000,
  });
  if (code !== 0) throw new Error(`The peers cannot be installed:\n${stdout}${stderr}`);
  await writeFile(mark, lockfile);
}

/** Path of a file or folder of an installed peer. */
export function peerPath(path: string): string {
  const full = join(peersFolder, 'node_modules', path);
  if (!existsSync(full)) throw new Error(`${path} is not among the installed peers.`);
  return full;
}

/** The exact versions that the peers' package.json names. */
export async function peerVersions(names: (string | undefined)[]): Promise<Record<string, string>> {
  const { dependencies } = JSON.parse(await readFile(join(peersFolder, 'package.json'), 'utf8'));
  return Object.fromEntries(names.flatMap((name) => (name ? [[name, dependencies[name]]] : [])));
}
