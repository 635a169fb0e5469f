import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const BROWSER = fileURLToPath(new URL('../browser/', import.meta.url));
const STYLE = fileURLToPath(new URL('../styles/site.css', import.meta.url));

export interface Assets {
  /** Goes into every page. */
  css: string;
  /** Goes into every page, before the first paint. */
  head: string;
  /** Path of the entry script. */
  main: string;
  files: Map<string, Uint8Array>;
}

/** Bundles scripts and style. Every file has the hash of its content in its name, so it may be cached for ever. */
export async function buildAssets(): Promise<Assets> {
  const [bundle, head] = await Promise.all([
    build({
      entryPoints: { main: `${BROWSER}main.ts` },
      bundle: true,
      splitting: true,
      format: 'esm',
      target: 'es2022',
      minify: true,
      write: false,
      metafile: true,
      legalComments: 'none',
      outdir: 'assets',
      entryNames: '[name].[hash]',
      chunkNames: '[name].[hash]',
    }),
    build({
      entryPoints: [`${BROWSER}head.ts`],
      bundle: true,
      format: 'iife',
      target: 'es2022',
      minify: true,
      write: false,
    }),
  ]);
  const files = new Map<string, Uint8Array>();
  for (const file of bundle.outputFiles) files.set(`assets/${basename(file.path)}`, file.contents);
  const entry = Object.entries(bundle.metafile.outputs).find(([, output]) => output.entryPoint);
  if (!entry) throw new Error('The bundle of the scripts has no entry.');
  return {
    css: await style(),
    head: (head.outputFiles[0]?.text ?? '').trim(),
    main: `assets/${basename(entry[0])}`,
    files,
  };
}

/** `assets/name.HASH.type`: the path of a file that never changes. */
export function hashedName(name: string, type: string, content: string | Uint8Array): string {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  return `assets/${name}.${hash}.${type}`;
}

async function style(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [STYLE],
    bundle: true,
    minify: true,
    write: false,
  });
  return (outputFiles[0]?.text ?? '').trim();
}
