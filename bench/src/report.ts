/**
 * `pnpm bench:report`: puts the figures of the results file into the Markdown files that show them.
 * Exit code 0: done. 1: the results lack something.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { claimsTable } from './claims.ts';
import { type PartName, type PartResult, type Results, readResults } from './results.ts';
import { bySize, byWho, withSpread } from './tables.ts';

const BLOCK = /(<!-- bench: ([\w-]+) -->\n)[\s\S]*?(<!-- \/bench -->)/g;
const root = fileURLToPath(new URL('../..', import.meta.url));
const RAW = ' In brackets: times raw `fetch`.';
const PRISM = ' In brackets: times the Prism CLI.';

/** The parts of Markdown files that are made from the results. Each is named in its markers. */
const blocks: Record<string, (results: Results) => string> = {
  'client-summary': from('client', (part) =>
    byWho(part, RAW, /^(Bundle, gzipped|Call over loopback, closed)$/),
  ),
  client: from('client', (part) => byWho(part, RAW)),
  'mock-summary': from('mock', (part) =>
    byWho(part, PRISM, /^(Time|Memory|Status|Throughput, 20 )/),
  ),
  mock: from('mock', (part) => byWho(part, PRISM)),
  docs: from('docs', (part) => byWho(part)),
  large: from('large', (part) => byWho(part)),
  kit: from('kit', withSpread),
  pipeline: from('pipeline', withSpread),
  scale: from('scale', bySize),
  summary: claimsTable,
};

function from(name: PartName, make: (part: PartResult) => string): (results: Results) => string {
  return ({ [name]: part }) => {
    if (!part) throw new Error(`The results have no part "${name}": pnpm bench ${name}`);
    return make(part);
  };
}

const FOLDERS = ['.', 'docs', 'spec', 'packages/client', 'packages/mock', 'packages/conformance'];

/**
 * Whatever stands between `<!-- bench: name -->` and `<!-- /bench -->` is replaced by the block of that name.
 * Throws for a name that is unknown and for an end that is missing.
 */
export function fillBlocks(text: string, results: Results): string {
  const filled = text.replaceAll(BLOCK, (_, begin: string, name: string, end: string) => {
    const make = blocks[name];
    if (!make) {
      throw new Error(
        `Unknown block "${name}". There are ${Object.keys(blocks).join(', ')}: <!-- bench: client -->`,
      );
    }
    return `${begin}\n${make(results)}\n\n${end}`;
  });
  const [unclosed] = /<!-- bench: [\w-]+ -->(?![\s\S]*<!-- \/bench -->)/.exec(filled) ?? [];
  if (unclosed !== undefined) throw new Error(`${unclosed} has no <!-- /bench --> after it.`);
  return filled;
}

/** The names of the blocks in a text. */
export function blockNames(text: string): string[] {
  return [...text.matchAll(BLOCK)].map(([, , name]) => name ?? '');
}

/** Every Markdown file that shows figures. */
export async function markdownFiles(): Promise<string[]> {
  const files: string[] = [];
  for (const folder of FOLDERS) {
    for (const name of await readdir(join(root, folder))) {
      const file = join(root, folder, name);
      if (name.endsWith('.md') && blockNames(await readFile(file, 'utf8')).length > 0)
        files.push(file);
    }
  }
  return files;
}

if (import.meta.main) {
  try {
    const results = await readResults();
    for (const file of await markdownFiles()) {
      await writeFile(file, fillBlocks(await readFile(file, 'utf8'), results));
    }
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
