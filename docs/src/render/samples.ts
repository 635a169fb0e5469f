import { toClient } from '../request/client-sample.ts';
import { fillIn } from '../request/fill-in.ts';
import { exampleValues, MOCK_URL, type RequestForm } from '../request/request-form.ts';
import { LANGUAGES } from '../request/samples.ts';
import { anchors } from './anchors.ts';
import type { OperationContext } from './context.ts';
import { heading } from './headings.ts';
import { codeBlock } from './highlight.ts';
import { type Html, html } from './html.ts';

/** The request in several languages; the reader's choice of one is kept. */
export function samples(form: RequestForm, context: OperationContext, level: number): Html {
  const values = exampleValues(form, MOCK_URL);
  const { request } = fillIn(form, values);
  const all = LANGUAGES.map(({ id, title, syntax, print }) => ({
    id,
    title,
    syntax,
    code: print(request),
  }));
  if (context.newest) {
    const code = toClient(form, values);
    all.splice(1, 0, { id: 'client', title: 'TypeScript client', syntax: 'typescript', code });
  }
  return html`<section class="samples">
${heading(level, anchors.section(form.id, 'samples'), 'Samples')}
<p class="small">They call the mock: <code>npx @sql-sessions/mock</code>. Put your own base URL in its place.</p>
<div class="languages js-only" role="group" aria-label="Language">${all.map(
    ({ id, title }) =>
      html`<button type="button" data-language="${id}" aria-pressed="false">${title}</button>`,
  )}</div>
${all.map(
  ({ id, title, syntax, code }) =>
    html`<figure class="example" data-sample="${id}"><figcaption>${title}</figcaption>${codeBlock(code, syntax, `the sample in ${title}`)}</figure>`,
)}
</section>`;
}
