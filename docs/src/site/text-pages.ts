import { type Html, html } from '../render/html.ts';
import { plainText, renderMarkdown } from '../render/markdown.ts';
import type { Page } from './page.ts';
import { resolveLink, type Source } from './repository.ts';

/** How the texts of published packages name a file of this repository: on npm's pages a relative link leads nowhere. */
const FROM_TOP = /^https:\/\/github\.com\/sql-sessions\/sql-sessions\/blob\/main\/(.+)$/;
/** Blocks of code. */
const CODE = /(^ *```[\s\S]*?^ *```)/m;

export interface TextPageContext {
  sources: readonly Source[];
  /** Where the files of the repository can be read, with a slash at the end; null: not known. */
  repository: string | null;
  /** Paths for files that the site has in another form. */
  special: Readonly<Record<string, string>>;
}

/** The page of a Markdown file. Links between files become links between pages. */
export function toTextPage(source: Source, context: TextPageContext): Page {
  const up = '../'.repeat(source.path.split('/').length - 1);
  const link = (href: string) => toTarget(source, href, context, up);
  const { html: main, headings } = renderMarkdown(source.text, { link });
  const title = headings.find(({ level }) => level === 1)?.text ?? source.path;
  return {
    path: source.path,
    title,
    description: firstSentence(main.text) || title,
    markdown: withLinks(source.text, link),
    main: withCrumb(source.path, main, context.sources),
    headings,
    kind: 'text',
    version: null,
    source: source.file,
  };
}

/** The Markdown twin: its links lead to the twins of other pages. What is code stays as it is. */
function withLinks(text: string, link: (href: string) => string | null): string {
  return text
    .split(CODE)
    .map((piece, index) => {
      if (index % 2 === 1) return piece;
      return piece.replaceAll(
        /\[([^\]]*)\]\(([^)\s]+)\)/g,
        (whole, label: string, href: string) => {
          if (/^([a-z]+:|#)/.test(href) && !FROM_TOP.test(href)) return whole;
          const target = link(href);
          return target === null
            ? label
            : `[${label}](${target.replace(/\/(?=#|$)/, '/index.md')})`;
        },
      );
    })
    .join('');
}

/** A page below another one says where it belongs. */
function withCrumb(path: string, main: Html, sources: readonly Source[]): Html {
  const parent = path.replace(/[^/]+\/$/, '');
  if (parent === '' || !sources.some((source) => source.path === parent)) return main;
  const name = parent.charAt(0).toUpperCase() + parent.slice(1, -1);
  return html`<p class="crumb"><a href="../">${name}</a></p>${main}`;
}

function toTarget(
  source: Source,
  href: string,
  context: TextPageContext,
  up: string,
): string | null {
  const own = FROM_TOP.exec(href)?.[1];
  if (own === undefined && /^([a-z][a-z0-9+.-]*:|#|\/\/)/i.test(href)) return href;
  const [target = '', anchor] = (own ?? href).split('#');
  const file = own === undefined ? resolveLink(source.file, target) : target;
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const page = context.sources.find(
    (other) => other.file === file || other.file === `${file.replace(/\/$/, '')}/README.md`,
  );
  const path = page?.path ?? context.special[file];
  if (path !== undefined) return `${up}${path}${hash}` || './';
  // Other files of the repository have no page; they are linked where they can be read.
  if (context.repository === null) return own === undefined ? null : href;
  return `${context.repository}${file}${hash}`;
}

function firstSentence(markup: string): string | null {
  const paragraph = /<p>([\s\S]*?)<\/p>/.exec(markup)?.[1] ?? '';
  const text = squeeze(plainText(paragraph));
  return (/^.{20,200}?[.:](?=\s|$)/.exec(text)?.[0] ?? text.slice(0, 160)).replace(/:$/, '.');
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
