/**
 * The end of a package's build: everything in its `dist` once more as CommonJS, in `dist/cjs`, for tools that load no ES
 * modules. The declarations are the same text; `dist/cjs/package.json` says what they are about.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { transform } from 'esbuild';

/** Writes `dist/cjs`, and removes from it what `dist` does not have any more. */
export async function writeCommonJs(dist: string): Promise<void> {
  const target = join(dist, 'cjs');
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && /\.(js|d\.ts)$/.test(entry.name))
    .map(({ parentPath, name }) => relative(dist, join(parentPath, name)).replaceAll('\\', '/'));
  const sources = names.filter((name) => !name.startsWith('cjs/'));
  const written = new Set(sources.map((name) => `cjs/${name}`));
  for (const name of names.filter((name) => name.startsWith('cjs/') && !written.has(name)))
    await rm(join(dist, name));
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'package.json'), '{ "type": "commonjs" }\n');
  await Promise.all(
    sources.map(async (name) => {
      const text = await readFile(join(dist, name), 'utf8');
      const file = join(target, name);
      await mkdir(dirname(file), { recursive: true });
      if (!name.endsWith('.js')) return writeFile(file, text);
      const { code } = await transform(text, {
        format: 'cjs',
        target: 'es2022',
        platform: 'neutral',
      });
      return writeFile(file, code);
    }),
  );
}

if (import.meta.main) await writeCommonJs(join(process.cwd(), 'dist'));
