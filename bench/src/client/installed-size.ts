import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installInto, pack, temporaryFolder } from '@sql-sessions/testing/packages';
import { peersFolder } from '../peers.ts';

export interface Installed {
  packages: number;
  bytes: number;
}

/** What a package brings along, itself included: every package it needs at run time, wherever npm has put it. */
export async function installedSize(name: string, root: string): Promise<Installed> {
  const folders = new Set<string>();
  const pending = [find(name, root)];
  for (let folder = pending.shift(); folder !== undefined; folder = pending.shift()) {
    if (folders.has(folder)) continue;
    folders.add(folder);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      pending.push(find(dependency, folder));
    }
  }
  let bytes = 0;
  for (const folder of folders) bytes += await sizeOf(folder);
  return { packages: folders.size, bytes };
}

/** The same for a peer. */
export function installedPeer(name: string): Promise<Installed> {
  return installedSize(name, peersFolder);
}

/** The same for our client, packed as it is published and installed with npm into a folder of its own. */
export async function installedClient(): Promise<Installed> {
  await using folder = await temporaryFolder();
  const packages = ['@sql-sessions/contract', '@sql-sessions/client'].map((name) =>
    dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`))),
  );
  const tarballs = await Promise.all(packages.map((each) => pack(each, folder.path)));
  const stranger = join(folder.path, 'stranger');
  await installInto(stranger, { tarballs });
  // The folder lives until the end of this block.
  return await installedSize('@sql-sessions/client', stranger);
}

function find(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) throw new Error(`${name} is not installed for ${from}.`);
  }
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules') continue;
    if (entry.isDirectory()) bytes += await sizeOf(path);
    else if (entry.isFile()) bytes += (await stat(path)).size;
  }
  return bytes;
}
