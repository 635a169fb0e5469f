import type { Page } from './page.ts';

/** `llms.txt`: what the site is and where each page is as Markdown. */
export function llmsText(
  title: string,
  summary: string,
  pages: readonly Page[],
  baseUrl: string | null,
): string {
  const entry = (page: Page) =>
    `- [${page.title}](${baseUrl ?? ''}${page.path}index.md): ${page.description}`;
  const reference = pages.filter(({ kind }) => kind === 'reference');
  const text = pages.filter(({ kind }) => kind === 'text');
  return `# ${title}

> ${summary}

## Contract

${reference.map(entry).join('\n')}
- [openapi.yaml](${baseUrl ?? ''}openapi.yaml): the newest contract, OpenAPI 3.1
- [openapi.json](${baseUrl ?? ''}openapi.json): the same as JSON

## Guides and decisions

${text.map(entry).join('\n')}
`;
}

/** A sitemap names full addresses, so there is one only where the address of the site is known. */
export function sitemap(pages: readonly Page[], baseUrl: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${pages.map(({ path }) => `<url><loc>${baseUrl}${path}</loc></url>`).join('\n')}
</urlset>
`;
}
