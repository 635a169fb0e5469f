import type { Failure, UnexpectedAnswer } from './client-types.ts';

/** An answer that is not a success, as an exception: what `unwrap` throws. */
export class AnswerError extends Error {
  /** The name of the class. */
  override readonly name = 'AnswerError';
  /** The status on the wire. */
  readonly status: number;
  /** `error_code` of the body, always as a string; the status where the body has none. */
  readonly code: string;
  /** What to do about it, in the service's words, if it gave any. */
  readonly solution: string | undefined;
  /** The id that the service gave the request in a header, if it did. */
  readonly requestId: string | undefined;
  /** How many requests were sent for the call. */
  readonly attempts: number;
  /** The answer itself. */
  override readonly cause: Failure | UnexpectedAnswer;

  constructor(answer: Failure | UnexpectedAnswer) {
    const { httpStatus, requestId, attempts } = answer;
    const {
      error_code = httpStatus,
      error_msg,
      solution_msg,
    } = 'body' in answer ? (answer.body as Partial<Record<string, unknown>>) : {};
    super(
      'snippet' in answer
        ? `HTTP ${httpStatus} is not as documented (${answer.reason}): ${answer.snippet}`
        : `${error_msg}`,
    );
    this.status = httpStatus;
    this.code = `${error_code}`;
    this.solution = solution_msg as string | undefined;
    this.requestId = requestId;
    this.attempts = attempts;
    this.cause = answer;
  }
}
