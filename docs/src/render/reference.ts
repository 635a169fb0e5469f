import type { Contract, Operation } from '@sql-sessions/contract/model';
import { toTree } from '../contract/schema-tree.ts';
import { anchors } from './anchors.ts';
import { securitySchemes } from './authentication.ts';
import { outgoing } from './callbacks.ts';
import type { OperationContext } from './context.ts';
import { remarks, type SchemaLink, schemaFields } from './fields.ts';
import { heading } from './headings.ts';
import { type Html, html } from './html.ts';
import { description, externalLink, type Heading, safeLink } from './markdown.ts';
import { baseUrls } from './servers.ts';

/** Operations by their first tag, in the order of the tags; those without one come last. */
export function groupsOf(
  contract: Contract,
): { name: string; description: string; operations: Operation[]; more: Html | null }[] {
  const groups = [...contract.tags, { name: '', description: '', externalDocs: undefined }].map(
    (tag) => ({
      name: tag.name,
      description: tag.description,
      more: externalLink(tag.externalDocs),
      operations: contract.operations.filter(({ tags: [first = ''] }) => first === tag.name),
    }),
  );
  return groups.filter(
    ({ operations, description: text, more }) => operations.length > 0 || text !== '' || more,
  );
}

/** All operations by tag, each with a link to its page. */
export function overview(context: OperationContext): Html {
  const { contract } = context;
  const groupOf = (name: string) =>
    contract.tagGroups.find(({ tags }) => tags.includes(name))?.name;
  return html`${groupsOf(contract).map(
    ({ name, description: text, operations, more }) => html`<section class="tag">
${heading(2, anchors.tag(name || 'others'), html`${groupOf(name) && html`<span class="quiet">${groupOf(name)}: </span>`}${name || 'Operations'}`)}
<div class="prose">${description(text)}${more}</div>
${
  operations.length > 0 &&
  html`<ul class="operations">${operations.map(
    (operation) =>
      html`<li id="${anchors.operation(operation.id)}"><a href="${context.operationLink(operation)}"><span class="method method-${operation.method.toLowerCase()}">${operation.method}</span> <span>${operation.summary}</span> <code class="path">${operation.path}</code></a>${operation.deprecated && html` <span class="deprecated">deprecated</span>`}</li>`,
  )}</ul>`
}</section>`,
  )}`;
}

/** The requests that the service sends by itself. */
export function webhooks(context: OperationContext): Html | null {
  const { webhooks: all } = context.contract;
  if (all.length === 0) return null;
  return html`<section class="tag">${heading(2, 'webhooks', 'Webhooks')}
${all.map((webhook) => outgoing(webhook, webhook.path, context, 3))}</section>`;
}

/** What holds for the whole API. */
export function about(contract: Contract): Html {
  const { info, servers } = contract;
  const { contact, license, termsOfService } = info;
  const links = [
    license && [
      [...new Set([license.name, license.identifier])].filter(Boolean).join(', '),
      license.url,
    ],
    termsOfService && ['Terms of service', termsOfService],
    contact.url && [contact.name ?? 'Contact', contact.url],
    contact.email && [contact.email, `mailto:${contact.email}`],
  ].filter((each): each is [string, string | undefined] => Array.isArray(each));
  return html`<section class="about">
${heading(2, 'about', 'About this API')}
<div class="prose">${description(info.description)}${externalLink(contract.externalDocs)}</div>
${links.length > 0 && html`<p class="legal">${links.map(([text, url]) => (url ? html`${safeLink(url, text)} ` : html`<span>License: ${text}</span> `))}</p>`}
${heading(3, 'servers', 'Base URL')}
${baseUrls(servers)}
${securitySchemes(contract.securitySchemes, 3)}
</section>`;
}

/** All named schemas. Their own headings are of `level`. */
export function schemas(contract: Contract, link: SchemaLink, level: number): Html | null {
  const all = contract.schemas;
  if (all.length === 0) return null;
  return html`<section class="schemas">
${heading(level - 1, 'schemas', 'Schemas')}
<div class="schema-grid">${all.map(({ name, schema }) => {
    const id = anchors.schema(name);
    // What has a name has an entry of its own.
    const node = toTree(contract, schema, 0);
    return html`<div class="schema">
${heading(level, id, name, html` <span class="field-type">${node.type}</span>`)}
${remarks(node)}
${schemaFields(`Fields of ${name}`, node, (path) => anchors.part(id, path), link)}
</div>`;
  })}</div>
</section>`;
}

/** What the menu lists for an operation that has a page of its own or not. */
export function operationHeadings(operation: Operation, level: number): Heading[] {
  const section = (name: Parameters<typeof anchors.section>[1], text: string, there: boolean) =>
    there ? [{ id: anchors.section(operation.id, name), text, level }] : [];
  return [
    ...section('parameters', 'Parameters', operation.parameters.length > 0),
    ...section('authentication', 'Authentication', true),
    ...section('body', 'Request body', operation.requestBody !== undefined),
    ...section('samples', 'Samples', true),
    ...section('responses', 'Responses', true),
    ...section('callbacks', 'Callbacks', operation.callbacks.length > 0),
  ];
}
