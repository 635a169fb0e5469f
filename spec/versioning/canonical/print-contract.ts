import type {
  Contract,
  Encoding,
  MediaType,
  Operation,
  Parameter,
  Schema,
  Value,
} from '../../src/model.ts';
import { asIncoming } from './as-incoming.ts';
import { plainText } from './plain-text.ts';
import { createSchemaPrinter, type Direction } from './print-schema.ts';
import { stableJson } from './stable-json.ts';

type Node = Record<string, unknown>;

/** A contract printed in one way: two of them differ exactly where something else is said. */
export interface Canonical {
  document: { paths: Record<string, unknown>; [field: string]: unknown };
  /** From each JSON pointer of `document` to the place in the contract's own document that it was made from. */
  places: Map<string, string>;
  /** What its paths, operations, parameters and headers are called, by their JSON pointers: ``query parameter `limit` ``. */
  names: Map<string, string>;
}

/**
 * Prints the canonical document of a contract: nothing is shared, every default is left out, and what has no order is
 * sorted. Path parameters are called after their position. What is said about the whole contract, names of components,
 * servers, security and examples are not in it; they are compared by other means.
 * What the service sends (webhooks and callbacks) is printed like an operation that the other side offers.
 * @param loose names of schemas that no operation uses and that are printed all the same
 * @param shared what {@link operationKey} says of the operations whose callbacks are printed
 */
export function printContract(
  contract: Contract,
  loose: readonly string[] = [],
  shared: ReadonlySet<string> = new Set(),
): Canonical {
  const places = new Map<string, string>();
  const names = new Map<string, string>();
  const schemas = createSchemaPrinter(contract, places);

  const schemaOf = (schema: Schema, direction: Direction, at: string, from: string): Node => {
    schemas.locate(schema, from);
    return schemas.print(schema, direction, at, from);
  };

  const value = (one: Value, direction: Direction, at: string): Node => {
    places.set(at, one.pointer);
    const within = one.mediaType && child(at, 'content', one.mediaType);
    const from = one.mediaType ? child(one.pointer, 'content', one.mediaType) : one.pointer;
    const schema = schemaOf(
      one.schema,
      direction,
      child(within || at, 'schema'),
      child(from, 'schema'),
    );
    // Only lists and objects can be exploded, and not all of them look different then.
    const types = [schema.type ?? []].flat();
    const can = one.style === 'simple' ? /^object$/ : /^(array|object)$/;
    const plain =
      one.style === 'deepObject' ||
      (types.length > 0 && !types.some((type) => can.test(`${type}`)));
    return {
      required: one.required,
      ...when('deprecated', one.deprecated),
      ...when('description', plainText(one.description)),
      ...(one.mediaType
        ? { content: { [one.mediaType]: { schema } } }
        : { schema, style: one.style, ...(plain ? {} : { explode: one.explode }) }),
    };
  };

  const content = (list: readonly MediaType[], direction: Direction, at: string): Node => {
    const plain = list.map(({ mediaType }) => plainMediaType(mediaType));
    return Object.fromEntries(
      list.map(({ mediaType, schema, encoding, pointer }, index) => {
        const same = plain.filter((one) => one === plain[index]);
        const key = same.length > 1 ? mediaType : `${plain[index]}`;
        const here = child(at, key);
        places.set(here, pointer);
        const special = FORM.test(key)
          ? Object.entries(encoding).filter(([, one]) => !isUsual(one))
          : [];
        return [
          key,
          {
            schema: schemaOf(
              schema ?? {},
              direction,
              child(here, 'schema'),
              child(pointer, 'schema'),
            ),
            ...when('x-encoding', special.length > 0 && stableJson(Object.fromEntries(special))),
          },
        ];
      }),
    );
  };

  const operation = (one: Operation, at: string): Node => {
    places.set(at, one.pointer);
    names.set(at, `operation \`${one.id}\``);
    const inPath = [...one.path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name);
    const nameOf = (parameter: Parameter) =>
      parameter.in === 'path' && inPath.includes(parameter.name)
        ? `p${inPath.indexOf(parameter.name) + 1}`
        : parameter.name;
    const parameters = [...one.parameters].sort((a, b) =>
      `${a.in} ${nameOf(a)}` < `${b.in} ${nameOf(b)}` ? -1 : 1,
    );
    for (const [index, { in: place, name }] of parameters.entries()) {
      names.set(child(at, 'parameters', index), `${place} parameter \`${name}\``);
    }
    const body = one.requestBody;
    if (body) places.set(child(at, 'requestBody'), body.pointer);
    names.set(child(at, 'requestBody'), 'the request body');
    return {
      operationId: one.id,
      summary: one.summary,
      ...when('description', plainText(one.description)),
      ...when('deprecated', one.deprecated),
      tags: [...one.tags].sort(),
      parameters: parameters.map((parameter, index) => ({
        name: nameOf(parameter),
        in: parameter.in,
        ...when('allowReserved', parameter.allowReserved),
        ...when('allowEmptyValue', parameter.allowEmptyValue),
        ...value(parameter, 'request', child(at, 'parameters', index)),
      })),
      ...(body && {
        requestBody: {
          required: body.required,
          ...when('description', plainText(body.description)),
          content: content(body.content, 'request', child(at, 'requestBody', 'content')),
        },
      }),
      responses: Object.fromEntries(
        one.responses.map((response) => {
          const here = child(at, 'responses', response.status);
          places.set(here, response.pointer);
          const headers = response.headers.map((header) => {
            const name = header.name.toLowerCase();
            const at = child(here, 'headers', name);
            names.set(at, `header \`${header.name}\``);
            return [name, value(header, 'response', at)] as const;
          });
          return [
            response.status,
            {
              description: plainText(response.description),
              headers: Object.fromEntries(headers),
              content: content(response.content, 'response', child(here, 'content')),
            },
          ];
        }),
      ),
    };
  };

  const paths: Record<string, Record<string, Node>> = {};
  for (const one of contract.operations) {
    const path = canonicalPath(one.path);
    places.set(child('#/paths', path), one.pointer.slice(0, one.pointer.lastIndexOf('/')));
    const method = one.method.toLowerCase();
    paths[path] = { ...paths[path], [method]: operation(one, child('#/paths', path, method)) };
    const ids = Object.values(paths[path]).map(({ operationId }) => `\`${operationId}\``);
    names.set(child('#/paths', path), `path \`${one.path}\` (${ids.join(', ')})`);
  }
  const print = (one: Operation, called: string, ...keys: string[]) => {
    const path = `/${keys.join('/').replaceAll('{', '(').replaceAll('}', ')')}`;
    places.set(child('#/paths', path), one.pointer);
    names.set(child('#/paths', path), called);
    paths[path] = { post: operation(asIncoming(one), child('#/paths', path, 'post')) };
  };
  for (const one of contract.webhooks)
    print(one, `webhook \`${one.path}\``, 'webhooks', one.path, one.method);
  for (const one of contract.operations) {
    if (!shared.has(operationKey(one))) continue;
    for (const { name, expression, operations } of one.callbacks)
      for (const call of operations)
        print(
          call,
          `callback \`${name}\``,
          'callbacks',
          operationKey(one),
          name,
          expression,
          call.method,
        );
  }
  for (const { name, schema, pointer } of contract.schemas) {
    if (!loose.includes(name)) continue;
    const at = child('#/paths', LOOSE + name, 'post');
    const body = (direction: Direction, ...where: string[]) => ({
      'application/json': {
        schema: schemaOf(
          schema,
          direction,
          child(at, ...where, 'content', 'application/json', 'schema'),
          pointer,
        ),
      },
    });
    paths[LOOSE + name] = {
      post: {
        operationId: `schema ${name}`,
        requestBody: { required: true, content: body('request', 'requestBody') },
        responses: { 200: { description: '', content: body('response', 'responses', '200') } },
      },
    };
  }
  return { document: { openapi: '3.1.0', info: { title: '', version: '' }, paths }, places, names };
}

