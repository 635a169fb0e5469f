import type { Value } from '@sql-sessions/contract/model';
import type { Field, SchemaNode } from '../contract/schema-tree.ts';
import { type Content, type Html, html } from './html.ts';
import { description, externalLink } from './markdown.ts';

/** Where a named schema is described. */
export type SchemaLink = (name: string) => string;

export interface FieldItem {
  id: string;
  name: string;
  /** What stands before its name, such as the object that it is in. */
  prefix?: string;
  type: Content;
  required: boolean | null;
  deprecated: boolean;
  facts: readonly string[];
  description: string;
  more?: Content;
}

/** A list of fields or parameters: name, type, whether it must be there, its limits, what it means. */
export function fieldList(label: string, items: readonly Content[]): Html | null {
  return items.length === 0 ? null : html`<ul class="fields" aria-label="${label}">${items}</ul>`;
}

export function fieldItem(field: FieldItem): Html {
  const { id, name, prefix = '', required } = field;
  return html`<li id="${id}" class="field">
<p class="field-head"><a class="self" href="#${id}"><code class="field-name">${prefix && html`<span class="quiet">${prefix}</span>`}${name}</code></a> <span class="field-type">${field.type}</span>${
    required === null
      ? null
      : required
        ? html` <span class="required">required</span>`
        : html` <span class="quiet">optional</span>`
  }${field.deprecated && html` <span class="deprecated">deprecated</span>`}</p>
${facts(field.facts)}
${field.description !== '' && html`<div class="prose small">${description(field.description)}</div>`}
${field.more}
</li>`;
}

/** What a schema says of itself. */
export function remarks({
  facts: all,
  examples,
  description: text,
  externalDocs,
}: SchemaNode): Html {
  return html`${facts([...all, ...examples.map((example) => `for example ${JSON.stringify(example)}`)])}
${text !== '' && html`<div class="prose small">${description(text)}</div>`}${externalLink(externalDocs)}`;
}

export function facts(all: readonly string[]): Html | null {
  return all.length === 0 ? null : html`<p class="limits">${all.map(limit)}</p>`;
}

/** Examples of a parameter or a header: a text as it is, for what is sent has no quotes. */
export function valueExamples({ examples }: Pick<Value, 'examples'>): Html[] {
  return examples.map(
    ({ value, summary, description: text }) =>
      html`<div class="small prose"><p>Example: <code>${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}</code> ${summary}</p>${description(text)}</div>`,
  );
}

/** What is nested in a schema: its fields, and the alternatives that it has. `id` gives each field its anchor. */
export function schemaFields(
  label: string,
  node: SchemaNode,
  id: (path: string) => string,
  link: SchemaLink,
): Html {
  return html`${fieldList(
    label,
    node.fields.map((field) => schemaField(field, id, link)),
  )}${node.choices.map(
    (choice) => html`<div class="choice"><p class="choice-label">${choice.label}</p>
<ul>${choice.options.map(({ label: name, node: option }, index) => {
      const at = (path: string) => id(`${choice.label}-${index + 1}${path && `.${path}`}`);
      return html`<li><p class="field-head"><code>${name}</code>${name !== option.type && html` <span class="field-type">${option.type}</span>`}${option.name && option.name !== name && html` ${named(option.name, link)}`}${option.deprecated && html` <span class="deprecated">deprecated</span>`}</p>
${remarks(option)}${nested(name, option, at, link)}</li>`;
    })}</ul></div>`,
  )}`;
}

function schemaField(
  { name, path, required, node }: Field,
  id: (path: string) => string,
  link: SchemaLink,
): Html {
  return fieldItem({
    id: id(path),
    name: name || '""',
    prefix: name.startsWith('[') ? '' : path.slice(0, path.length - name.length),
    type: html`${node.type}${node.name && html` ${named(node.name, link)}`}`,
    required,
    deprecated: node.deprecated,
    facts: [],
    description: '',
    more: html`${remarks(node)}${nested(name, node, id, link)}`,
  });
}

/** What is nested in a field can be folded away. */
function nested(
  name: string,
  node: SchemaNode,
  id: (path: string) => string,
  link: SchemaLink,
): Html | null {
  const count = node.fields.length;
  if (count + node.choices.length === 0) return null;
  const other = node.choices.every(({ label }) => / of$/.test(label))
    ? 'alternatives'
    : 'conditions';
  const inside = count === 0 ? other : `${count} field${count === 1 ? '' : 's'}`;
  return html`<details open><summary>${inside} of <code>${name}</code></summary>${schemaFields(`Fields of ${name}`, node, id, link)}</details>`;
}

export function named(name: string, link: SchemaLink): Html {
  return html`<a class="schema-link" href="${link(name)}">${name}</a>`;
}

function limit(text: string): Html {
  const pattern = /^((?:each )?matches )(.*)$/s.exec(text);
  return html`<span class="limit">${pattern ? html`${pattern[1]}<code>${pattern[2]}</code>` : text}</span> `;
}
