import { plainText } from '../render/markdown.ts';
import type { Page } from './page.ts';

/** A piece of a page that the search finds. */
export interface IndexEntry {
  /** Path from the top of the site. */
  id: string;
  title: string;
  page: string;
  text: string;
  /** How much more likely it is what is looked for: reference and guides come before decisions. */
  weight: number;
}

/** Pieces of all pages, but what is about other versions than the newest. */
export function searchIndex(pages: readonly Page[]): IndexEntry[] {
  return pages
    .filter(({ path }) => !/^versions\/./.test(path))
    .flatMap(({ path, title, main }) =>
      searchPieces(main.text).map(({ id, ...piece }) => ({
        ...piece,
        id: `${path}${id === '' ? '' : `#${id}`}`,
        page: title,
        weight: weightOf(path, id),
      })),
    );
}

function weightOf(path: string, id: string): number {
  // Code has words of its language, which mean something else there.
  if (id.endsWith('-samples')) return 0.7;
  if (/^(keywords\/|benchmarks\/|decisions\/.)/.test(path)) return 0.05;
  // Names of schemas are short, and often those of what an operation does.
  if (path === 'schemas/') return 0.7;
  if (/^(decisions|security|packages)\//.test(path)) return 0.4;
  return /^(guides|versioning|changelog)\//.test(path) ? 1 : 1.4;
}

/** Where a piece begins: at a heading, at a parameter, or at what authenticates a call. */
const PIECE =
  /<(?:(h[1-6]) id="([^"]+)"|li id="([^"]+-(?:parameter|authentication)-[^"]+|security-[^"]+)")[^>]*>/g;

/** Cuts a page into pieces that can be found. */
function searchPieces(markup: string): Pick<IndexEntry, 'id' | 'title' | 'text'>[] {
  const text = markup
    .replaceAll(/<(button|form|noscript)[\s\S]*?<\/\1>/g, ' ')
    // Nobody looks for a figure, and tables of them would be a seventh of the index.
    .replaceAll(/<td>[\d.,%×~<>±+\-–\s]*\d[^<]{0,12}<\/td>/g, '');
  const starts = [...text.matchAll(PIECE)];
  return starts.map(({ index, 0: tag, 1: heading, 2: id, 3: entry }, place) => {
    const inside = text.slice(index + tag.length, starts[place + 1]?.index);
    const end = inside.indexOf(heading ? `</${heading}>` : '</code>');
    // The guides are what those look for who want the client.
    const languages = [
      ...inside.matchAll(/ data-sample="(?!client")[^"]*"><figcaption>(.*?)</g),
    ].map(([, name]) => name);
    return {
      id: heading === 'h1' ? '' : (id ?? entry ?? ''),
      title: [words(inside.slice(0, end)), languages.join(', ')].filter(Boolean).join(': '),
      text: words(inside.slice(end)),
    };
  });
}

/** Words of neighbouring cells and lines are not one word. */
function words(markup: string): string {
  return plainText(
    markup.replaceAll(/(?=<\/?(?:td|th|li|p|pre|h\d|dt|dd|div|ul|span)\b)|<br>/g, ' '),
  )
    .replaceAll(/\s+/g, ' ')
    .trim();
}
