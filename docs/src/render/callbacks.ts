import type { Operation } from '@sql-sessions/contract/model';
import { phraseOf } from '../contract/statuses.ts';
import { anchors } from './anchors.ts';
import type { OperationContext } from './context.ts';
import { heading } from './headings.ts';
import { type Html, html } from './html.ts';
import { description } from './markdown.ts';
import { route } from './operation.ts';
import { examples, payload } from './payload.ts';

/** Requests that the service sends to a URL which a caller has given. */
export function callbacks(
  operation: Operation,
  context: OperationContext,
  level: number,
): Html | null {
  if (operation.callbacks.length === 0) return null;
  return html`<section>
${heading(level, anchors.section(operation.id, 'callbacks'), 'Callbacks')}
${operation.callbacks.flatMap(({ name, operations }) => operations.map((each) => outgoing(each, name, context, level + 1)))}
</section>`;
}

/** A request that the service sends. */
export function outgoing(
  operation: Operation,
  name: string,
  context: OperationContext,
  level: number,
): Html {
  const id = anchors.part(anchors.section(operation.id, 'callbacks'), name);
  const { requestBody: body } = operation;
  return html`<div class="response">
${heading(level, id, operation.summary)}
${route(operation)}
<div class="prose">${description(operation.description)}${body && description(body.description)}</div>
${body && payload(context.contract, body.content, `Fields of ${name}`, (path) => anchors.part(id, path), { link: context.schemaLink })}
${body && examples(body.content, `Example of ${name}`, null)}
<ul class="fields" aria-label="Expected responses">${operation.responses.map(
    (response) =>
      html`<li class="field"><p class="field-head"><b>${response.status}</b> ${phraseOf(response)}</p><div class="prose small">${description(response.description)}</div></li>`,
  )}</ul>
</div>`;
}
