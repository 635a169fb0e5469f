import type { Operation } from '@sql-sessions/contract/operations';
import type { ClientOptions, SessionsClient } from './client-types.ts';
import { createCall } from './create-call.ts';

/** The options of a client, and the operations it is to have. */
export interface CoreOptions<T extends Readonly<Record<string, Operation>>> extends ClientOptions {
  /** Rows of the operation table, from `@sql-sessions/contract/operations`. */
  readonly operations: T;
}

/**
 * Makes a client that has the given operations only, so that a bundler can leave out the others.
 *
 * @throws {NoAnswerError} of kind `invalid-argument`, at once, when an option is not usable.
 */
export function createClient<T extends Readonly<Record<string, Operation>>>(
  options: CoreOptions<T>,
): Pick<SessionsClient, T[keyof T]['id']> {
  const call = createCall(options);
  return Object.fromEntries(
    Object.values(options.operations).map((operation) => [
      operation.id,
      call.bind(undefined, operation),
    ]),
  ) as unknown as Pick<SessionsClient, T[keyof T]['id']>;
}
