import { createServer, type IncomingMessage } from 'node:http';
import {
  isJson,
  type Operation,
  type Parameter,
  type Response,
  readContract,
  responseFor,
  type Schema,
  writeBody,
} from '@sql-sessions/contract/model';
import { listen } from '@sql-sessions/testing/listen';
import type { Setup } from '../../src/setup/setup.ts';
import { contentOf } from '../../src/values/content.ts';
import { unguessableValue } from '../../src/values/ids.ts';
import { Schemas } from '../../src/values/schemas.ts';
import type { Reply } from './behavior.ts';

export interface ModelServerOptions {
  /** Whether an invalid part is overlooked. */
  overlooks?(operation: Operation, part: string, value: unknown): boolean;
  /** Whether a valid part is refused all the same. */
  refuses?(operation: Operation, part: string, value: unknown): boolean;
  finish?(reply: Reply, operation: Operation): Reply;
  /** Whether the credential of a scheme is not looked at. */
  skips?(scheme: string, operation: Operation): boolean;
}

export interface ModelServer extends AsyncDisposable {
  url: string;
  setup(): Setup;
}

/** The right credential of a scheme; HTTP's Basic has a name and a password. */
export const credentialOf = (scheme: string) => `${scheme}-user:Secret-of-${scheme}`;

/** A server for any contract: it validates by the contract's schemas and responds with the contract's examples. */
export async function startModelServer(
  document: object,
  {
    overlooks = () => false,
    refuses = () => false,
    finish = (reply) => reply,
    skips = () => false,
  }: ModelServerOptions = {},
): Promise<ModelServer> {
  const contract = readContract(document);
  const schemas = new Schemas(contract);
  const live = new Set<string>();
  let count = 0;

  const reply = async (request: IncomingMessage): Promise<Reply> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const target = (request.url ?? '').replace(/^http:\/\/[^/]*/, '');
    const [path = '', query = ''] = target.split('?');
    const onPath = contract.operations.filter((one) => match(one.path, path));
    const operation = onPath.find(({ method }) => method === request.method);
    if (!operation) {
      if (onPath.length === 0) return { status: 404, body: plain };
      return { status: 405, headers: { Allow: onPath.map(({ method }) => method).join(', ') } };
    }
    const parts = { path, query, body: Buffer.concat(chunks) };
    return finish(await judge(operation, request, parts), operation);
  };

  const judge = async (
    operation: Operation,
    request: IncomingMessage,
    { path, query, body }: { path: string; query: string; body: Buffer },
  ): Promise<Reply> => {
    if ((request.headersDistinct.host?.length ?? 0) !== 1 && request.httpVersion === '1.1')
      return { status: 400, body: plain };
    if (operation.security.length > 0 && !isKnown(operation, request, query, skips))
      return refusal(operation, 401);
    const segments = match(operation.path, path) ?? new Map<string, string>();
    for (const parameter of operation.parameters) {
      const value = readParameter(schemas, parameter, { segments, query, request });
      const wrong =
        value === undefined ? parameter.required : !schemas.accepts(parameter.schema, value);
      if (wrong && !overlooks(operation, parameter.name, value)) return refusal(operation, 400);
      if (value !== undefined && refuses(operation, parameter.name, value))
        return refusal(operation, 400);
    }
    const problem = await judgeBody(operation, request.headers['content-type'], body);
    if (problem !== undefined) return problem;
    const ids = [...segments.values()];
    if (ids.length > 0 && !live.has(decodeURIComponent(ids.join('/'))))
      return refusal(operation, 404);
    if (operation.method === 'DELETE') live.delete(decodeURIComponent(ids.join('/')));
    return success(operation);
  };

  const judgeBody = async (operation: Operation, type = '', body: Buffer) => {
    const { requestBody } = operation;
    if (body.length === 0) {
      return requestBody?.required && !overlooks(operation, 'body', undefined)
        ? refusal(operation, 400)
        : undefined;
    }
    if (!requestBody) return undefined;
    const essence = type.split(';')[0]?.trim().toLowerCase() ?? '';
    const content = requestBody.content.find(({ mediaType }) => mediaType === essence);
    if (!content)
      return overlooks(operation, 'type', type) ? undefined : { status: 415, body: plain };
    const isForm = /^multipart\/form-data$|urlencoded$/.test(essence);
    if (!(isJson(essence) || isForm) || !content.schema) return undefined;
    let value: unknown;
    try {
      value = isForm
        ? await readForm(schemas, content.schema, type, body)
        : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    } catch {
      return refusal(operation, 400);
    }
    if (refuses(operation, 'body', value)) return refusal(operation, 400);
    const accepted = isForm
      ? schemas.acceptsLoosely(content.schema, value)
      : schemas.accepts(content.schema, value);
    return accepted || overlooks(operation, 'body', value) ? undefined : refusal(operation, 400);
  };

  const server = createServer((request, response) => {
    reply(request).then(
      ({ status, body, raw, headers = {} }) => {
        const text = raw ?? (body === undefined ? '' : JSON.stringify(body));
        response.writeHead(status, {
          ...(text.length > 0 && { 'Content-Type': 'application/json' }),
          ...(status !== 204 && { 'Content-Length': Buffer.byteLength(text) }),
          ...headers,
        });
        response.end(text);
      },
      () => response.destroy(),
    );
  });
  server.on('clientError', (_, socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  );

  return {
    ...(await listen(server)),
    setup: () => ({
      credentials: Object.fromEntries(
        contract.securitySchemes.map(({ name }) => [name, credentialOf(name)]),
      ),
      requiresToken: true,
      async live({ id }) {
        const operation = contract.operations.find((one) => one.id === id);
        if (!operation) return undefined;
        const path = operation.parameters.filter((one) => one.in === 'path');
        const params = Object.fromEntries(
          path.map((one) => {
            // Integers beyond those that the kit makes up.
            const integer = 1_000_000 + ++count;
            if (schemas.accepts(one.schema, integer)) return [one.name, integer];
            return [one.name, unguessableValue(schemas, one, `live ${count}`)];
          }),
        );
        live.add(Object.values(params).map(segmentOf).join('/'));
        const content = operation.requestBody && contentOf(operation.requestBody);
        return { params, ...(content && { body: content.examples[0]?.value }) };
      },
    }),
  };
}

