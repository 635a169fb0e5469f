import { html } from '../render/html.ts';
import type { Page } from './page.ts';

/** Adds to each page the pages below it that its text does not mention, so that none is out of reach. */
export function listChildren(pages: readonly Page[]): Page[] {
  return pages.map((page) => {
    const missing = pages.filter(
      ({ path }) =>
        path !== page.path &&
        path.startsWith(page.path) &&
        !page.main.text.includes(`href="../${path}`),
    );
    if (page.path === '' || missing.length === 0) return page;
    const list = missing.map(({ path, title }) => ({ href: `../${path}`, title }));
    return {
      ...page,
      main: html`${page.main}<h2 id="more">More</h2><ul>${list.map(
        ({ href, title }) => html`<li><a href="${href}">${title}</a></li>`,
      )}</ul>`,
      markdown: `${page.markdown.trimEnd()}\n\n## More\n\n${list
        .map(({ href, title }) => `- [${title}](${href}index.md)`)
        .join('\n')}\n`,
      headings: [...page.headings, { id: 'more', text: 'More', level: 2 }],
    };
  });
}
