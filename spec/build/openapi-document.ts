import type { Reference } from './references.ts';

/** The part of a bundled OpenAPI 3.1 document that the build reads. Everything else passes through. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, PathItem>;
  components: { schemas?: Record<string, JsonSchema> } & Record<string, unknown>;
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
