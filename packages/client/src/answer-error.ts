import type { Failure, UnexpectedAnswer } from './client-types.ts';

/** An answer that is not a success, as an exception: what `unwrap` throws. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  /** The status on the wire. */
  readonly status: number;
  /** `error_code` of the body, always as a string; the status where the body has none. */
  readonly code: string;
  /** What to do about it, in the service's words, if it gave any. */
  readonly solution: string | undefined;
  readonly requestId: string | undefined;
  readonly attempts: number;
  /** The answer itself. */
  override readonly cause: Failure | UnexpectedAnswer;

  constructor(answer: Failure | UnexpectedAnswer) {
    const { error_code, error_msg, solution_msg }: Record<string, unknown> =
      answer.status === 'unexpected' ? {} : { ...answer.body };
    super(
      answer.status === 'unexpected'
        ? `HTTP ${answer.httpStatus}, not as documented (${answer.reason}): ${answer.snippet}`
        : String(error_msg),
    );
    this.cause = answer;
    this.status = answer.httpStatus;
    this.code = String(error_code ?? answer.httpStatus);
    this.solution = solution_msg === undefined ? undefined : String(solution_msg);
    this.requestId = answer.requestId;
    this.attempts = answer.attempts;
  }
}
