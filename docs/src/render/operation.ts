import { isDeepStrictEqual } from 'node:util';
import type { Operation } from '@sql-sessions/contract/model';
import { toRequestForm } from '../contract/to-request-form.ts';
import { anchors } from './anchors.ts';
import { authentication } from './authentication.ts';
import { callbacks } from './callbacks.ts';
import type { OperationContext } from './context.ts';
import { heading } from './headings.ts';
import { type Content, type Html, html } from './html.ts';
import { description, externalLink } from './markdown.ts';
import { parameters } from './parameters.ts';
import { examples, payload } from './payload.ts';
import { responses, statusRow } from './responses.ts';
import { samples } from './samples.ts';
import { baseUrls } from './servers.ts';
import { tryIt } from './try-it.ts';

/** Everything the contract says about one operation, in reading order. Its own heading is of `level`. */
export function renderOperation(
  operation: Operation,
  context: OperationContext,
  level: number,
): Html {
  const form = toRequestForm(context.contract, operation);
  const id = anchors.operation(operation.id);
  const { servers } = context.contract;
  return html`<section class="operation" aria-labelledby="${id}">
<header class="operation-head">
${heading(level, id, operation.summary, operation.deprecated && html` <span class="deprecated">deprecated</span>`)}
${route(operation)}
${!isDeepStrictEqual(operation.servers, servers) && html`<p class="base">Base URL</p>${baseUrls(operation.servers)}`}
${statusRow(operation)}
</header>
<div class="columns">
<div class="main-column">
<div class="prose">${sunset(operation)}${description(operation.description)}${externalLink(operation.externalDocs)}</div>
${parameters(operation, context, level + 1)}
${authentication(operation, context, level + 1)}
${requestBody(operation, context, level + 1)}
</div>
<div class="side-column sticky">${samples(form, context, level + 1)}</div>
</div>
${context.newest && tryIt(operation, form, level + 1)}
${responses(operation, context, level + 1)}
${callbacks(operation, context, level + 1)}
</section>`;
}

export function route(operation: Pick<Operation, 'method' | 'path'>): Html {
  const { method, path } = operation;
  return html`<p class="route"><span class="method method-${method.toLowerCase()}">${method}</span> <code class="path">${splitPath(path)}</code> <button type="button" class="copy js-only" data-copy>Copy<span class="visually-hidden"> the path</span></button></p>`;
}

/** Until when something deprecated works, where the contract says so (docs/versioning.md). */
function sunset({ deprecated, extensions }: Operation): Html | null {
  const day = extensions['x-sunset'];
  if (!deprecated || typeof day !== 'string') return null;
  return html`<p><strong>Works until <time datetime="${day}">${day}</time>.</strong></p>`;
}

function requestBody(operation: Operation, context: OperationContext, level: number): Html | null {
  const { requestBody: body } = operation;
  if (!body) return null;
  const id = anchors.section(operation.id, 'body');
  const note: Content = body.required
    ? html` <span class="required">required</span>`
    : html` <span class="quiet">optional</span>`;
  return html`<section>
${heading(level, id, 'Request body')}
<div class="prose">${description(body.description)}</div>
${payload(context.contract, body.content, 'Fields of the request body', (path) => anchors.part(id, path), { link: context.schemaLink, note })}
${examples(body.content, 'Example of the request body', null)}
</section>`;
}

/** A long path may break after a slash, never inside a name. */
function splitPath(path: string): Html[] {
  return path
    .split(/(?<=\/)/)
    .map((part) =>
      part.startsWith('{')
        ? html`<wbr><span class="hole">${part.replace(/\/$/, '')}</span>${part.endsWith('/') && '/'}`
        : html`<wbr>${part}`,
    );
}
