import type { Parameter } from '@sql-sessions/contract/model';
import type { Schemas } from './schemas.ts';

/** Whether there is a way to read a text in which it is a value that the contract allows. */
export function acceptsText(
  schemas: Schemas,
  { schema, in: place, explode }: Pick<Parameter, 'schema' | 'in' | 'explode'>,
  text: string,
): boolean {
  const scalar = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$|^(true|false|null)$/.test(text)
    ? [text, JSON.parse(text.replace(/^(-?)0+(?=\d)/, '$1'))]
    : [text];
  const type = schemas.flatten(schema).type ?? [];
  // Around the commas of a header there may be white space (RFC 9110, 5.6.1).
  const items = text.split(place === 'header' ? /[ \t]*,[ \t]*/ : ',');
  const lists = type === 'string' ? [] : [items];
  const objects = type.includes('object') ? [membersOf(items, explode)] : [];
  return [...scalar, ...lists, ...objects].some((value) => schemas.acceptsLoosely(schema, value));
}

/** The object that the style `simple` writes as such items: `name=value`, or names and values in turn. */
function membersOf(items: readonly string[], explode: boolean): Record<string, string> {
  const pairs = explode
    ? items.map((item) => item.split(/=(.*)/s, 2))
    : items.flatMap((name, index) => (index % 2 === 0 ? [[name, items[index + 1] ?? '']] : []));
  return Object.fromEntries(pairs);
}

/** The same for a value whose inner texts could be meant as numbers and the like. */
export function acceptsWritten(schemas: Schemas, parameter: Parameter, value: unknown): boolean {
  const { schema, mediaType } = parameter;
  if (mediaType !== undefined) return schemas.accepts(schema, value);
  // A single text may be meant as an object of one member.
  const scalar = typeof value !== 'object';
  if (value === null || (scalar && schemas.flatten(schema).type === 'object')) return true;
  if (scalar) return acceptsText(schemas, parameter, `${value}`);
  const texts = Array.isArray(value)
    ? value.map((leaf) => `${leaf}`)
    : Object.fromEntries(Object.entries(value).map(([key, leaf]) => [key, `${leaf}`]));
  return schemas.acceptsLoosely(schema, value) || schemas.acceptsLoosely(schema, texts);
}
