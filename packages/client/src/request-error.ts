/** Why there is no response to a call. */
export type RequestErrorKind =
  /** An option or argument is not usable. Nothing was sent. */
  | 'invalid-argument'
  /** The token provider failed or took too long, or its token is not usable. */
  | 'token'
  /** The caller's signal ended the call. */
  | 'aborted'
  /** The deadline of the call has passed. */
  | 'deadline'
  /** No attempt got a response within its timeout. */
  | 'timeout'
  /** The response is a redirect, which is never followed. */
  | 'redirect'
  /** The connection was refused. The service has not received the request. */
  | 'refused'
  /** The host name was not found. The service has not received the request. */
  | 'dns'
  /** The certificate is not accepted, or there is no TLS at all. The service has not received the request. */
  | 'certificate'
  /** The connection broke before the response. */
  | 'reset'
  /** The connection failed for another reason, or the runtime does not say why (browsers do not). */
  | 'connection'
  /** The `fetch` option threw a mistake of its own, or resolved to something else than a response. */
  | 'fetch'
  /** Only from `/openapi-fetch`: a success that is not as documented, no status of HTTP, or a body too large or broken off. */
  | 'unusable-response';

/**
 * Thrown when there is no HTTP response to a call. The message says in plain words what happened and what to try;
 * `cause` is the caller's own reason when the caller ended the call, else the text of what went wrong, if there is any.
 */
export class RequestError extends Error {
  /** The name of the class. */
  override readonly name = 'RequestError';
  /** Why: a closed set. */
  declare readonly kind: RequestErrorKind;
  /** How many requests were sent for this call. */
  declare readonly attempts: number;
  /** Whether a request of this call may have been carried out, as far as this side can tell. */
  declare readonly maybeCarriedOut: boolean;

  constructor(
    kind: RequestErrorKind,
    message: string,
    attempts = 0,
    maybeCarriedOut = false,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, { kind, attempts, maybeCarriedOut });
  }
}

/** Whether a value is a {@link RequestError}, also one of another copy of this package. */
export function isRequestError(value: unknown): value is RequestError {
  return (value as Error | undefined)?.name === 'RequestError';
}

/** @throws {RequestError} of kind `invalid-argument`, for something that was not sent */
export function refuse(message: string): never {
  throw new RequestError('invalid-argument', `${message}.`);
}

const WORDS: Partial<Record<RequestErrorKind, string>> = {
  token: 'the token provider failed; see the cause',
  aborted: 'the caller ended it',
  deadline: 'the deadline has passed; allow a longer one',
  timeout: 'the service took too long; allow a longer timeout',
  redirect: 'redirects are not followed; set baseUrl to the final URL',
  refused: 'the connection was refused; check baseUrl',
  dns: 'the host name was not found; check baseUrl',
  certificate: 'the certificate is not accepted; see the cause',
  reset: 'the connection broke; try again',
  connection: 'the connection failed; check baseUrl, the network and, in a browser, CORS',
  fetch: 'the fetch option failed by itself; see the cause',
};

/** Says why there is no response, whether the request may have been carried out, and what to try. */
export function describeFailure(
  kind: RequestErrorKind,
  operation: string,
  attempts: number,
  maybeCarriedOut: boolean,
  cause: unknown,
): RequestError {
  const outcome = maybeCarriedOut ? 'may have been' : 'was not';
  return new RequestError(
    kind,
    `${operation}: no response (attempts: ${attempts}): ${WORDS[kind]}. It ${outcome} carried out.`,
    attempts,
    maybeCarriedOut,
    cause,
  );
}
