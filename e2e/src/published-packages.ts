import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  type?: string;
  license?: string;
  homepage?: string;
  sideEffects?: boolean;
  bin?: Record<string, string>;
  engines?: Record<string, string>;
  repository?: { type: string; url: string; directory: string };
  exports: Record<string, string | Record<string, string>>;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
}

/** The packages of the workspace that are published, by their folders. */
export async function publishedPackages(): Promise<{ folder: string; manifest: Manifest }[]> {
  const inPackages = (await readdir(join(ROOT, 'packages')))
    .sort()
    .map((name) => `packages/${name}`);
  const all = await Promise.all(
    ['spec', ...inPackages].map(async (folder) => ({
      folder,
      manifest: JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest,
    })),
  );
  return all.filter(({ manifest }) => manifest.private !== true);
}
