/** Why there is no answer to a call. */
export type NoAnswerKind =
  /** An option or argument is not usable. Nothing was sent. */
  | 'invalid-argument'
  /** The token provider failed, or its token is not usable. */
  | 'token'
  /** The caller's signal ended the call. */
  | 'aborted'
  /** The deadline of the call has passed. */
  | 'deadline'
  /** No attempt was answered within its timeout. */
  | 'timeout'
  /** The service answered with a redirect, which is never followed. */
  | 'redirect'
  /** The connection was refused. Nothing was sent. */
  | 'refused'
  /** The host name was not found. Nothing was sent. */
  | 'dns'
  /** The connection broke before the answer. */
  | 'reset'
  /** The connection failed for another reason, or the runtime does not say why (browsers do not). */
  | 'connection';

/**
 * Thrown when there is no HTTP answer to a call. The message says in plain words what happened and what to try;
 * `cause` is the caller's own reason when the caller ended the call, else the text of what went wrong, if there is any.
 */
export class NoAnswerError extends Error {
  /** The name of the class. */
  override readonly name = 'NoAnswerError';
  /** Why: a closed set. */
  readonly kind: NoAnswerKind;
  /** How many requests were sent for this call: with 0 the service cannot have noticed it. */
  readonly attempts: number;

  constructor(kind: NoAnswerKind, message: string, attempts = 0, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.attempts = attempts;
  }
}
