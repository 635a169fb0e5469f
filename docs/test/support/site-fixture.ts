import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from '../../src/site/repository.ts';

/** Copies what the site is made of into an empty folder, so that a test may change it. */
export async function copyRepository(folder: string): Promise<void> {
  for (const path of [
    'spec/sessions.yaml',
    'spec/redocly.yaml',
    'spec/README.md',
    'spec/CHANGELOG.md',
    'spec/dist',
    'spec/releases',
    'docs/errors.md',
    'docs/versioning.md',
    'docs/guides',
    'docs/decisions',
    'CONTRIBUTING.md',
  ]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(ROOT, path), join(folder, path), { recursive: true }).catch((error: unknown) => {
      // Not every file exists at every time: the changelog comes with the first release.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
}

/** Replaces a piece of a file, which must be there. */
export async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
  await writeFile(file, text.replace(from, to));
}