/** What stands before the name of a schema that no operation uses, in the place of a path. */
export const LOOSE = '/components/schemas/';

/** Whether a JSON pointer of a canonical document leads into what the service sends. */
export function isOutgoing(path: string): boolean {
  return /^#\/paths\/~1(webhooks|callbacks)~1/.test(path);
}

/** By what an operation is found again in another version of the contract. */
export function operationKey({ method, path }: Operation): string {
  return `${method} ${canonicalPath(path)}`;
}

/** The path with its parameters called after their position: `/v1/workspaces/{p1}`. */
export function canonicalPath(path: string): string {
  let count = 0;
  return path.replaceAll(/\{[^{}]*\}/g, () => `{p${++count}}`);
}

/** Where the parts of a body are encoded apart; for other bodies that says nothing. */
const FORM = /multipart\/|application\/x-www-form-urlencoded/;

/** In small letters, and without the charset that JSON has anyway. */
function plainMediaType(mediaType: string): string {
  const [type = '', ...parameters] = mediaType.split(';').map((part) => part.trim());
  const said = parameters.filter(
    (one) => !/json$/i.test(type) || !/^charset="?utf-8"?$/i.test(one),
  );
  return [type.toLowerCase(), ...said].join('; ');
}

function isUsual({ contentType, headers, style, explode, allowReserved }: Encoding): boolean {
  return (
    contentType === undefined &&
    headers.length === 0 &&
    style === 'form' &&
    explode &&
    !allowReserved
  );
}

function when(key: string, value: unknown): Node {
  return value ? { [key]: value } : {};
}

function child(pointer: string, ...keys: (string | number)[]): string {
  return [pointer, ...keys.map((key) => `${key}`.replaceAll('~', '~0').replaceAll('/', '~1'))].join(
    '/',
  );
}
