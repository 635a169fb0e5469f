import { readFile } from 'node:fs/promises';

/** The pages whose commands and samples are run. */
export const PAGES = {
  'docs/guides/mock.md': new URL('../../../../docs/guides/mock.md', import.meta.url),
  'README.md': new URL('../../README.md', import.meta.url),
};

/** The fenced blocks of a page in one language, in their order. */
export async function guideBlocks(page: URL, language: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  const found = text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'));
  return [...found].map(([, code = '']) => code);
}

/** Whether a sample is a file of stories: those need a page, so `browser.test.ts` runs them. */
export function isStories(sample: string): boolean {
  return sample.includes('parameters: { msw:');
}
