import type { Answer, ReferenceModel } from '../contract/reference-model.ts';
import { codeBlock } from '../render/highlight.ts';
import { html } from '../render/html.ts';
import { description } from '../render/markdown.ts';
import type { Page } from './page.ts';

const PATH = 'errors/';

/**
 * The error catalogue, `docs/errors.md`, has one heading per status. A status that the contract documents and the
 * text does not know yet gets a section from the contract, so a new operation needs no new text.
 */
export function errorCatalogue(
  pages: readonly Page[],
  model: ReferenceModel,
): { pages: Page[]; addresses: Map<string, string> } {
  const addresses = new Map<string, string>();
  const page = pages.find(({ path }) => path === PATH);
  if (!page) return { pages: [...pages], addresses };
  for (const { id } of page.headings) {
    const status = /^(\d{3})(?=-|$)/.exec(id)?.[1];
    if (status) addresses.set(status, `${PATH}#${id}`);
  }
  const missing = new Map<string, Answer>();
  for (const answer of model.operations.flatMap(({ answers }) => answers)) {
    if (answer.status >= '400' && !addresses.has(answer.status)) missing.set(answer.status, answer);
  }
  const added = [...missing.values()];
  for (const { status } of added) addresses.set(status, `${PATH}#${status}`);
  const complete: Page = {
    ...page,
    main: html`${page.main}${added.map(
      (answer) => html`<h2 id="${answer.status}">${answer.status} ${answer.phrase}</h2>
${description(answer.description)}
${answer.payload?.examples.map(({ value }) =>
  codeBlock(JSON.stringify(value, null, 2), 'json', `Example of ${answer.status}`),
)}`,
    )}`,
    headings: [
      ...page.headings,
      ...added.map(({ status, phrase }) => ({ id: status, text: `${status} ${phrase}`, level: 2 })),
    ],
  };
  return { pages: pages.map((other) => (other === page ? complete : other)), addresses };
}
