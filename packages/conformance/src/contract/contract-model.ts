import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { isReference, pointer, resolve } from './json-pointer.ts';

/** The part of an OpenAPI 3.1 document that the kit reads. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface ParameterModel {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly schema: ParameterSchema;
  readonly example: string | undefined;
  /** The limits in words. */
  readonly rule: string;
  /** JSON pointer of its schema in the document. */
  readonly pointer: string;
  /** Whether the contract's own schema accepts a value; numbers come as text, as they do in a URL. */
  accepts(value: string): boolean;
}

export interface ParameterSchema {
  readonly type?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ResponseModel {
  readonly status: number;
  readonly pointer: string;
  /** Media types with what is wrong in a body, empty when it is right; no entry: the contract describes no body. */
  readonly content: ReadonlyMap<string, (body: unknown) => ErrorObject[]>;
}

export interface BodyModel {
  readonly required: boolean;
  readonly mediaType: string;
  readonly examples: readonly unknown[];
  readonly pointer: string;
}

export interface OperationModel {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly pointer: string;
  readonly parameters: readonly ParameterModel[];
  readonly body: BodyModel | undefined;
  readonly responses: ReadonlyMap<number, ResponseModel>;
  /** Name of the header that carries the token; undefined where the operation has no such scheme. */
  readonly tokenHeader: string | undefined;
  /** Methods that the contract documents for the same path. */
  readonly methodsOfPath: readonly string[];
}

export interface ContractModel {
  readonly title: string;
  readonly version: string;
  readonly operations: readonly OperationModel[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Reads the operations of an OpenAPI document. Nothing about them is written down anywhere else in the kit. */
export function readContract(document: OpenApiDocument): ContractModel {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
  ajv.addSchema({ ...document, $id: 'contract:/' } as object, undefined, false, false);
  const compile = (at: string): ValidateFunction => ajv.compile({ $ref: `contract:/#${at}` });

  const operations: OperationModel[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    const methods = Object.keys(item).filter((key) => METHODS.includes(key));
    for (const method of methods) {
      const at = pointer('paths', path, method);
      const node = item[method] as OperationNode;
      operations.push({
        id: node.operationId ?? `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        pointer: at,
        parameters: [
          ...readParameters(
            document,
            (item.parameters ?? []) as unknown[],
            pointer('paths', path),
            compile,
          ),
          ...readParameters(document, node.parameters ?? [], at, compile),
        ],
        body: readBody(document, node.requestBody, `${at}/requestBody`),
        responses: readResponses(document, node.responses, at, compile),
        tokenHeader: readTokenHeader(document, node),
        methodsOfPath: methods.map((name) => name.toUpperCase()),
      });
    }
  }
  return { title: document.info.title, version: document.info.version, operations };
}

interface OperationNode {
  operationId?: string;
  parameters?: unknown[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
  security?: OpenApiDocument['security'];
}

function readParameters(
  document: OpenApiDocument,
  nodes: unknown[],
  at: string,
  compile: (at: string) => ValidateFunction,
): ParameterModel[] {
  return nodes.map((node, index) => {
    const found = resolve(document, node, `${at}/parameters/${index}`);
    const parameter = found.value as {
      name: string;
      in: ParameterModel['in'];
      required?: boolean;
      example?: unknown;
      schema: unknown;
    };
    const schema = resolve(document, parameter.schema, `${found.pointer}/schema`);
    const { type, pattern, description } = schema.value as ParameterSchema & {
      description?: string;
    };
    const validate = compile(schema.pointer);
    return {
      name: parameter.name,
      in: parameter.in,
      required: parameter.required ?? false,
      schema: schema.value as ParameterSchema,
      example: parameter.example === undefined ? undefined : String(parameter.example),
      rule: description?.replace(/\.?\s*$/, '') ?? pattern ?? `a value of type ${type}`,
      pointer: schema.pointer,
      accepts: (value) => {
        if (type !== 'integer' && type !== 'number') return validate(value) === true;
        return /^-?\d+(\.\d+)?$/.test(value) && validate(Number(value)) === true;
      },
    };
  });
}

function readBody(document: OpenApiDocument, node: unknown, at: string): BodyModel | undefined {
  if (node === undefined) return undefined;
  const found = resolve(document, node, at);
  const body = found.value as {
    required?: boolean;
    content: Record<string, { example?: unknown; examples?: Record<string, unknown> }>;
  };
  const [mediaType, media] = Object.entries(body.content)[0] ?? [];
  if (mediaType === undefined) return undefined;
  const named = Object.values(media?.examples ?? {}).map(
    (example) => (resolve(document, example, '').value as { value: unknown }).value,
  );
  return {
    required: body.required ?? false,
    mediaType,
    examples: media?.example === undefined ? named : [media.example, ...named],
    pointer: found.pointer,
  };
}

function readResponses(
  document: OpenApiDocument,
  nodes: Record<string, unknown>,
  at: string,
  compile: (at: string) => ValidateFunction,
): Map<number, ResponseModel> {
  const responses = new Map<number, ResponseModel>();
  for (const [status, node] of Object.entries(nodes)) {
    if (!/^\d{3}$/.test(status)) continue;
    const found = resolve(document, node, `${at}/responses/${status}`);
    const { content = {} } = found.value as { content?: Record<string, { schema?: unknown }> };
    const checks = Object.keys(content).map((type) => {
      const validate = compile(
        `${found.pointer}/content/${type.replaceAll('~', '~0').replaceAll('/', '~1')}/schema`,
      );
      return [
        type,
        (body: unknown) => (validate(body) ? [] : [...(validate.errors ?? [])]),
      ] as const;
    });
    responses.set(Number(status), {
      status: Number(status),
      pointer: found.pointer,
      content: new Map(checks),
    });
  }
  return responses;
}

function readTokenHeader(document: OpenApiDocument, operation: OperationNode): string | undefined {
  for (const requirement of operation.security ?? document.security ?? []) {
    for (const name of Object.keys(requirement)) {
      const node = document.components?.securitySchemes?.[name];
      const scheme = (isReference(node) ? resolve(document, node, '').value : node) as
        | { type: string; in?: string; name?: string }
        | undefined;
      if (scheme?.type === 'apiKey' && scheme.in === 'header') return scheme.name;
    }
  }
  return undefined;
}
