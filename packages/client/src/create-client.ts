import type { Operation } from '@sql-sessions/contract/operations';
import type { SessionsClient } from './client-types.ts';
import { createHardenedFetch } from './hardened-fetch.ts';
import { checkNames } from './names.ts';
import { CALL_OPTIONS, type CallOptions, type ClientOptions } from './options.ts';
import { planRequest } from './plan-request.ts';

/** The options of a client, and the operations it is to have. */
export interface CoreOptions<T extends Readonly<Record<string, Operation>>> extends ClientOptions {
  /** Rows of the operation table, from `@sql-sessions/contract/operations`. */
  readonly operations: T;
}

/**
 * Makes a client that has the given operations only, so that a bundler can leave out the others.
 *
 * @throws {RequestError} of kind `invalid-argument`, at once, when an option is not usable.
 */
export function createClient<T extends Readonly<Record<string, Operation>>>(
  options: CoreOptions<T>,
): Pick<SessionsClient, T[keyof T]['id']> {
  const operations = Object.values(options.operations);
  const hardened = createHardenedFetch(options, operations);

  async function call(operation: Operation, given: unknown, options: unknown): Promise<object> {
    const args = checkArguments(operation, given);
    const callOptions = checkCallOptions(operation, options);
    const plan = planRequest(
      operation,
      hardened.baseUrl,
      ({ name }) => args[name],
      args.body,
      args.contentType as string | undefined,
    );
    const { content: _, statusText: __, ...result } = await hardened.send(plan, callOptions);
    return result;
  }

  // An object that begins without a prototype is a table at once. V8 makes others one only after some hundred
  // properties, and copies them again and again until then.
  const client = Object.create(null);
  for (const operation of operations) {
    client[operation.id] = (args: unknown, options: unknown) => call(operation, args, options);
  }
  return Object.setPrototypeOf(client, Object.prototype);
}

function checkArguments({ id, parameters, body }: Operation, given: unknown) {
  // Without the members of `Object.prototype`: a parameter may be called like one.
  const args: Record<string, unknown> = { __proto__: null, ...(given as object) };
  const names = parameters.map(({ name }) => name);
  if (body) names.push('body');
  if (body && Object.keys(body.types).length > 1) names.push('contentType');
  checkNames(args, names, `${id}: `, 'argument');
  return args;
}

/** What `map` and TanStack Query pass as a second argument, an index and a context, are not options. */
function checkCallOptions({ id }: Operation, given: unknown): CallOptions {
  if (typeof given !== 'object' || !given || 'mutationKey' in given) return {};
  checkNames(given, CALL_OPTIONS, `${id}: `, 'option');
  return given;
}
