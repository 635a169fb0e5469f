import { exampleRequest } from '../contract/example-request.ts';
import type { Operation, ReferenceModel } from '../contract/reference-model.ts';
import { toCurl, toTypeScript } from '../contract/samples.ts';
import { anchors } from './anchors.ts';
import { answers, statusRow } from './answers.ts';
import { fieldItem, fieldList, schemaFields } from './fields.ts';
import { codeBlock, sampleBlock } from './highlight.ts';
import { type Html, html } from './html.ts';
import { description } from './markdown.ts';
import { tryIt } from './try-it.ts';

export interface OperationContext {
  model: ReferenceModel;
  /** Address of a status in the error catalogue, where it has an entry. */
  catalogue: (status: string) => string | null;
  /** The panel calls the server with the newest client, so older versions of the contract do without it. */
  interactive: boolean;
}

/** Everything the contract says about one operation, in reading order. */
export function renderOperation(operation: Operation, context: OperationContext): Html {
  const { id } = operation;
  return html`<section class="operation" aria-labelledby="${id}">
<header class="operation-head">
<h2 id="${id}">${operation.summary} <a class="anchor" href="#${id}" aria-label="Link to ${operation.summary}">#</a></h2>
<p class="route"><span class="method method-${operation.method.toLowerCase()}">${operation.method}</span> <code class="path">${splitPath(operation.path)}</code> <button type="button" class="copy js-only" data-copy>Copy<span class="visually-hidden"> the path of ${operation.summary}</span></button>${operation.deprecated && html` <span class="deprecated">deprecated</span>`}</p>
${statusRow(operation)}
</header>
<div class="columns">
<div class="main-column">
<div class="prose">${description(operation.description)}</div>
${parameters(operation)}
${authorization(operation, context.model)}
${requestBody(operation)}
</div>
<div class="side-column sticky">
${request(operation, context.model)}
${context.interactive && tryIt(operation, context.model)}
</div>
</div>
${answers(operation, context.catalogue)}
</section>`;
}

function parameters(operation: Operation): Html | null {
  if (operation.parameters.length === 0) return null;
  const id = anchors.section(operation.id, 'parameters');
  return html`<section aria-labelledby="${id}">
<h3 id="${id}">Parameters <a class="anchor" href="#${id}" aria-label="Link to parameters">#</a></h3>
${fieldList(
  'Parameters',
  operation.parameters.map((parameter) =>
    fieldItem({
      ...parameter,
      id: anchors.parameter(operation.id, parameter.name),
      type: `${parameter.type} in ${parameter.in}`,
      level: 4,
    }),
  ),
)}
</section>`;
}

function authorization(operation: Operation, model: ReferenceModel): Html {
  const id = anchors.section(operation.id, 'authorization');
  const ways = operation.security.filter((names) => names.length > 0);
  const optional = operation.security.length === 0 || ways.length < operation.security.length;
  return html`<section aria-labelledby="${id}">
<h3 id="${id}">Authorization <a class="anchor" href="#${id}" aria-label="Link to authorization">#</a></h3>
${
  ways.length === 0
    ? html`<p>None.</p>`
    : fieldList(
        'Ways to authorize',
        ways.map((names) => {
          const schemes = model.securitySchemes.filter(({ name }) => names.includes(name));
          return fieldItem({
            id: `${id}-${names.join('-')}`,
            name: schemes.map(({ scheme }) => scheme.name ?? scheme.scheme).join(' and '),
            type: schemes
              .map(({ scheme }) => (scheme.in ? `string in ${scheme.in}` : scheme.type))
              .join(' and '),
            required: !optional,
            deprecated: false,
            limits: [],
            description: schemes.map(({ scheme }) => scheme.description ?? '').join('\n\n'),
            level: 4,
          });
        }),
      )
}
</section>`;
}

function requestBody(operation: Operation): Html | null {
  const { body } = operation;
  if (!body) return null;
  const id = anchors.section(operation.id, 'body');
  return html`<section aria-labelledby="${id}">
<h3 id="${id}">Body <a class="anchor" href="#${id}" aria-label="Link to body">#</a></h3>
<p class="media"><code>${body.mediaType}</code> ${
    body.schemaName && html`<a href="#${anchors.schema(body.schemaName)}">${body.schemaName}</a>`
  } ${body.required ? html`<span class="required">required</span>` : html`<span class="quiet">optional</span>`}</p>
<div class="prose">${description(body.description)}</div>
${body.fields.length > 0 && schemaFields('Fields of the body', body.fields, (path) => `${id}-${path}`)}
${body.examples.map((example) =>
  codeBlock(JSON.stringify(example.value), 'json', `Body: ${example.summary || 'example'}`),
)}
</section>`;
}

function request(operation: Operation, model: ReferenceModel): Html {
  const id = anchors.section(operation.id, 'request');
  const sample = exampleRequest(operation);
  return html`<section class="request" aria-labelledby="${id}">
<h3 id="${id}">Request <a class="anchor" href="#${id}" aria-label="Link to request">#</a></h3>
<figure class="example" data-sample="curl"><figcaption>curl</figcaption>${sampleBlock(toCurl(operation, sample, tokenHeader(model)), 'bash', 'the curl command')}</figure>
<figure class="example" data-sample="typescript"><figcaption>TypeScript</figcaption>${sampleBlock(toTypeScript(operation, sample), 'typescript', 'the TypeScript')}</figure>
</section>`;
}

/** Name of the header that carries the token. */
export function tokenHeader(model: ReferenceModel): string {
  return (
    model.securitySchemes.find(({ scheme }) => scheme.type === 'apiKey' && scheme.in === 'header')
      ?.scheme.name ?? 'Authorization'
  );
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
