import type {
  Callback,
  Contract,
  Example,
  ExternalDocs,
  Info,
  Link,
  MediaType,
  Method,
  Operation,
  RequestBody,
  Response,
  Schema,
  Tag,
} from './contract.ts';
import { isJson } from './media-type.ts';
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
import { createSchemaReader } from './schemas.ts';
import { readAlternatives, readSecuritySchemes } from './security.ts';
import { readServers } from './servers.ts';
import { optional, readEncoding, readExamples, readHeaders, readParameters } from './values.ts';

const METHOD = /^(get|put|post|delete|options|head|patch|trace)$/;

/**
 * Reads an OpenAPI document.
 *
 * @param document a parsed OpenAPI 3.1 document in one piece: every reference in it is local (`#/…`). It is not
 *   changed. Its structure is taken to be valid; what has the wrong type counts as absent.
 * @returns the contract model, plain data that shares no object with the document but examples and the like
 * @throws {BrokenReferenceError} for a reference that leads nowhere, back to itself or out of the document
 */
export function readContract(document: object): Contract {
  const root = asNode(document);
  const securitySchemes = readSecuritySchemes(root);
  const reading: Reading = {
    document: root,
    schemas: createSchemaReader(root),
    securitySchemes,
    open: new Set(),
  };
  const operations = Object.entries(asNode(root.paths))
    .filter(([path]) => path.startsWith('/'))
    .flatMap(([path, item]) => readPathItem(reading, item, path, childOf('#/paths', path)));
  const webhooks = Object.entries(asNode(root.webhooks)).flatMap(([name, item]) =>
    readPathItem(reading, item, name, childOf('#/webhooks', name)),
  );
  return {
    openapi: asText(root.openapi),
    info: readInfo(asNode(root.info)),
    servers: readServers(root.servers, [{ url: '/' }]),
    tags: readTags(root, [...operations, ...webhooks]),
    tagGroups: asList(root['x-tagGroups']).map((group) => ({
      name: asText(asNode(group).name),
      tags: asList(asNode(group).tags).map(asText),
    })),
    externalDocs: readExternalDocs(root.externalDocs),
    securitySchemes: [...securitySchemes.values()],
    operations,
    webhooks,
    schemas: reading.schemas.named(),
    extensions: extensionsOf(root),
  };
}

function readInfo(info: Node): Info {
  return {
    title: asText(info.title) || 'Untitled API',
    version: asText(info.version),
    summary: asText(info.summary),
    description: asText(info.description),
    termsOfService: optional(info.termsOfService),
    contact: asNode(info.contact),
    license: info.license === undefined ? undefined : { name: '', ...asNode(info.license) },
    extensions: extensionsOf(info),
  };
}

function readTags(root: Node, operations: readonly Operation[]): Tag[] {
  const tags = new Map<string, Tag>();
  for (const tag of asList(root.tags).map(asNode)) {
    const name = asText(tag.name);
    const externalDocs = readExternalDocs(tag.externalDocs);
    tags.set(name, { name, description: asText(tag.description), externalDocs, declared: true });
  }
  for (const name of operations.flatMap((operation) => operation.tags)) {
    if (tags.has(name)) continue;
    tags.set(name, { name, description: '', externalDocs: undefined, declared: false });
  }
  return [...tags.values()];
}

function readExternalDocs(value: unknown): ExternalDocs | undefined {
  const { url, description } = asNode(value);
  return url === undefined ? undefined : { url: asText(url), description: asText(description) };
}

function readPathItem(reading: Reading, item: unknown, path: string, at: string): Operation[] {
  const place = resolve(reading.document, item, at);
  if (reading.open.has(place.pointer)) return [];
  reading.open.add(place.pointer);
  const operations = Object.keys(place.node)
    .filter((key) => METHOD.test(key))
    .map((key) => readOperation(reading, place, key, path));
  reading.open.delete(place.pointer);
  return operations;
}

