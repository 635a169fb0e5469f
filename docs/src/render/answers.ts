import type { Answer, Operation } from '../contract/reference-model.ts';
import { anchors } from './anchors.ts';
import { fieldItem, fieldList, schemaFields } from './fields.ts';
import { codeBlock } from './highlight.ts';
import { type Html, html } from './html.ts';
import { description } from './markdown.ts';

/** The statuses as a row of links: what can come back, at a glance. */
export function statusRow(operation: Operation): Html {
  return html`<ul class="statuses" aria-label="Documented answers">${operation.answers.map(
    ({ status, phrase, kind }) =>
      html`<li><a class="status kind-${kind}" href="#${anchors.answer(operation.id, status)}"><b>${status}</b> <span>${phrase}</span></a></li>`,
  )}</ul>`;
}

/** All answers of an operation, each with its fields and examples. */
export function answers(operation: Operation, catalogue: (status: string) => string | null): Html {
  const id = anchors.section(operation.id, 'answers');
  return html`<section class="answers" aria-labelledby="${id}">
<h3 id="${id}">Answers <a class="anchor" href="#${id}" aria-label="Link to answers">#</a></h3>
${operation.answers.map((answer) => answerSection(operation, answer, catalogue(answer.status)))}
</section>`;
}

function answerSection(operation: Operation, answer: Answer, more: string | null): Html {
  const { status, phrase, kind, payload } = answer;
  const id = anchors.answer(operation.id, status);
  const field = (path: string) => anchors.answerField(operation.id, status, path);
  return html`<section class="answer columns" aria-labelledby="${id}">
<div class="main-column">
<h4 id="${id}"><span class="status kind-${kind}"><b>${status}</b></span> ${phrase} <a class="anchor" href="#${id}" aria-label="Link to ${status}">#</a></h4>
<div class="prose">${description(answer.description)}</div>
${
  answer.headers.length > 0 &&
  fieldList(
    `Headers of ${status}`,
    answer.headers.map((header) =>
      fieldItem({
        ...header,
        id: field(header.name),
        required: false,
        deprecated: false,
        limits: [],
        level: 5,
      }),
    ),
  )
}
${
  payload
    ? html`<p class="media"><code>${payload.mediaType}</code> ${
        payload.schemaName &&
        html`<a href="#${anchors.schema(payload.schemaName)}">${payload.schemaName}</a>`
      }</p>
${schemaFields(`Fields of the ${status} answer`, payload.fields, field)}`
    : html`<p class="media quiet">No body.</p>`
}
${more && html`<p class="more"><a href="${more}">What to do about ${status}</a></p>`}
</div>
<div class="side-column">${payload?.examples.map(
    (example) =>
      html`<figure class="example"><figcaption><span class="status kind-${kind}"><b>${status}</b></span> ${example.summary || 'Example'}</figcaption>${codeBlock(
        JSON.stringify(example.value, null, 2),
        'json',
        `Example of ${status}`,
      )}</figure>`,
  )}</div>
</section>`;
}