/** The fields of a form: lists are repeated or separated by commas, objects are JSON. */
async function readForm(schemas: Schemas, schema: Schema, type: string, body: Buffer) {
  const headers = { 'Content-Type': type };
  const form = await new globalThis.Response(new Uint8Array(body), { headers }).formData();
  const { properties = {} } = schemas.flatten(schema);
  const fields = [...new Set(form.keys())].map(async (name) => {
    const texts = await Promise.all(
      form.getAll(name).map((one) => (typeof one === 'string' ? one : one.text())),
    );
    const { type: kind, items } = schemas.flatten(properties[name]);
    if (kind === 'object') return [name, JSON.parse(texts.join())];
    if (kind !== 'array') return [name, texts.length > 1 ? texts : texts[0]];
    const all = texts.flatMap((text) => text.split(','));
    return [
      name,
      schemas.flatten(items).type === 'object' ? texts.map((one) => JSON.parse(one)) : all,
    ];
  });
  return Object.fromEntries(await Promise.all(fields));
}

const plain = { error_code: 'model.0400', error_msg: 'refused', title: 'Refused' };

function refusal(operation: Operation, status: number): Reply {
  const documented = responseFor(operation, status) ? status : 404;
  const headers = { ...(status === 401 && { 'WWW-Authenticate': 'Token' }) };
  return reply(responseFor(operation, documented), documented, headers);
}

function success(operation: Operation): Reply {
  const found = operation.responses.find(({ status }) => /^2/.test(status));
  const status = Number(found?.status.replace('XX', '00')) || 200;
  return reply(found, status, {});
}

function reply(
  response: Response | undefined,
  status: number,
  more: Record<string, string>,
): Reply {
  const [content] = response?.content ?? [];
  const value = content?.examples[0]?.value;
  const headers = Object.fromEntries(
    (response?.headers ?? []).map(({ name, examples, mediaType }) => {
      const value = examples[0]?.value ?? 1;
      return [name, mediaType ? JSON.stringify(value) : `${value}`];
    }),
  );
  if (!content) return { status, headers: { ...headers, ...more } };
  const { text, contentType } = writeBody(content, value === undefined ? '' : value);
  return { status, raw: text, headers: { 'Content-Type': contentType, ...headers, ...more } };
}

