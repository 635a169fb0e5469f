import type { Schemas } from '@sql-sessions/contract';
import type { Operation } from '@sql-sessions/contract/operations';
import { allOperations, lookUp } from './contract-document.ts';

/** An error in one of the contract's two shapes. */
export type ErrorBody = Schemas['Error'] | Schemas['ForbiddenError'];

/**
 * The contract's own example for each error status it documents, so that this server has no texts to keep in step.
 * A status that several operations document has the first one's example.
 */
const examples = new Map<number, ErrorBody>();
for (const operation of allOperations) {
  for (const status of Object.keys(operation.errors).map(Number)) {
    if (!examples.has(status)) examples.set(status, exampleOf(operation, status));
  }
}

/** HTTP asks for this status; the contract does not document it. */
examples.set(405, { error_code: 'common.00000405', error_msg: 'method not allowed' });

/**
 * The body that goes with an error status.
 * @param advice What the caller can do, for `solution_msg`; never anything from inside the server.
 * @throws Error if there is no such error status.
 */
export function errorBody(status: number, advice?: string): ErrorBody {
  const body = examples.get(status);
  if (!body) throw new Error(`The contract has no error with status ${status}.`);
  return advice === undefined ? body : { ...body, solution_msg: advice };
}

function exampleOf({ id, path, method }: Operation, status: number): ErrorBody {
  const at = ['paths', path, method.toLowerCase(), 'responses', String(status)];
  const named = [...at, 'content', 'application/json', 'examples'];
  const [first = ''] = Object.keys(Object(lookUp(...named)));
  const value = lookUp(...named, first, 'value');
  if (value === undefined) {
    throw new Error(`The contract has no example for status ${status} of ${id}.`);
  }
  return value as ErrorBody;
}
