import type { Answer, Operation, ReferenceModel } from '../contract/reference-model.ts';
import { anchors } from '../render/anchors.ts';
import { codeBlock } from '../render/highlight.ts';
import { type Html, html, raw } from '../render/html.ts';
import { description } from '../render/markdown.ts';
import type { Page } from './page.ts';

const PATH = 'errors/';

interface Documented {
  answer: Answer;
  operations: Operation[];
}

/**
 * The error catalogue, `docs/errors.md`, has one heading per status; the contract adds its examples to each. A status
 * that the contract documents and the text does not know yet gets a section from the contract alone, so a new
 * operation needs no new text.
 */
export function errorCatalogue(
  pages: readonly Page[],
  model: ReferenceModel,
): { pages: Page[]; addresses: Map<string, string> } {
  const addresses = new Map<string, string>();
  const page = pages.find(({ path }) => path === PATH);
  if (!page) return { pages: [...pages], addresses };
  const documented = errorsOf(model);
  const sections = page.main.text.split(/(?=<h2 )/);
  const written = sections.map((section) => {
    const status = /^<h2 id="(\d{3})"/.exec(section)?.[1];
    if (status === undefined) return raw(section);
    addresses.set(status, `${PATH}#${status}`);
    return html`${raw(section)}${fromContract(documented.get(status))}`;
  });
  const added = [...documented].filter(([status]) => !addresses.has(status));
  for (const [status] of added) addresses.set(status, `${PATH}#${status}`);
  const complete: Page = {
    ...page,
    main: html`${written}${added.map(
      ([status, found]) => html`<h2 id="${status}">${status}</h2>
${description(found.answer.description)}${fromContract(found)}`,
    )}`,
    headings: [
      ...page.headings.map((heading) => {
        const phrase = documented.get(heading.id)?.answer.phrase;
        return phrase ? { ...heading, text: `${heading.text} ${phrase}` } : heading;
      }),
      ...added.map(([status, { answer }]) => ({
        id: status,
        text: `${status} ${answer.phrase}`,
        level: 2,
      })),
    ],
  };
  return { pages: pages.map((other) => (other === page ? complete : other)), addresses };
}

function errorsOf(model: ReferenceModel): Map<string, Documented> {
  const errors = new Map<string, Documented>();
  for (const operation of model.operations) {
    for (const answer of operation.answers) {
      if (answer.status < '400') continue;
      const found = errors.get(answer.status);
      if (found) found.operations.push(operation);
      else errors.set(answer.status, { answer, operations: [operation] });
    }
  }
  return errors;
}

function fromContract(found: Documented | undefined): Html | null {
  if (!found) return null;
  const { answer, operations } = found;
  return html`<p><b>Documented for</b> ${operations.map(
    ({ id, summary }, index) =>
      html`${index > 0 && ', '}<a href="../#${anchors.answer(id, answer.status)}">${summary}</a>`,
  )}, as ${answer.status} ${answer.phrase}:</p>
${answer.payload?.examples.map(({ value }) =>
  codeBlock(JSON.stringify(value, null, 2), 'json', `Example of ${answer.status}`),
)}`;
}
