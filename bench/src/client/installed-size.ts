import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installInto, pack, temporaryFolder } from '@sql-sessions/testing/packages';

/** What a package installed below `root` brings along, itself included, wherever npm has put it. */
export async function installedSize(
  name: string,
  root: string,
): Promise<{ packages: number; bytes: number }> {
  const folders = new Set<string>();
  const add = async (name: string, from: string) => {
    const folder = find(name, from);
    if (folders.has(folder)) return;
    folders.add(folder);
    const { dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(dependencies)) await add(dependency, folder);
  };
  await add(name, root);
  let bytes = 0;
  for (const folder of folders) bytes += await sizeOf(folder);
  return { packages: folders.size, bytes };
}

/** The same for our client, packed as it is published and installed with npm into a folder of its own. */
export async function installedClient(): Promise<{ packages: number; bytes: number }> {
  await using folder = await temporaryFolder();
  const packages = ['@sql-sessions/contract', '@sql-sessions/client'].map((name) =>
    dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`))),
  );
  const tarballs = await Promise.all(packages.map((each) => pack(each, folder.path)));
  const project = join(folder.path, 'project');
  await installInto(project, { tarballs });
  // The folder lives until the end of this block.
  return await installedSize('@sql-sessions/client', project);
}

function find(name: string, from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return candidate;
  }
  throw new Error(`${name} is not installed for ${from}.`);
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) bytes += (await stat(path)).size;
    else if (entry.name !== 'node_modules') bytes += await sizeOf(path);
  }
  return bytes;
}
