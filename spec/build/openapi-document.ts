/** The part of a bundled OpenAPI 3.1 document that the build reads. Everything else passes through. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, PathItem>;
  components: { schemas?: Record<string, JsonSchema> } & Record<string, unknown>;
}

export interface Reference {
  $ref: string;
}

export interface PathItem {
  parameters?: (Parameter | Reference)[];
  [method: string]: unknown;
}

export interface OperationObject {
  operationId: string;
  summary: string;
  parameters?: (Parameter | Reference)[];
  requestBody?: Body | Reference;
  responses: Record<string, Body | Reference>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
  schema: JsonSchema | Reference;
}

export interface Body {
  required?: boolean;
  content?: Record<string, { schema: JsonSchema | Reference }>;
}

export type JsonSchema = {
  description?: string;
  [keyword: string]: unknown;
};

/** Follows local references (`#/…`) until there is something else; a bundle has no other kind. */
export function resolve<T extends object>(document: OpenApiDocument, node: T | Reference): T {
  let current: unknown = node;
  while (isReference(current)) {
    current = current.$ref
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
  }
  return current as T;
}

export function isReference(node: unknown): node is Reference {
  return typeof node === 'object' && node !== null && '$ref' in node;
}

/** The component name that a reference ends in: `Error` for `#/components/schemas/Error`. */
export function nameOf(reference: Reference): string {
  return reference.$ref.slice(reference.$ref.lastIndexOf('/') + 1);
}
