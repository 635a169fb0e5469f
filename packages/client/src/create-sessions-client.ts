import * as operations from '@sql-sessions/contract/operations';
import type { SessionsClient } from './client-types.ts';
import { createClient } from './create-client.ts';
import type { ClientOptions } from './options.ts';

/**
 * Makes a client with one method per operation of the contract.
 *
 * @throws {RequestError} of kind `invalid-argument`, at once, when an option is not usable.
 */
export function createSessionsClient(options: ClientOptions): SessionsClient {
  return createClient({ ...options, operations });
}
