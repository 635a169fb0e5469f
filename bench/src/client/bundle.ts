import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import type { Client, CreateCloser } from './clients.ts';

async function bundle(file: string, options: BuildOptions, node: boolean): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: node ? 'node' : 'browser',
    logLevel: 'silent',
    // What CommonJS inside an ESM bundle needs on Node.
    ...(node && {
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    }),
    ...options,
  });
  const [output] = outputFiles ?? [];
  if (!output) throw new Error(`Nothing came out of the bundle of ${file}.`);
  return output.contents;
}

/** Bytes of a module bundled the way a web application's build would, minified and then gzipped. */
export async function bundleSizes({ file, nodeOnly = false }: Pick<Client, 'file' | 'nodeOnly'>) {
  const options = { minify: true, target: 'es2022', legalComments: 'none' } as const;
  const code = await bundle(file, options, nodeOnly);
  return { minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}

/**
 * Loads a client for timing. Each is bundled for Node first, so that generated TypeScript, CommonJS and ESM all start
 * from the same form.
 * @param folder where the bundle goes
 */
export async function loadClient(
  { who, file }: Pick<Client, 'who' | 'file'>,
  folder: string,
): Promise<CreateCloser> {
  const path = join(folder, `${who.replaceAll(/\W+/g, '-')}.mjs`);
  await writeFile(path, await bundle(file, { target: 'node24' }, true));
  const { createCloser } = await import(pathToFileURL(path).href);
  return createCloser;
}
