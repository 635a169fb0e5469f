import type { Failure, UnexpectedResponse } from './result.ts';

/** A response that is not a success, as an exception: what `unwrap` throws. */
export class ApiError extends Error {
  /** The name of the class. */
  override readonly name = 'ApiError';
  /** The `operationId`. */
  declare readonly operation: string;
  /** The HTTP method of the request. */
  declare readonly method: string;
  /** The path of the request, without the base URL and the query. */
  declare readonly path: string;
  /** The status on the wire. (A field `status` would be taken for their own by web frameworks.) */
  declare readonly httpStatus: number;
  /** `error_code` of the body, always as a string; the status where the body has none. */
  declare readonly code: string;
  /** What to do about it, in the service's words, if it gave any. */
  declare readonly solution: string | undefined;
  /** The id that the service gave the request in a header, if it did. */
  declare readonly requestId: string | undefined;
  /** Milliseconds after which the service wants to be asked again, if it says so. */
  declare readonly retryAfter: number | undefined;
  /** How many requests were sent for the call. */
  declare readonly attempts: number;
  /** The response itself. */
  declare readonly cause: Failure | UnexpectedResponse;

  constructor(result: Failure | UnexpectedResponse) {
    const { operation, method, path, httpStatus, requestId, retryAfter, attempts } = result;
    const body = Object('body' in result ? result.body : undefined) as Record<string, unknown>;
    const code = textIn(body, 'error_code', 'code') ?? `${httpStatus}`;
    const said = textIn(body, 'error_msg', 'detail', 'title', 'message');
    super(
      `${method} ${path} responded ${httpStatus}${
        'snippet' in result
          ? `, not as documented (${result.reason})${result.snippet && `: ${result.snippet}`}`
          : `${code === `${httpStatus}` ? '' : ` (${code})`}${said ? `: ${said}` : ''}`
      }`,
    );
    Object.assign(this, {
      operation,
      method,
      path,
      httpStatus,
      code,
      solution: textIn(body, 'solution_msg'),
      requestId,
      retryAfter,
      attempts,
      cause: result,
    });
  }
}

/** Whether a value is an {@link ApiError}, also one of another copy of this package. */
export function isApiError(value: unknown): value is ApiError {
  return (value as Error | undefined)?.name === 'ApiError';
}

/** The first of some members that is a text or a number. */
function textIn(body: Record<string, unknown>, ...names: string[]): string | undefined {
  const value = names
    .map((name) => body[name])
    .find((one) => typeof one === 'string' || typeof one === 'number');
  return value === undefined ? undefined : `${value}`;
}
