import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface PublishedPackage {
  /** Relative to the root, with forward slashes. */
  folder: string;
  manifest: { name: string; version: string; private?: boolean };
}

/** The packages that are published: `spec` and what is in `packages/`. */
export async function publishedPackages(root: string): Promise<PublishedPackage[]> {
  const entries = await readdir(join(root, 'packages'), { withFileTypes: true }).catch(() => []);
  const folders = [
    'spec',
    ...entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `packages/${name}`)
      .sort(),
  ];
  const found: PublishedPackage[] = [];
  for (const folder of folders) {
    const text = await readFile(join(root, folder, 'package.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const manifest = JSON.parse(text);
    if (manifest.private !== true) found.push({ folder, manifest });
  }
  return found;
}
