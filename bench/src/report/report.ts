/**
 * `pnpm bench:report`: draws the plots and puts the figures into the Markdown files, all from the results file.
 * Exit code 0: done. 1: the results lack something.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readResults } from '../results-file.ts';
import { fillBlocks } from './fill-blocks.ts';
import { drawPlots } from './plots.ts';
import { markdownFiles, plotsFolder } from './report-files.ts';

try {
  const results = await readResults();
  await mkdir(plotsFolder, { recursive: true });
  for (const [name, svg] of drawPlots(results)) await writeFile(join(plotsFolder, name), svg);
  for (const file of await markdownFiles()) {
    const text = await readFile(file, 'utf8');
    await writeFile(file, fillBlocks(text, results));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