function readOperation(reading: Reading, item: Place, key: string, path: string): Operation {
  const { document } = reading;
  const node = asNode(item.node[key]);
  const pointer = childOf(item.pointer, key);
  const method = key.toUpperCase() as Method;
  const id = asText(node.operationId) || `${method} ${path}`;
  return {
    id,
    method,
    path,
    summary: asText(node.summary ?? item.node.summary) || id,
    description: asText(node.description ?? item.node.description),
    tags: asList(node.tags).map(asText),
    deprecated: node.deprecated === true,
    externalDocs: readExternalDocs(node.externalDocs),
    parameters: readParameters(reading, path, [
      { list: item.node.parameters, pointer: childOf(item.pointer, 'parameters') },
      { list: node.parameters, pointer: childOf(pointer, 'parameters') },
    ]),
    requestBody: readRequestBody(reading, node.requestBody, childOf(pointer, 'requestBody')),
    responses: Object.entries(asNode(node.responses))
      .filter(([status]) => !status.startsWith('x-'))
      .map(([status, value]) =>
        readResponse(reading, status, value, childOf(pointer, 'responses', status)),
      ),
    security: readAlternatives(
      reading.securitySchemes,
      node.security ?? document.security,
      pointer,
    ),
    servers: readServers(node.servers ?? item.node.servers ?? document.servers, [{ url: '/' }]),
    callbacks: readCallbacks(reading, node.callbacks, childOf(pointer, 'callbacks')),
    pointer,
    extensions: extensionsOf(node),
  };
}

function readRequestBody(reading: Reading, value: unknown, at: string): RequestBody | undefined {
  if (value === undefined) return undefined;
  const { node, pointer } = resolve(reading.document, value, at);
  return {
    required: node.required === true,
    description: asText(node.description),
    content: readContent(reading, node.content, childOf(pointer, 'content')),
    pointer,
    extensions: extensionsOf(node),
  };
}

function readResponse(reading: Reading, status: string, value: unknown, at: string): Response {
  const { node, pointer } = resolve(reading.document, value, at);
  return {
    status: /^\dxx$/i.test(status) ? status.toUpperCase() : status,
    description: asText(node.description),
    headers: readHeaders(reading, node.headers, childOf(pointer, 'headers')),
    content: readContent(reading, node.content, childOf(pointer, 'content')),
    links: readLinks(reading, node.links, childOf(pointer, 'links')),
    reasonPhrase: optional(node['x-reason-phrase']),
    outcome: asText(node['x-outcome']),
    retry: asText(node['x-retry']),
    pointer,
    extensions: extensionsOf(node),
  };
}

function readContent(reading: Reading, value: unknown, at: string): MediaType[] {
  return Object.entries(asNode(value)).map(([mediaType, entry]) => {
    const { node, pointer } = resolve(reading.document, entry, childOf(at, mediaType));
    const schema =
      node.schema === undefined
        ? undefined
        : reading.schemas.read(node.schema, childOf(pointer, 'schema'));
    return {
      mediaType,
      schema,
      examples: readExamples(reading, node, schema, pointer).map((example) =>
        isJson(mediaType) ? asMeant(reading, schema, example) : example,
      ),
      encoding: readEncoding(reading, node.encoding, childOf(pointer, 'encoding')),
      pointer,
      extensions: extensionsOf(node),
    };
  });
}

/** Many documents write a JSON example as a text: where the schema takes none, what it says is meant. */
function asMeant({ schemas }: Reading, schema: Schema | undefined, example: Example): Example {
  const types = [(schema && schemas.follow(schema).type) ?? []].flat();
  const takesNoText = types.length > 0 && !types.includes('string');
  if (typeof example.value !== 'string' || !takesNoText) return example;
  try {
    return { ...example, value: JSON.parse(example.value) };
  } catch {
    return example;
  }
}

function readLinks(reading: Reading, value: unknown, at: string): Link[] {
  return Object.entries(asNode(value)).map(([name, entry]) => {
    const { node, pointer } = resolve(reading.document, entry, childOf(at, name));
    return {
      name,
      description: asText(node.description),
      operationId: optional(node.operationId),
      operationRef: optional(node.operationRef),
      parameters: asNode(node.parameters),
      requestBody: node.requestBody,
      server: readServers(node.server && [node.server], [])[0],
      pointer,
      extensions: extensionsOf(node),
    };
  });
}

function readCallbacks(reading: Reading, value: unknown, at: string): Callback[] {
  return Object.entries(asNode(value)).flatMap(([name, entry]) => {
    const { node, pointer } = resolve(reading.document, entry, childOf(at, name));
    return Object.entries(node)
      .filter(([expression]) => !expression.startsWith('x-'))
      .map(([expression, item]) => ({
        name,
        expression,
        operations: readPathItem(reading, item, expression, childOf(pointer, expression)),
      }));
  });
}
