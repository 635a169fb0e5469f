import type { Results } from '../results-file.ts';
import { blocks } from './blocks.ts';

const BLOCK = /(<!-- bench: ([\w-]+) -->\n)[\s\S]*?(<!-- \/bench -->)/g;

/**
 * Puts the figures into a Markdown text: whatever stands between `<!-- bench: name -->` and `<!-- /bench -->` is
 * replaced by the block of that name.
 */
export function fillBlocks(text: string, results: Results): string {
  const filled = text.replaceAll(BLOCK, (_, begin: string, name: string, end: string) => {
    const make = blocks[name];
    if (!make) {
      throw new Error(
        `There is no block "${name}". There are ${Object.keys(blocks).join(', ')}: <!-- bench: client -->`,
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
