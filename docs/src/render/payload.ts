import {
  type Contract,
  type Example,
  isJson,
  type MediaType,
  nameOfSchema,
} from '@sql-sessions/contract/model';
import { toTree } from '../contract/schema-tree.ts';
import { facts, named, type SchemaLink, schemaFields } from './fields.ts';
import { codeBlock } from './highlight.ts';
import { type Content, type Html, html } from './html.ts';
import { description, externalLink, safeLink } from './markdown.ts';

/** The media types of a body with what each holds. `shared` says where a schema is shown instead of here. */
export function payload(
  contract: Contract,
  content: readonly MediaType[],
  label: string,
  id: (path: string) => string,
  {
    link,
    shared = () => null,
    note = null,
  }: { link: SchemaLink; shared?: (name: string) => string | null; note?: Content },
): Html {
  const seen = new Set<string>();
  return html`${content.map(({ mediaType, schema, encoding }, index) => {
    const name = schema && nameOfSchema(schema);
    const elsewhere = name === undefined ? null : shared(name);
    const again = name !== undefined && seen.has(name);
    if (name !== undefined) seen.add(name);
    const node = schema && toTree(contract, schema);
    // What stands beside a reference is said here alone.
    const own =
      name === undefined || schema?.title !== undefined || schema?.description !== undefined;
    const at = (path: string) => id(index === 0 ? path : `${index + 1}-${path}`);
    const written = Object.entries(encoding).map(
      ([field, { contentType, style, explode, headers }]) =>
        [
          `${field}: ${contentType ?? `${style}${explode ? ', exploded' : ''}`}`,
          ...headers.map(({ name }) => `header ${name}`),
        ].join(', '),
    );
    return html`<p class="media"><code>${mediaType}</code> ${node && html`<span class="field-type">${node.type}</span>`} ${
      name !== undefined &&
      (elsewhere ? html`<a href="${elsewhere}">${name}</a>` : named(name, link))
    }${index === 0 && note}</p>
${node && html`${!elsewhere && !again && facts([...node.facts, ...written])}${own && node.description !== '' && html`<div class="prose small">${description(node.description)}</div>`}${own && externalLink(node.externalDocs)}${!elsewhere && !again && schemaFields(label, node, at, link)}`}`;
  })}`;
}

/** The examples of a body, each as a figure. */
export function examples(content: readonly MediaType[], label: string, badge: Content): Html[] {
  return content.flatMap(({ mediaType, examples: all }) =>
    all.map(
      (example) =>
        html`<figure class="example"><figcaption>${badge} ${example.summary || label}${content.length > 1 && html` <span class="quiet">${mediaType}</span>`}</figcaption>${
          example.description !== '' &&
          html`<div class="prose small">${description(example.description)}</div>`
        }${written(example, mediaType, label)}</figure>`,
    ),
  );
}

function written({ value, externalValue }: Example, mediaType: string, label: string): Html {
  if (value === undefined) {
    return html`<p class="media">${externalValue && safeLink(externalValue)}</p>`;
  }
  const plain = typeof value === 'string' && !isJson(mediaType);
  return codeBlock(plain ? value : JSON.stringify(value, null, 2), plain ? 'text' : 'json', label);
}
