import type { Page } from './page.ts';

/** A piece of a page that the search finds. */
export interface IndexEntry {
  /** Address from the top of the site. */
  id: string;
  title: string;
  page: string;
  text: string;
  /** How much more likely it is what is looked for: reference and guides come before decisions. */
  weight: number;
}

export function searchIndex(pages: readonly Page[]): IndexEntry[] {
  return pages.flatMap((page) =>
    page.search.map(({ id, title, text }) => ({
      id: `${page.path}${id === '' ? '' : `#${id}`}`,
      title,
      page: page.title,
      text,
      weight: weightOf(page.path),
    })),
  );
}

function weightOf(path: string): number {
  if (path === 'keywords/') return 0.15;
  if (/^(decisions|benchmarks|security|packages)\//.test(path)) return 0.4;
  return /^(guides|versioning|changelog)\//.test(path) ? 1 : 1.4;
}
