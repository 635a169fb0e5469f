import type { ReferenceModel } from '../contract/reference-model.ts';
import { anchors } from './anchors.ts';
import { schemaFields } from './fields.ts';
import { type Content, type Html, html } from './html.ts';
import { description, type Heading } from './markdown.ts';
import { type OperationContext, renderOperation } from './operation.ts';

/** The whole reference of one contract version as one page. `notice` stands above it, `views` below its title. */
export function renderReference(
  context: OperationContext,
  { notice, views }: { notice: Content; views: Content },
): Html {
  const { model } = context;
  return html`${notice}
<header class="intro">
<h1 id="top">${model.title} <span class="version-tag">${model.version}</span></h1>
<p class="lead">${model.summary}</p>
${views}
</header>
${model.operations.map((operation) => renderOperation(operation, context))}
<section class="about" aria-labelledby="about">
<h2 id="about">About this API <a class="anchor" href="#about" aria-label="Link to about this API">#</a></h2>
<div class="prose">${description(model.description)}</div>
${servers(model)}
${security(model)}
</section>
${schemas(model)}`;
}

/** What the menu lists for the page. */
export function referenceHeadings(model: ReferenceModel): Heading[] {
  return [
    ...model.operations.flatMap((operation) => [
      { id: operation.id, text: operation.summary, level: 2 },
      { id: anchors.section(operation.id, 'parameters'), text: 'Parameters', level: 3 },
      { id: anchors.section(operation.id, 'authorization'), text: 'Authorization', level: 3 },
      ...(operation.body
        ? [{ id: anchors.section(operation.id, 'body'), text: 'Body', level: 3 }]
        : []),
      { id: anchors.section(operation.id, 'request'), text: 'Request', level: 3 },
      { id: anchors.section(operation.id, 'answers'), text: 'Answers', level: 3 },
    ]),
    { id: 'about', text: 'About this API', level: 2 },
    { id: 'schemas', text: 'Schemas', level: 2 },
    ...model.schemas.map(({ name }) => ({ id: anchors.schema(name), text: name, level: 3 })),
  ].filter(
    ({ id }) =>
      !model.operations.some(
        (operation) =>
          operation.parameters.length === 0 && id === anchors.section(operation.id, 'parameters'),
      ),
  );
}

function servers(model: ReferenceModel): Html | null {
  if (model.servers.length === 0) return null;
  return html`<h3 id="servers">Address <a class="anchor" href="#servers" aria-label="Link to address">#</a></h3>
<ul class="fields" aria-label="Addresses">${model.servers.map(
    (
      server,
    ) => html`<li class="field"><p class="field-head"><code class="field-name">${server.url}</code></p>
<div class="prose small">${description(server.description)}${server.variables.map(
      (variable) => html`<p><code>${variable.name}</code>: ${variable.description}</p>`,
    )}</div></li>`,
  )}</ul>`;
}

function security(model: ReferenceModel): Html | null {
  if (model.securitySchemes.length === 0) return null;
  return html`<h3 id="security">Security <a class="anchor" href="#security" aria-label="Link to security">#</a></h3>
<ul class="fields" aria-label="Security schemes">${model.securitySchemes.map(
    ({
      name,
      scheme,
    }) => html`<li class="field" id="${anchors.security(name)}"><p class="field-head"><code class="field-name">${name}</code> <span class="field-type">${scheme.type}${scheme.in && ` in ${scheme.in}`}</span> ${scheme.name && html`<code>${scheme.name}</code>`} <a class="anchor" href="#${anchors.security(name)}" aria-label="Link to ${name}">#</a></p>
<div class="prose small">${description(scheme.description ?? '')}</div></li>`,
  )}</ul>`;
}

function schemas(model: ReferenceModel): Html | null {
  if (model.schemas.length === 0) return null;
  return html`<section class="schemas" aria-labelledby="schemas">
<h2 id="schemas">Schemas <a class="anchor" href="#schemas" aria-label="Link to schemas">#</a></h2>
<div class="schema-grid">${model.schemas.map((schema) => {
    const id = anchors.schema(schema.name);
    return html`<section class="schema" aria-labelledby="${id}">
<h3 id="${id}">${schema.name} <span class="field-type">${schema.type}</span> <a class="anchor" href="#${id}" aria-label="Link to ${schema.name}">#</a></h3>
<div class="prose small">${description(schema.description)}</div>
${schema.limits.length > 0 && html`<p class="limits">${schema.limits.map((limit) => html`<span class="limit">${limit}</span> `)}</p>`}
${schema.fields.length > 0 && schemaFields(`Fields of ${schema.name}`, schema.fields, (path) => anchors.schemaField(schema.name, path))}
</section>`;
  })}</div>
</section>`;
}
