import GithubSlugger from 'github-slugger';
import { Marked, type Tokens } from 'marked';
import { codeBlock } from './highlight.ts';
import { escapeHtml, type Html, html, raw } from './html.ts';

export interface MarkdownOptions {
  /** Turns the target of a link, as written in the file, into its path on the site; null: only its text stays. */
  link?: (href: string) => string | null;
  /** Headings as bold lines, for a text inside another one, whose outline they are no part of. Default: false. */
  inside?: boolean;
}

/** Links that are followed: the web, mail, and what is relative. */
const SAFE = /^(https?:|mailto:|[^:]*$|[^:/?#]*[/?#])/i;

export interface Heading {
  id: string;
  text: string;
  level: number;
}

export interface RenderedMarkdown {
  html: Html;
  headings: Heading[];
}

/** Renders GitHub's Markdown; headings get the same anchors that GitHub gives them. */
export function renderMarkdown(
  text: string,
  { link = (href) => href, inside = false }: MarkdownOptions = {},
): RenderedMarkdown {
  const slugger = new GithubSlugger();
  const headings: Heading[] = [];
  const marked = new Marked({ gfm: true });
  let samples = 0;
  let tables = 0;
  marked.use({
    renderer: {
      heading({ tokens, depth }) {
        const inner = this.parser.parseInline(tokens);
        const plain = plainText(inner);
        if (inside) return `<p><b>${inner}</b></p>\n`;
        const id = slugger.slug(plain);
        headings.push({ id, text: plain, level: depth });
        // A link inside a link is none.
        const linked = depth > 1 && !inner.includes('<a ');
        const content = linked ? `<a class="self" href="#${id}">${inner}</a>` : inner;
        return `<h${depth} id="${id}">${content}</h${depth}>\n`;
      },
      code({ text: code, lang }: Tokens.Code) {
        samples += 1;
        return `${codeBlock(code, (lang ?? '').split(/\s/)[0] ?? '', `Sample ${samples}`)}\n`;
      },
      link({ href, title, tokens }) {
        const target = SAFE.test(href) ? link(href) : null;
        const inner = this.parser.parseInline(tokens);
        if (target === null || (inside && target.startsWith('#'))) return inner;
        const hint = title ? ` title="${escapeHtml(title)}"` : '';
        return `<a href="${escapeHtml(target)}"${hint}>${inner}</a>`;
      },
      image({ href, text: words }) {
        const target = SAFE.test(href) ? link(href) : null;
        if (target === null || inside) return escapeHtml(words);
        return `<img src="${escapeHtml(target)}" alt="${escapeHtml(words)}" loading="lazy">`;
      },
      table(token) {
        tables += 1;
        // An empty corner means that the first column names the rows.
        const named = token.header[0]?.text === '';
        const cell = ({ tokens, text: content, header }: Tokens.TableCell, first: boolean) => {
          const scope = header ? 'col' : 'row';
          const tag = content !== '' && (header || (named && first)) ? 'th' : 'td';
          return `<${tag}${tag === 'th' ? ` scope="${scope}"` : ''}>${this.parser.parseInline(tokens)}</${tag}>`;
        };
        const cells = (row: Tokens.TableCell[]) =>
          `<tr>${row.map((each, index) => cell(each, index === 0)).join('')}</tr>`;
        return `<div class="table" role="group" aria-label="Table ${tables}"><table><thead>${cells(
          token.header,
        )}</thead><tbody>${token.rows.map(cells).join('')}</tbody></table></div>\n`;
      },
      // Files are ours, but a stray tag in them must not become part of the page.
      html({ text: markup }) {
        return /^\s*<!--/.test(markup) ? '' : escapeHtml(markup);
      },
    },
  });
  return { html: raw(marked.parse(text, { async: false })), headings };
}

/** Renders a description out of the contract. */
export function description(text: string): Html {
  return renderMarkdown(text, { inside: true }).html;
}

/** A link out of the contract; where it could be harmful, its text and what it leads to. */
export function safeLink(url: string, text = url): Html {
  if (SAFE.test(url)) return html`<a href="${url}">${text}</a>`;
  return html`${text}${text !== url && html` <code>${url}</code>`}`;
}

/** What the contract says is described elsewhere. */
export function externalLink(
  docs: { readonly url: string; readonly description: string } | undefined,
): Html | null {
  if (!docs) return null;
  return html`<p class="more">More: ${safeLink(docs.url, docs.description || docs.url)}</p>`;
}

export function plainText(markup: string): string {
  return markup
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/&#(?:39|x27);/g, "'")
    .replaceAll('&amp;', '&');
}
