import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { ClientContender } from './clients.ts';

/** Bundles a module the way a web application's build would: minified ESM, unused exports left out. */
export async function bundleClient({
  file,
  nodeOnly,
}: Pick<ClientContender, 'file' | 'nodeOnly'>): Promise<{
  code: string;
  minified: number;
  gzipped: number;
}> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: nodeOnly ? 'node' : 'browser',
    legalComments: 'none',
    logLevel: 'silent',
    // What CommonJS inside an ESM bundle needs on Node.
    ...(nodeOnly && {
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    }),
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`Nothing came out of the bundle of ${file}.`);
  return {
    code: output.text,
    minified: output.contents.length,
    gzipped: gzipSync(output.contents, { level: 9 }).length,
  };
}
