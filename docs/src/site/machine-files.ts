import type { Changelog } from '@sql-sessions/contract/versioning';
import { escapeHtml } from '../render/html.ts';
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
- [Everything in one file](${baseUrl ?? ''}llms-full.txt)
`;
}

/** `llms-full.txt`: the newest reference and all texts, one after the other. */
export function llmsFullText(pages: readonly Page[]): string {
  return pages
    .filter(({ path }) => !path.startsWith('versions/'))
    .map(({ markdown }) => markdown.trim())
    .join('\n\n---\n\n');
}

/** A sitemap names full URLs, so there is one only where the URL of the site is known. */
export function sitemap(pages: readonly Page[], baseUrl: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${pages.map(({ path }) => `<url><loc>${baseUrl}${path}</loc></url>`).join('\n')}
</urlset>
`;
}

/** The releases of the contract as an Atom feed, which names full URLs as well. */
export function atomFeed(title: string, { releases }: Changelog, baseUrl: string): string {
  const entry = ({ version, date, rating, notes, changes }: Changelog['releases'][number]) => {
    const text = [
      ...notes,
      ...changes.map((change) => `${change.rating}: ${change.what} (${change.where})`),
    ];
    return `<entry><id>${baseUrl}versions/${version}/</id><title>${version} (${rating})</title><updated>${date}T00:00:00Z</updated><link href="${baseUrl}versions/${version}/"/><content type="text">${escapeHtml(text.join('\n'))}</content></entry>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>${baseUrl}versions/</id><title>${escapeHtml(title)} contract</title><updated>${releases[0]?.date}T00:00:00Z</updated><author><name>${escapeHtml(title)}</name></author><link rel="self" href="${baseUrl}feed.xml"/><link href="${baseUrl}versions/"/>
${releases.map(entry).join('\n')}
</feed>
`;
}
