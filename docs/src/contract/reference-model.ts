import { STATUS_CODES } from 'node:http';
import { nameOf, resolve } from '../../../spec/build/references.ts';
import type {
  BodyObject,
  ExampleObject,
  MediaType,
  OpenApiDocument,
  OperationObject,
  ParameterObject,
  PathItem,
  Schema,
  SecurityRequirement,
  SecurityScheme,
} from './openapi-document.ts';
import { type Field, limitsOf, toFields, typeOf } from './schema-fields.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** A contract, arranged the way the reference shows it. Descriptions are Markdown. */
export interface ReferenceModel {
  title: string;
  version: string;
  summary: string;
  description: string;
  license: string | null;
  servers: {
    url: string;
    description: string;
    variables: { name: string; description: string }[];
  }[];
  groups: { name: string; description: string; operations: Operation[] }[];
  operations: Operation[];
  securitySchemes: { name: string; scheme: SecurityScheme }[];
  schemas: { name: string; description: string; type: string; limits: string[]; fields: Field[] }[];
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  deprecated: boolean;
  parameters: Parameter[];
  /** Each entry is one way to be let in, as names of security schemes; an empty entry means "nothing". */
  security: string[][];
  body: (Payload & { description: string; required: boolean }) | null;
  answers: Answer[];
}

export interface Parameter {
  name: string;
  in: string;
  required: boolean;
  deprecated: boolean;
  description: string;
  type: string;
  limits: string[];
  schemaName: string | null;
  example: string;
}

export interface Payload {
  mediaType: string;
  schemaName: string | null;
  type: string;
  fields: Field[];
  examples: { name: string; summary: string; value: unknown }[];
}

export interface Answer {
  status: string;
  /** The reason phrase that the contract states, else the standard one. */
  phrase: string;
  /** Success, client error or server error: the first digit of the status. */
  kind: string;
  description: string;
  headers: { name: string; description: string; type: string }[];
  payload: Payload | null;
}

/** Arranges a bundled contract for the reference. Every operation, in document order, with all references followed. */
export function toReferenceModel(document: OpenApiDocument): ReferenceModel {
  const found = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) =>
      toOperation(document, path, method, item),
    ),
  );
  const operations = found.map(({ operation }) => operation);
  const tags = new Map((document.tags ?? []).map((tag) => [tag.name, tag.description ?? '']));
  for (const { tag } of found) if (!tags.has(tag)) tags.set(tag, '');
  return {
    title: document.info.title,
    version: document.info.version,
    summary: document.info.summary ?? '',
    description: document.info.description ?? '',
    license: document.info.license?.name ?? null,
    servers: (document.servers ?? []).map(({ url, description = '', variables = {} }) => ({
      url,
      description,
      variables: Object.entries(variables).map(([name, variable]) => ({
        name,
        description: variable.description ?? '',
      })),
    })),
    groups: [...tags].map(([name, description]) => ({
      name,
      description,
      operations: found.filter(({ tag }) => tag === name).map(({ operation }) => operation),
    })),
    operations,
    securitySchemes: Object.entries(document.components?.securitySchemes ?? {}).map(
      ([name, scheme]) => ({ name, scheme: resolve<SecurityScheme>(document, scheme) }),
    ),
    schemas: Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => ({
      name,
      description: schema.description ?? '',
      type: typeOf(document, schema),
      limits: limitsOf(schema),
      fields: toFields(document, schema),
    })),
  };
}

function toOperation(
  document: OpenApiDocument,
  path: string,
  method: string,
  item: PathItem,
): { tag: string; operation: Operation } {
  const operation = item[method] as OperationObject;
  const parameters = new Map<string, Parameter>();
  for (const node of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
    const parameter = resolve<ParameterObject>(document, node);
    parameters.set(`${parameter.in} ${parameter.name}`, toParameter(document, parameter));
  }
  const body = operation.requestBody && resolve<BodyObject>(document, operation.requestBody);
  const payload = body && toPayload(document, body);
  return {
    tag: operation.tags?.[0] ?? 'Operations',
    operation: {
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      summary: operation.summary ?? operation.operationId,
      description: operation.description ?? '',
      deprecated: operation.deprecated === true,
      parameters: [...parameters.values()],
      security: toAlternatives(operation.security ?? document.security ?? []),
      body:
        body && payload
          ? { ...payload, description: body.description ?? '', required: body.required === true }
          : null,
      answers: Object.entries(operation.responses).map(([status, node]) =>
        toAnswer(document, status, resolve<BodyObject>(document, node)),
      ),
    },
  };
}

function toParameter(document: OpenApiDocument, parameter: ParameterObject): Parameter {
  const { schema = {} } = parameter;
  const target =
    schema.$ref === undefined ? schema : resolve<Schema>(document, { $ref: schema.$ref });
  return {
    name: parameter.name,
    in: parameter.in,
    required: parameter.required === true,
    deprecated: parameter.deprecated === true,
    description: parameter.description ?? '',
    type: typeOf(document, schema),
    limits: limitsOf(target),
    schemaName: schema.$ref === undefined ? null : nameOf({ $ref: schema.$ref }),
    example: String(parameter.example ?? target.example ?? ''),
  };
}

function toAnswer(document: OpenApiDocument, status: string, response: BodyObject): Answer {
  return {
    status,
    phrase: response['x-reason-phrase'] ?? STATUS_CODES[status] ?? '',
    kind: status.slice(0, 1),
    description: response.description ?? '',
    headers: Object.entries(response.headers ?? {}).map(([name, node]) => {
      const header = resolve<ParameterObject>(document, node);
      return {
        name,
        description: header.description ?? '',
        type: typeOf(document, header.schema ?? {}),
      };
    }),
    payload: toPayload(document, response),
  };
}

function toPayload(document: OpenApiDocument, body: BodyObject): Payload | null {
  const [entry] = Object.entries(body.content ?? {});
  if (!entry) return null;
  const [mediaType, { schema = {}, ...media }] = entry;
  return {
    mediaType,
    schemaName: schema.$ref === undefined ? null : nameOf({ $ref: schema.$ref }),
    type: typeOf(document, schema),
    fields: toFields(document, schema),
    examples: toExamples(document, media),
  };
}

function toExamples(document: OpenApiDocument, media: MediaType): Payload['examples'] {
  const named = Object.entries(media.examples ?? {}).map(([name, node]) => {
    const { summary = '', value } = resolve<ExampleObject>(document, node);
    return { name, summary, value };
  });
  if (media.example !== undefined) named.unshift({ name: '', summary: '', value: media.example });
  return named;
}

function toAlternatives(security: SecurityRequirement[]): string[][] {
  return security.map((requirement) => Object.keys(requirement));
}
