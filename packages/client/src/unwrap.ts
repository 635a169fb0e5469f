import { AnswerError } from './answer-error.ts';
import type { Answer } from './client-types.ts';

/**
 * For those who like exceptions: resolves to the success, and rejects with an {@link AnswerError} for every other
 * answer.
 */
export async function unwrap<A extends Answer>(
  answer: A | Promise<A>,
): Promise<Extract<A, { ok: true }>> {
  const settled: Answer = await answer;
  if (settled.ok) return settled as Extract<A, { ok: true }>;
  throw new AnswerError(settled);
}
