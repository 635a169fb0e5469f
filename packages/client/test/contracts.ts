import { readContract, toRow } from '@sql-sessions/contract/model';
import type { Operation } from '@sql-sessions/contract/operations';
import { type CoreOptions, createClient } from '../src/create-client.ts';
import type { ClientOptions } from '../src/index.ts';

/** The rows of a contract's operations, by their ids. */
export function rowsOf(document: object): Record<string, Operation> {
  const contract = readContract(document);
  return Object.fromEntries(
    contract.operations.map((operation) => [operation.id, toRow(contract, operation) as Operation]),
  );
}

/** The row of one operation, written as a contract writes it. */
export function rowOf(
  operation: object,
  { method = 'get', path = '/v1/things', components = {} } = {},
): Operation {
  const content = { 'application/json': { schema: { type: 'object' } } };
  const responses = { 200: { content }, 404: { content } };
  const document = {
    openapi: '3.1.0',
    paths: { [path]: { [method]: { operationId: 'anyOperation', responses, ...operation } } },
    components,
  };
  return Object.values(rowsOf(document))[0] as Operation;
}

/** Calls of operations that the types of the live contract do not know. */
export type AnyClient = Record<string, (args?: unknown, options?: unknown) => Promise<AnyResult>>;

// biome-ignore lint/suspicious/noExplicitAny: a result of any operation
export type AnyResult = any;

export function createAnyClient(
  operations: Record<string, Operation>,
  options: Partial<ClientOptions> & { token?: unknown } = {},
): AnyClient {
  return createClient({
    baseUrl: 'https://sql.example.com',
    operations,
    ...options,
  } as CoreOptions<Record<string, Operation>>) as unknown as AnyClient;
}
