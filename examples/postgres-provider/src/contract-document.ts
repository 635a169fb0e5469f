import { operations } from '@sql-sessions/contract';
import document from '@sql-sessions/contract/openapi.json' with { type: 'json' };
import type { Operation } from '@sql-sessions/contract/operations';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** Every operation of the contract. */
export const allOperations: readonly Operation[] = Object.values(operations);

/** What stands at a path of keys in the contract, through every reference on the way; undefined where nothing does. */
export function lookUp(...keys: string[]): unknown {
  return keys.reduce(step, document as unknown);
}

// Not strict: most of the document is OpenAPI, and only the schemas in it are JSON Schema.
const ajv = new Ajv2020({ strict: false });
ajv.addSchema(document, 'contract');

/** Compiles a schema; a `$ref` in it that starts with `contract#` points into the contract. */
export function compile<T>(schema: object): ValidateFunction<T> {
  return ajv.compile<T>(schema);
}

function step(node: unknown, key: string): unknown {
  const next = (node as Record<string, unknown> | undefined)?.[key];
  const reference = (next as { $ref?: string } | undefined)?.$ref;
  return reference === undefined ? next : lookUp(...reference.slice('#/'.length).split('/'));
}
