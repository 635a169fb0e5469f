import type { Encoding, Example, Header, Parameter, Schema, Style, Value } from './contract.ts';
import type { Reading } from './reading.ts';
import {
  asList,
  asNode,
  asText,
  childOf,
  extensionsOf,
  type Node,
  type Place,
  resolve,
} from './references.ts';

const DEFAULT_STYLE: Readonly<Record<Parameter['in'], Style>> = {
  query: 'form',
  cookie: 'form',
  path: 'simple',
  header: 'simple',
};

/** Headers that a document describes elsewhere: as parameters or response headers they are ignored (OpenAPI 3.1, 4.8.12). */
const IGNORED_PARAMETER = /^(accept|content-type|authorization)$/i;
const IGNORED_HEADER = /^content-type$/i;

/**
 * Reads lists of parameters; one of a later list replaces one of an earlier list with the same place and name. One
 * without a place in the request is none.
 */
export function readParameters(
  reading: Reading,
  path: string,
  lists: readonly { list: unknown; pointer: string }[],
): Parameter[] {
  const parameters = new Map<string, Parameter>();
  for (const { list, pointer } of lists) {
    for (const [index, entry] of asList(list).entries()) {
      const place = resolve(reading.document, entry, childOf(pointer, index));
      const { node } = place;
      const where = asText(node.in) as Parameter['in'];
      const name = asText(node.name);
      if (!Object.hasOwn(DEFAULT_STYLE, where)) continue;
      if (where === 'header' && IGNORED_PARAMETER.test(name)) continue;
      if (where === 'path' && path.startsWith('/') && !path.includes(`{${name}}`)) continue;
      // Names of headers have no letter case.
      const key = `${where} ${where === 'header' ? name.toLowerCase() : name}`;
      parameters.set(key, {
        ...readValue(reading, place, name, DEFAULT_STYLE[where]),
        in: where,
        required: node.required === true || where === 'path',
        allowReserved: node.allowReserved === true,
        allowEmptyValue: node.allowEmptyValue === true,
      });
    }
  }
  return [...parameters.values()];
}

export function readHeaders(reading: Reading, value: unknown, at: string): Header[] {
  return Object.entries(asNode(value))
    .filter(([name]) => !IGNORED_HEADER.test(name))
    .map(([name, entry]) =>
      readValue(reading, resolve(reading.document, entry, childOf(at, name)), name, 'simple'),
    );
}

export function readEncoding(
  reading: Reading,
  value: unknown,
  at: string,
): Record<string, Encoding> {
  return Object.fromEntries(
    Object.entries(asNode(value)).map(([name, entry]) => {
      const node = asNode(entry);
      const style = (optional(node.style) ?? 'form') as Style;
      return [
        name,
        {
          contentType: optional(node.contentType),
          headers: readHeaders(reading, node.headers, childOf(at, name, 'headers')),
          style,
          explode: typeof node.explode === 'boolean' ? node.explode : style === 'form',
          allowReserved: node.allowReserved === true,
        },
      ];
    }),
  );
}

function readValue(reading: Reading, { node, pointer }: Place, name: string, usual: Style): Value {
  const [content] = Object.entries(asNode(node.content));
  const holder = content ? asNode(content[1]) : node;
  const at = content ? childOf(pointer, 'content', content[0]) : pointer;
  const schema = reading.schemas.read(holder.schema ?? {}, childOf(at, 'schema'));
  const style = (optional(node.style) ?? usual) as Style;
  return {
    name,
    required: node.required === true,
    deprecated: node.deprecated === true,
    description: asText(node.description),
    style,
    explode: typeof node.explode === 'boolean' ? node.explode : style === 'form',
    mediaType: content?.[0],
    schema,
    examples: readExamples(reading, holder, schema, at),
    pointer,
    extensions: extensionsOf(node),
  };
}

/** `example` and `examples` of a part; where it has none, those of its schema. */
export function readExamples(
  reading: Reading,
  node: Node,
  schema: Schema | undefined,
  pointer: string,
): Example[] {
  const named = Object.entries(asNode(node.examples)).map(([name, entry]): Example => {
    const place = resolve(reading.document, entry, childOf(pointer, 'examples', name));
    return {
      name,
      summary: asText(place.node.summary),
      description: asText(place.node.description),
      value: place.node.value,
      externalValue: optional(place.node.externalValue),
      pointer: place.pointer,
    };
  });
  if (node.example !== undefined) named.unshift(unnamed(node.example, childOf(pointer, 'example')));
  if (named.length > 0 || schema === undefined) return named;
  const { example, examples } = reading.schemas.follow(schema);
  const values = [...asList(examples), ...(example === undefined ? [] : [example])];
  return values.map((value) => unnamed(value, childOf(pointer, 'schema')));
}

function unnamed(value: unknown, pointer: string): Example {
  return { name: '', summary: '', description: '', value, externalValue: undefined, pointer };
}

export function optional(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