function isKnown(
  operation: Operation,
  { headers }: IncomingMessage,
  query: string,
  skips: NonNullable<ModelServerOptions['skips']>,
): boolean {
  const cookies = new URLSearchParams((headers.cookie ?? '').replace(/; */g, '&'));
  return operation.security.some(({ schemes }) => {
    if (schemes.length === 0) return false;
    return schemes.every(({ scheme: { name, credential, httpScheme } }) => {
      if (!credential || skips(name, operation)) return true;
      const sent = {
        query: new URLSearchParams(query).get(credential.name),
        cookie: cookies.get(credential.name),
        header: headers[credential.name.toLowerCase()],
      }[credential.in];
      const wanted = credentialOf(name);
      return sent === credential.prefix + (httpScheme === 'basic' ? btoa(wanted) : wanted);
    });
  });
}

/** The raw segments of a path by the names of the template; undefined where it does not match. */
function match(template: string, path: string): Map<string, string> | null {
  const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
  const pattern = template
    .split(/\{[^}]+\}/)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('([^/]+?)');
  const found = new RegExp(`^${pattern}$`).exec(path);
  return found && new Map(names.map((name, index) => [name, found[index + 1] ?? '']));
}

interface Sent {
  segments: Map<string, string>;
  query: string;
  request: IncomingMessage;
}

function readParameter(schemas: Schemas, parameter: Parameter, sent: Sent): unknown {
  const { name, style, explode, mediaType } = parameter;
  const schema = schemas.flatten(parameter.schema);
  try {
    if (parameter.in === 'query') {
      const pairs = sent.query
        .split('&')
        .filter((pair) => pair !== '')
        .map((pair) => pair.split('=').map((text) => text.replaceAll('+', ' ')));
      const own = pairs
        .filter(([key = '']) => decodeURIComponent(key) === name)
        .map(([, value = '']) => value);
      if (mediaType !== undefined)
        return own[0] === undefined ? undefined : JSON.parse(decodeURIComponent(own[0]));
      if (style === 'deepObject' || (schema.type === 'object' && explode)) {
        const inner = pairs.flatMap(([key = '', value = '']) => {
          const text = decodeURIComponent(key);
          const field = style === 'deepObject' ? /^(.*)\[(.*)\]$/.exec(text) : [text, name, text];
          const known = style === 'deepObject' || text in (schema.properties ?? {});
          return field?.[1] === name && known
            ? [
                [
                  field[2],
                  typed(schemas, decodeURIComponent(value), schema.properties?.[field[2] ?? '']),
                ],
              ]
            : [];
        });
        return inner.length === 0 ? undefined : Object.fromEntries(inner);
      }
      if (own.length === 0) return undefined;
      if (schema.type === 'array' && explode)
        return own.map((one) => typed(schemas, decodeURIComponent(one), schema.items));
      const separator = { spaceDelimited: '%20', pipeDelimited: '%7C' }[style as string] ?? ',';
      return readText(schemas, own[0] ?? '', schema, { separator, explode: false });
    }
    const raw =
      parameter.in === 'path' ? sent.segments.get(name) : sent.request.headers[name.toLowerCase()];
    if (raw === undefined) return undefined;
    return readText(
      schemas,
      parameter.in === 'path'
        ? `${raw}`
        : encodeURIComponent(`${raw}`).replaceAll('%2C', ',').replaceAll('%3D', '='),
      schema,
      { separator: ',', explode },
    );
  } catch {
    return { undecodable: true };
  }
}

function readText(
  schemas: Schemas,
  text: string,
  schema: Schema,
  { separator, explode }: { separator: string; explode: boolean },
): unknown {
  if (schema.type === 'array')
    return text
      .split(separator)
      .map((one) => typed(schemas, decodeURIComponent(one), schema.items));
  if (schema.type !== 'object') return typed(schemas, decodeURIComponent(text), schema);
  const parts = text.split(separator).map(decodeURIComponent);
  const pairs = explode
    ? parts.map((part) => part.split('='))
    : parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1]]] : []));
  return Object.fromEntries(
    pairs.map(([key = '', value = '']) => [key, typed(schemas, value, schema.properties?.[key])]),
  );
}

function typed(schemas: Schemas, text: string, raw: Schema | boolean | undefined): unknown {
  const { type, oneOf = [], anyOf = [] } = schemas.flatten(raw);
  const types = [type, ...[...oneOf, ...anyOf].map((one) => schemas.flatten(one).type)].flat();
  if (types.some((type) => type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text))
    return Number(text);
  if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

function segmentOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value !== 'object' || value === null) return `${value}`;
  return Object.entries(value)
    .map(([key, one]) => `${key}=${one}`)
    .join(',');
}
