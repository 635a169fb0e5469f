import type { Operation } from '@sql-sessions/contract/model';
import { phraseOf } from '../contract/statuses.ts';
import { anchors } from './anchors.ts';
import { authentication } from './authentication.ts';
import type { OperationContext } from './context.ts';
import { fieldList } from './fields.ts';
import { heading } from './headings.ts';
import { type Html, html } from './html.ts';
import { description, externalLink } from './markdown.ts';
import { route } from './operation.ts';
import { parameters, valueItem } from './parameters.ts';
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
${heading(level, id, operation.summary, operation.deprecated && html` <span class="deprecated">deprecated</span>`)}
${route(operation)}
<div class="prose">${description(operation.description)}${externalLink(operation.externalDocs)}</div>
${parameters(operation, context, level + 1)}
${operation.security.length > 0 && authentication(operation, context, level + 1)}
${body && html`<div class="prose">${description(body.description)}</div>`}
${body && payload(context.contract, body.content, `Fields of ${name}`, (path) => anchors.part(id, path), { link: context.schemaLink })}
${body && examples(body.content, `Example of ${name}`, null)}
<ul class="fields" aria-label="Expected responses">${operation.responses.map((response) => {
    const { status, headers, content } = response;
    const at = (path: string) => anchors.part(id, `${status}.${path}`);
    return html`<li class="field"><p class="field-head"><b>${status}</b> ${phraseOf(response)}</p><div class="prose small">${description(response.description)}</div>
${fieldList(
  `Headers of ${status}`,
  headers.map((header) => valueItem(header, 'header', at(header.name), context)),
)}${payload(context.contract, content, `Fields of the body of ${status}`, at, { link: context.schemaLink })}${examples(content, `Example of ${status}`, null)}</li>`;
  })}</ul>
</div>`;
}
