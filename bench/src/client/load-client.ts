import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { ClientContender, CreateCloser } from './clients.ts';

/**
 * Loads a contender for timing. Each is bundled for Node first, so that generated TypeScript, CommonJS and ESM all
 * start from the same form.
 * @param folder where the bundle goes
 */
export async function loadClient(
  contender: ClientContender,
  folder: string,
): Promise<CreateCloser> {
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${contender.name.replaceAll(/\W+/g, '-')}.mjs`);
  await build({
    entryPoints: [contender.file],
    bundle: true,
    outfile,
    format: 'esm',
    target: 'node24',
    platform: 'node',
    logLevel: 'silent',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const { createCloser } = (await import(pathToFileURL(outfile).href)) as {
    createCloser: CreateCloser;
  };
  return createCloser;
}
