import TurndownService from 'turndown';
import type { Html } from '../render/html.ts';

const service = new TurndownService({
  headingStyle: 'atx',
  codeBlockStyle: 'fenced',
  bulletListMarker: '-',
});
// Texts are read as they are; a star in them means no emphasis.
service.escape = (text) => text;
service.remove(['button', 'form', 'noscript', 'style', 'script']);
service.addRule('code', {
  filter: 'pre',
  replacement: (_, node) => {
    const language = node.querySelector('code')?.getAttribute('data-language') ?? '';
    const text = node.textContent?.replace(/\n$/, '') ?? '';
    let fence = '```';
    while (text.includes(fence)) fence += '`';
    return `\n\n${fence}${language}\n${text}\n${fence}\n\n`;
  },
});
service.addRule('link', {
  filter: 'a',
  replacement: (content, node) => {
    const href = node.getAttribute('href') ?? '';
    // Twins have no anchors; their links lead to the twins of other pages.
    const [path = ''] = href.split('#');
    if (path === '' || content === '') return content;
    const local = !/^[a-z]+:/.test(path);
    return `[${content}](${local ? path.replace(/(^\.|\/)$/, '$1/index.md').replace('//', '/') : href})`;
  },
});
service.addRule('cell', {
  filter: ['th', 'td'],
  replacement: (content) =>
    `| ${content
      .trim()
      .replaceAll(/\s*\n\s*/g, ' ')
      .replaceAll('|', '\\|')} `,
});
service.addRule('row', {
  filter: 'tr',
  replacement: (content, node) =>
    `${content}|\n${node.parentElement?.nodeName === 'THEAD' ? `${'| --- '.repeat(node.children.length)}|\n` : ''}`,
});
service.addRule('rows', { filter: ['thead', 'tbody'], replacement: (content) => content });
service.addRule('table', { filter: 'table', replacement: (content) => `\n\n${content}\n` });
service.addRule('deleted', { filter: ['del', 's'], replacement: (content) => `~~${content}~~` });
service.addRule('task', {
  filter: (node) => node.getAttribute('type') === 'checkbox',
  replacement: (_, node) => (node.hasAttribute('checked') ? '[x]' : '[ ]'),
});
service.addRule('facts', {
  filter: (node) => node.className === 'limit',
  replacement: (content) => `${content};`,
});

service.addRule('left out', {
  filter: (node) =>
    /\b(js-only|crumb|visually-hidden)\b/.test(node.className ?? '') || node.className === 'try',
  replacement: () => '',
});

/** A page as Markdown: everything that it says, but what works with scripts alone. */
export function toMarkdown(main: Html): string {
  return `${service.turndown(String(main))}\n`;
}
