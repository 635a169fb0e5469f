import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { writeNotices } from './notices.ts';

/** Modules of CommonJS that are inside ask for Node's own with `require`. */
const REQUIRE =
  "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);";

/** Bundles our code with all that it stands on but the contract and MSW, and writes the licences of what is inside. */
export async function bundleCode(root: URL): Promise<void> {
  const folder = fileURLToPath(root);
  const shared: BuildOptions = {
    absWorkingDir: folder,
    outdir: 'dist',
    outbase: 'src',
    bundle: true,
    format: 'esm',
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    external: ['@sql-sessions/contract', '@sql-sessions/mock', 'msw'],
  };
  const bundles = await Promise.all([
    build({
      ...shared,
      entryPoints: [
        'src/index.ts',
        'src/cli/main.ts',
        { in: 'src/contract/read-worker.ts', out: 'read-worker' },
      ] as string[],
      platform: 'node',
      target: 'node22.12',
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      banner: { js: REQUIRE },
      // Names of functions and classes stay, for stack traces.
      minifySyntax: true,
      minifyWhitespace: true,
      // Those of the packages inside: a mock prints nothing by itself.
      pure: ['console.warn'],
    }),
    build({
      ...shared,
      entryPoints: ['src/msw/msw.ts'],
      platform: 'neutral',
      mainFields: ['module', 'main'],
    }),
    build({
      ...shared,
      entryPoints: ['panel/panel.ts'],
      // A browser resolves no names of packages.
      external: [],
      outbase: '.',
      platform: 'browser',
      target: 'es2022',
    }),
  ]);
  const inputs = bundles.flatMap(({ metafile }) => Object.keys((metafile as Metafile).inputs));
  await writeNotices(folder, inputs);
}
