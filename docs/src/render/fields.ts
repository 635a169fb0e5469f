import type { Field } from '../contract/schema-fields.ts';
import { type Content, type Html, html } from './html.ts';
import { description } from './markdown.ts';

/** A list of fields or parameters: name, type, whether it must be there, its limits, what it means. */
export function fieldList(label: string, items: Html[]): Html {
  return html`<ul class="fields" aria-label="${label}">${items}</ul>`;
}

export function fieldItem(field: {
  id: string;
  name: string;
  prefix?: string;
  depth?: number;
  type: string;
  required: boolean;
  deprecated: boolean;
  limits: readonly string[];
  description: string;
  level: 4 | 5;
  link?: Content;
}): Html {
  const { depth = 0, prefix = '' } = field;
  return html`<li id="${field.id}" class="field depth-${Math.min(depth, 4)}">
<p class="field-head"><code class="field-name"><span class="quiet">${prefix}</span>${field.name}</code> <span class="field-type">${field.type}</span> ${
    field.required
      ? html`<span class="required">required</span>`
      : html`<span class="quiet">optional</span>`
  }${field.deprecated && html` <span class="deprecated">deprecated</span>`} <a class="anchor" href="#${field.id}" aria-label="Link to ${field.name}">#</a></p>
${field.limits.length > 0 && html`<p class="limits">${field.limits.map(limit)}${field.link}</p>`}
${field.description !== '' && html`<div class="prose small">${description(field.description)}</div>`}
</li>`;
}

/** The rows of a schema. `id` gives each its anchor. */
export function schemaFields(
  label: string,
  fields: readonly Field[],
  id: (path: string) => string,
): Html {
  return fieldList(
    label,
    fields.map((field) =>
      fieldItem({
        ...field,
        id: id(field.path),
        prefix: field.path.slice(0, field.path.length - field.name.length),
        level: 5,
      }),
    ),
  );
}

function limit(text: string): Html {
  const pattern = /^matches (.*)$/s.exec(text)?.[1];
  return pattern === undefined
    ? html`<span class="limit">${text}</span> `
    : html`<span class="limit">matches <code>${pattern}</code></span> `;
}
