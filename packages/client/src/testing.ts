import type { OperationId } from '@sql-sessions/contract';
import type { Operation } from '@sql-sessions/contract/operations';
import * as operations from '@sql-sessions/contract/operations';
import type { Result } from './result.ts';

/** The result of an operation with a status. */
type ResultOf<Id extends OperationId, Status> = Extract<Result<Id>, { readonly status: Status }>;

/**
 * Makes a result for tests of code that takes one, without a server.
 *
 * @param operation the `operationId`
 * @param status as in a result: 404, `'4XX'`, `'default'`, `'already-deleted'` or `'unexpected'`
 * @param more the body, and whatever else the test looks at; without it the rest is what is usual for the status
 * @throws {TypeError} when the contract has no such operation
 */
export function createResult<Id extends OperationId, Status extends Result<Id>['status']>(
  operation: Id,
  status: Status,
  more: Partial<ResultOf<Id, Status>> = {},
): ResultOf<Id, Status> {
  const row = (operations as Readonly<Record<string, Operation>>)[operation];
  if (!row) throw new TypeError(`The contract has no operation ${operation}.`);
  const words: Readonly<Record<string, number>> = {
    'already-deleted': 404,
    unexpected: 502,
    default: 500,
  };
  const httpStatus = words[String(status)] ?? Number(String(status).replace('XX', '00'));
  return {
    operation,
    method: row.method,
    path: row.path,
    ok: status === 'already-deleted' || (httpStatus > 199 && httpStatus < 300),
    status,
    httpStatus,
    headers: {},
    requestId: undefined,
    retryAfter: undefined,
    attempts: 1,
    ...(status === 'unexpected' ? { reason: 'status', snippet: '' } : { body: undefined }),
    ...more,
  } as unknown as ResultOf<Id, Status>;
}
