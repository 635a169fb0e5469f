import type { Contract, Operation, Response } from '@sql-sessions/contract/model';
import { adviceOf, phraseOf } from '../contract/statuses.ts';
import { anchors } from '../render/anchors.ts';
import { heading } from '../render/headings.ts';
import { type Html, html, raw } from '../render/html.ts';
import { description } from '../render/markdown.ts';
import { examples } from '../render/payload.ts';
import type { Page } from './page.ts';
import { operationPath } from './reference-pages.ts';
import { toMarkdown } from './to-markdown.ts';

const PATH = 'errors/';

/** A response with the operations that document it. */
interface Documented {
  response: Response;
  operations: Operation[];
}

/** Every failure that a contract documents, by status; those that operations share come once. */
export function failuresOf(contract: Contract): Map<string, Documented[]> {
  const failures = new Map<string, Documented[]>();
  for (const operation of contract.operations) {
    for (const response of operation.responses) {
      if (!/^[45]\d\d$/.test(response.status)) continue;
      const all = failures.get(response.status) ?? [];
      const same = all.find((each) => each.response.pointer === response.pointer);
      if (same) same.operations.push(operation);
      else all.push({ response, operations: [operation] });
      failures.set(response.status, all);
    }
  }
  return new Map([...failures].sort(([a], [b]) => a.localeCompare(b)));
}

/** Puts a section for each failure of the contract in front of the sections that the text has. */
export function errorCatalogue(pages: readonly Page[], contract: Contract): Page[] {
  const single = contract.operations.length === 1;
  const sections = [...failuresOf(contract)].map(([status, all]) => ({ status, all }));
  return pages.map((page) => {
    if (page.path !== PATH) return page;
    const [before = '', ...after] = page.main.text.split(/(?=<h2 )/);
    const main = html`${raw(before)}${sections.map(({ status, all }) => section(status, all, single))}${raw(after.join(''))}`;
    const added = sections.map(({ status, all: [first] }) => ({
      id: status,
      text: `${status} ${first ? phraseOf(first.response) : ''}`,
      level: 2,
    }));
    const headings = [...page.headings.slice(0, 1), ...added, ...page.headings.slice(1)];
    return {
      ...page,
      main,
      headings,
      markdown: toMarkdown(main),
    };
  });
}

/** Paths of the statuses in the catalogue, from the top of the site. */
export function catalogueLinks(pages: readonly Page[], contract: Contract): Map<string, string> {
  if (!pages.some(({ path }) => path === PATH)) return new Map();
  return new Map([...failuresOf(contract).keys()].map((status) => [status, `${PATH}#${status}`]));
}

function section(status: string, all: readonly Documented[], single: boolean): Html {
  const [first] = all;
  return html`${heading(2, status, `${status} ${first ? phraseOf(first.response) : ''}`)}
${all.map(({ response, operations }) => {
  const link = (operation: Operation) =>
    `../${single ? '' : operationPath(operation)}#${anchors.response(operation.id, status)}`;
  return html`${description(response.description)}
<dl class="advice">${adviceOf(response).map(({ label, text }) => html`<dt>${label}</dt><dd>${description(text)}</dd>`)}
<dt>Documented for</dt><dd>${operations.map((operation, index) => html`${index > 0 && ', '}<a href="${link(operation)}">${operation.summary}</a>`)}</dd></dl>
${examples(response.content, `Example of ${status}`, null)}`;
})}`;
}
