import type { NoAnswerKind } from './client-types.ts';

/** Thrown when there is no HTTP answer to a call; `kind` says why. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly kind: NoAnswerKind;
  /** How many requests were sent: 0 means that the service cannot have noticed the call. */
  readonly attempts: number;

  constructor(kind: NoAnswerKind, message: string, attempts = 0, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.attempts = attempts;
  }
}
