import { type Contract, isJson, type Parameter, type Schema } from '@sql-sessions/contract/model';
import type { MockRequest } from '../http/message.ts';
import { readScalar, type Shape, shapeOf } from '../schemas/shape.ts';
import { decode } from './router.ts';

/** Name and value, as they were sent. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** How a value is written, of a parameter or of a field of a form. */
export type Written = Pick<Parameter, 'name' | 'style' | 'explode' | 'mediaType' | 'schema'>;

/**
 * What a parameter of a request can mean, the likeliest first: `5` is a number or a text where the schema allows both.
 * Empty: it was not sent. `siblings` are the parameters of the operation.
 */
export function readParameter(
  contract: Contract,
  parameter: Parameter,
  request: MockRequest,
  params: ReadonlyMap<string, string>,
  siblings: readonly Parameter[],
): unknown[] {
  const { name } = parameter;
  switch (parameter.in) {
    case 'path': {
      const sent = params.get(name);
      return sent === undefined ? [] : readText(contract, parameter, sent, decode);
    }
    case 'header': {
      const sent = request.headers[name.toLowerCase()];
      return sent === undefined ? [] : readText(contract, parameter, sent, (text) => text.trim());
    }
    case 'cookie':
      return readPairs(contract, parameter, readCookies(request.headers.cookie));
    case 'query':
      return readPairs(contract, parameter, splitPairs(request.search), siblings);
  }
}

/** Splits a query, or a form in a body, into its pairs. */
export function splitPairs(text: string): Pairs {
  if (text === '') return [];
  return text.split('&').map((pair) => {
    const at = pair.indexOf('=');
    const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    return [decodeForm(name), value] as const;
  });
}

function readCookies(header: string | undefined): Pairs {
  return (header ?? '').split(/;\s*/).flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at), pair.slice(at + 1)] as const];
  });
}

export function decodeForm(text: string): string {
  return decode(text.replaceAll('+', ' '));
}

/** Reads a value of the styles of paths and headers: `simple`, `label` and `matrix`. */
function readText(
  contract: Contract,
  { name, style, explode, mediaType, schema }: Written,
  sent: string,
  decoded: (text: string) => string,
): unknown[] {
  if (mediaType !== undefined) return [readContent(mediaType, decoded(sent))];
  const shape = shapeOf(contract, schema);
  if (style === 'matrix') {
    const pairs = splitPairs(sent.replace(/^;/, '').replaceAll(';', '&'));
    return readPairs(contract, { name, style: 'form', explode, mediaType, schema }, pairs);
  }
  const text = style === 'label' ? sent.replace(/^\./, '') : sent;
  const parts = text === '' ? [] : text.split(style === 'label' && explode ? '.' : ',');
  return candidates(contract, shape, {
    list: parts.map(decoded),
    object: explode ? parts.map((part) => splitAt(part, decoded)) : inPairs(parts.map(decoded)),
    text: decoded(text),
  });
}

/** Reads a value of the styles of queries, cookies and forms: `form`, the delimited ones and `deepObject`. */
export function readPairs(
  contract: Contract,
  { name, style, explode, mediaType, schema }: Written,
  pairs: Pairs,
  siblings?: readonly Parameter[],
): unknown[] {
  // What is called as a parameter is that one, and no field of an object.
  const fields = (isField: (key: string) => boolean) =>
    pairs.filter(
      ([key]) => isField(key) && !siblings?.some((one) => one.in === 'query' && one.name === key),
    );
  const shape = shapeOf(contract, schema);
  const sent = pairs.filter(([key]) => key === name).map(([, value]) => value);
  if (mediaType !== undefined) {
    return sent.map((value) => readContent(mediaType, decodeForm(value)));
  }
  if (style === 'deepObject') {
    const own = fields((key) => key.startsWith(`${name}[`));
    return own.length === 0 ? [] : [readDeep(contract, schema, name, own)];
  }
  if (shape.types.has('object') && explode && style === 'form' && sent.length === 0) {
    const read = (isField: (key: string) => boolean) =>
      fields(isField).map(([key, value]) => [key, decodeForm(value)] as const);
    const own = read((key) => shape.properties.has(key));
    // What is no field of it by its name may be one all the same, or not be meant for it.
    const all = siblings ? read((key) => shape.property(key) !== undefined) : own;
    const meanings = own.length < all.length ? [all, own] : [own];
    return all.length === 0 ? [] : meanings.map((one) => toObject(contract, shape, one));
  }
  const [first] = sent;
  if (first === undefined) return [];
  const separator =
    { spaceDelimited: /%20|\+| /, pipeDelimited: /%7C|\|/i }[style as string] ?? ',';
  const parts = explode || sent.length > 1 ? sent : first === '' ? [] : first.split(separator);
  return candidates(contract, shape, {
    list: parts.map(decodeForm),
    object: inPairs(parts.map(decodeForm)),
    text: sent.length === 1 ? decodeForm(first) : undefined,
  });
}

function candidates(
  contract: Contract,
  shape: Shape,
  sent: {
    list: string[];
    object: readonly (readonly [string, string])[];
    text: string | undefined;
  },
): unknown[] {
  const { types } = shape;
  const found: unknown[] = [];
  if (types.has('array') || sent.text === undefined) {
    found.push(
      sent.list.map((text, index) => readScalar(text, shapeOf(contract, shape.item(index)))),
    );
  }
  if (types.has('object')) found.push(toObject(contract, shape, sent.object));
  if (sent.text !== undefined) found.push(readScalar(sent.text, shape), sent.text);
  return found;
}

function toObject(
  contract: Contract,
  shape: Shape,
  entries: readonly (readonly [string, string])[],
) {
  return Object.fromEntries(
    entries.map(([key, text]) => [
      key,
      readScalar(text, shapeOf(contract, shape.property(key) ?? {})),
    ]),
  );
}

/** `filter[a]=1&filter[b][c]=2` */
function readDeep(contract: Contract, schema: Schema, name: string, pairs: Pairs): object {
  const result: Record<string, unknown> = {};
  for (const [key, value] of pairs) {
    const path = [...key.slice(name.length).matchAll(/\[([^[\]]*)\]/g)].map(
      ([, part = '']) => part,
    );
    let target = result;
    let shape = shapeOf(contract, schema);
    for (const [index, part] of path.entries()) {
      shape = shapeOf(contract, shape.property(part) ?? {});
      if (index < path.length - 1) {
        const inner = Object.hasOwn(target, part) ? target[part] : undefined;
        const next = typeof inner === 'object' && inner !== null ? inner : {};
        Object.defineProperty(target, part, { value: next, enumerable: true, configurable: true });
        target = next as Record<string, unknown>;
      } else {
        const text = decodeForm(value);
        const before: unknown[] = Array.isArray(target[part]) ? target[part] : [];
        const read = shape.types.has('array')
          ? [...before, readScalar(text, shapeOf(contract, shape.item(before.length)))]
          : readScalar(text, shape);
        Object.defineProperty(target, part, { value: read, enumerable: true, configurable: true });
      }
    }
  }
  return result;
}

function readContent(mediaType: string, text: string): unknown {
  if (!isJson(mediaType)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function splitAt(part: string, decoded: (text: string) => string): [string, string] {
  const at = part.indexOf('=');
  return at < 0 ? [decoded(part), ''] : [decoded(part.slice(0, at)), decoded(part.slice(at + 1))];
}

function inPairs(parts: string[]): [string, string][] {
  return parts.flatMap((part, index) =>
    index % 2 === 0 ? [[part, parts[index + 1] ?? ''] as [string, string]] : [],
  );
}
