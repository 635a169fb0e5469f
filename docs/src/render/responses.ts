import { nameOfSchema, type Operation, type Response } from '@sql-sessions/contract/model';
import { toTree } from '../contract/schema-tree.ts';
import { adviceOf, kindOf, phraseOf } from '../contract/statuses.ts';
import { anchors } from './anchors.ts';
import type { OperationContext } from './context.ts';
import { fieldList, schemaFields } from './fields.ts';
import { heading } from './headings.ts';
import { type Html, html } from './html.ts';
import { description } from './markdown.ts';
import { valueItem } from './parameters.ts';
import { examples, payload } from './payload.ts';

/** The statuses as a row of links: what can come back, at a glance. */
export function statusRow(operation: Operation): Html {
  return html`<ul class="statuses" aria-label="Documented responses">${operation.responses.map(
    (response) =>
      html`<li><a class="status kind-${kindOf(response)}" href="#${anchors.response(operation.id, response.status)}"><b>${response.status}</b> <span>${phraseOf(response)}</span></a></li>`,
  )}</ul>`;
}

/** All responses of an operation, each with its body and examples; a body that several have is shown once. */
export function responses(operation: Operation, context: OperationContext, level: number): Html {
  const id = anchors.section(operation.id, 'responses');
  const shared = sharedBodies(operation);
  return html`<section class="responses">
${heading(level, id, 'Responses')}
${operation.responses.map((response) => responseSection(operation, response, shared, context, level + 1))}
${[...shared].map(([name, statuses]) => {
  const at = anchors.shared(operation.id, name);
  const named = context.contract.schemas.find((each) => each.name === name);
  const node = toTree(context.contract, named?.schema ?? {});
  return html`<div class="response">
${heading(level + 1, at, html`${name}: the body of ${statuses.join(', ')}`)}
<div class="prose">${description(node.description)}</div>
${schemaFields(`Fields of ${name}`, node, (path) => anchors.part(at, path), context.schemaLink)}</div>`;
})}
</section>`;
}

/** Names of the schemas that more than one status has as its body, with these statuses. */
function sharedBodies(operation: Operation): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  for (const { status, content } of operation.responses) {
    for (const name of new Set(
      content.flatMap(({ schema }) => (schema && nameOfSchema(schema)) ?? []),
    )) {
      uses.set(name, [...(uses.get(name) ?? []), status]);
    }
  }
  return new Map([...uses].filter(([, statuses]) => statuses.length > 1));
}

function responseSection(
  operation: Operation,
  response: Response,
  shared: ReadonlyMap<string, string[]>,
  context: OperationContext,
  level: number,
): Html {
  const { status, content } = response;
  const { contract, schemaLink } = context;
  const id = anchors.response(operation.id, status);
  const badge = html`<span class="status kind-${kindOf(response)}"><b>${status}</b></span>`;
  const field = (path: string) => anchors.part(id, path);
  const more = context.catalogue(status);
  const advice = adviceOf(response);
  return html`<div class="response columns">
<div class="main-column">
${heading(level, id, html`${badge} ${phraseOf(response)}`)}
<div class="prose">${description(response.description)}</div>
${
  advice.length > 0 &&
  html`<dl class="advice">${advice.map(({ label, text }) => html`<dt>${label}</dt><dd>${description(text)}</dd>`)}</dl>`
}
${fieldList(
  `Headers of ${status}`,
  response.headers.map((header) => valueItem(header, 'header', field(header.name), context)),
)}
${
  content.length === 0
    ? html`<p class="media quiet">No body.</p>`
    : payload(contract, content, `Fields of the body of ${status}`, field, {
        link: schemaLink,
        shared: (name) => (shared.has(name) ? `#${anchors.shared(operation.id, name)}` : null),
      })
}
${response.links.map(
  (link) =>
    html`<p class="more">Link <code>${link.name}</code>: <code>${link.operationId ?? link.operationRef}</code>${Object.entries(
      link.parameters,
    ).map(
      ([name, value]) =>
        html`, <code>${name}</code> from <code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>`,
    )}${link.requestBody !== undefined && html`, body <code>${JSON.stringify(link.requestBody)}</code>`}${link.server && html`, on <code>${link.server.url}</code>`}.</p>${description(link.description)}`,
)}
${more && html`<p class="more"><a href="${more}">${status} in the error catalogue</a></p>`}
</div>
<div class="side-column">${examples(content, `Example of ${status}`, badge)}</div>
</div>`;
}
