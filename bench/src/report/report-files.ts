import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blockNames } from './fill-blocks.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the plots are, beside the page that shows them. */
export const plotsFolder = join(root, 'docs/benchmarks');

/** Every Markdown file that shows figures. */
export async function markdownFiles(): Promise<string[]> {
  const folders = [
    '.',
    'docs',
    'docs/guides',
    'spec',
    'packages/client',
    'packages/mock',
    'packages/conformance',
  ];
  const files: string[] = [];
  for (const folder of folders) {
    const names = await readdir(join(root, folder)).catch(() => []);
    for (const name of names.filter((each) => each.endsWith('.md'))) {
      const file = join(root, folder, name);
      if (blockNames(await readFile(file, 'utf8')).length > 0) files.push(file);
    }
  }
  return files;
}
