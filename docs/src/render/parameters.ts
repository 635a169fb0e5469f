import type { Operation, Parameter, Value } from '@sql-sessions/contract/model';
import { type SchemaNode, toTree } from '../contract/schema-tree.ts';
import { anchors } from './anchors.ts';
import type { OperationContext } from './context.ts';
import { fieldItem, fieldList, named, schemaFields, valueExamples } from './fields.ts';
import { heading } from './headings.ts';
import { type Html, html } from './html.ts';
import { externalLink } from './markdown.ts';

export function parameters(
  operation: Operation,
  context: OperationContext,
  level: number,
): Html | null {
  if (operation.parameters.length === 0) return null;
  const names = operation.parameters.map(({ name }) => name);
  const items = operation.parameters.map((parameter) => {
    const twice = names.indexOf(parameter.name) !== names.lastIndexOf(parameter.name);
    const id = anchors.parameter(operation.id, parameter, twice);
    return valueItem(parameter, parameter.in, id, context);
  });
  return html`<section>
${heading(level, anchors.section(operation.id, 'parameters'), 'Parameters')}
${fieldList('Parameters', items)}
</section>`;
}

/** A parameter or a header of a response, with what its schema says. */
export function valueItem(
  value: Value & Partial<Parameter>,
  place: string,
  id: string,
  { contract, schemaLink }: OperationContext,
): Html {
  const node = toTree(contract, value.schema);
  const written = writing(value, node);
  const said = new Set([value.description, node.description].filter((text) => text !== ''));
  return fieldItem({
    ...value,
    id,
    type: html`${node.type} in ${place}${node.name && html` ${named(node.name, schemaLink)}`}`,
    facts: [
      ...node.facts,
      ...(written ? [written] : []),
      ...(value.allowReserved ? ['reserved characters as they are'] : []),
      ...(value.allowEmptyValue ? ['may be empty'] : []),
    ],
    description: [...said].join('\n\n'),
    deprecated: value.deprecated || node.deprecated,
    more: html`${externalLink(node.externalDocs)}${valueExamples(value)}${schemaFields(
      `Fields of ${value.name}`,
      node,
      (path) => anchors.part(id, path),
      schemaLink,
    )}`,
  });
}

/** How the parts of a value are put together, where it can have parts. */
const WRITINGS: Record<string, string> = {
  form: 'one pair for each',
  'form joined': 'joined by commas',
  spaceDelimited: 'joined by spaces',
  pipeDelimited: 'joined by bars',
  deepObject: 'one pair for each, as name[field]=value',
  'simple joined': 'joined by commas',
  simple: 'joined by commas, as field=value',
  matrix: 'style matrix, exploded',
  label: 'style label, exploded',
};

function writing({ style, explode, mediaType }: Value, { type }: SchemaNode): string | undefined {
  if (mediaType !== undefined) return `written as ${mediaType}`;
  if (!/list|map|object/.test(type)) return undefined;
  const joined = WRITINGS[`${style} joined`];
  if (explode) return /list/.test(type) && style === 'simple' ? joined : WRITINGS[style];
  return joined ?? WRITINGS[style]?.replace(', exploded', '');
}
