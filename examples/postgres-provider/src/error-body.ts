import type { Schemas } from '@sql-sessions/contract';
import { contract } from './contract.ts';

/** An error in one of the contract's two shapes. */
export type ErrorBody = Schemas['Error'] | Schemas['ForbiddenError'];

/**
 * The contract's own example for each error status it documents, so that this server has no texts to keep in step.
 * A status that several operations document has the first one's example.
 */
const examples = new Map<number, ErrorBody>();
for (const { responses } of contract.operations) {
  for (const { status, content } of responses) {
    const [example] = content[0]?.examples ?? [];
    if (example && Number(status) >= 400 && !examples.has(Number(status))) {
      examples.set(Number(status), example.value as ErrorBody);
    }
  }
}

/** HTTP asks for this status; the contract does not document it. */
examples.set(405, { error_code: 'common.00000405', error_msg: 'method not allowed' });

/**
 * The body that goes with an error status.
 * @param advice What the caller can do, for `solution_msg`; never anything from inside the server.
 * @throws Error if the contract has no example for that status.
 */
export function errorBody(status: number, advice?: string): ErrorBody {
  const body = examples.get(status);
  if (!body) throw new Error(`The contract has no example for the status ${status}.`);
  return advice === undefined ? body : { ...body, solution_msg: advice };
}
