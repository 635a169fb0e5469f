import type { Operation } from '@sql-sessions/contract/operations';
import { checkBaseUrl } from './check-base-url.ts';
import { checkParameters } from './check-parameters.ts';
import { checkToken } from './check-token.ts';
import type { Answer, CallOptions, ClientOptions, SessionsClient } from './client-types.ts';
import { readAnswer } from './read-answer.ts';
import { toNoAnswerError } from './to-no-answer-error.ts';
import { createTransport } from './transport.ts';

/** The options of a client, and the operations it is to have. */
export interface CoreOptions<T extends Readonly<Record<string, Operation>>> extends ClientOptions {
  /** Rows of the operation table, from `@sql-sessions/contract/operations`. */
  readonly operations: T;
}

/** Makes a client that has the given operations only, so that a bundler can leave out the others. */
export function createClient<T extends Readonly<Record<string, Operation>>>(
  options: CoreOptions<T>,
): Pick<SessionsClient, T[keyof T]['id']> {
  const { token, allowInsecureHttp = false, operations } = options;
  const baseUrl = checkBaseUrl(options.baseUrl, token !== undefined, allowInsecureHttp);
  if (token !== undefined) checkToken(token);
  const redact = (text: string) =>
    token && token.length > 7 ? text.replaceAll(token, '[token]') : text;
  const transport = createTransport(baseUrl);
  const send = options.fetch ?? ((request: Request) => fetch(request));

  async function call(
    operation: Operation,
    args: Readonly<Record<string, unknown>>,
    { signal }: CallOptions = {},
  ): Promise<Answer> {
    const params = checkParameters(operation, args);
    let answer: Answer | undefined;
    await transport(operation.method, operation.path, {
      params,
      ...(operation.body === null ? {} : { body: args.body }),
      async fetch(request) {
        try {
          signal?.throwIfAborted();
          if (token !== undefined) request.headers.set('X-Auth-Token', token);
          const response = await send(signal ? new Request(request, { signal }) : request);
          if (response.type === 'opaqueredirect' || /^3/.test(`${response.status}`)) {
            await response.body?.cancel();
            throw toNoAnswerError('redirect', operation.id, 1);
          }
          answer = await readAnswer(operation, response, 1, redact);
        } catch (error) {
          throw toNoAnswerError(error, operation.id, 1, signal, redact);
        }
        return new Response();
      },
    });
    return answer as Answer;
  }

  return Object.fromEntries(
    Object.values(operations).map((operation) => [
      operation.id,
      (args: Readonly<Record<string, unknown>>, options?: CallOptions) =>
        call(operation, args, options),
    ]),
  ) as unknown as Pick<SessionsClient, T[keyof T]['id']>;
}
