import type { Operation } from '@sql-sessions/contract/operations';
import { kindOf, textOf } from './describe-failure.ts';
import { readAnswer } from './read-answer.ts';
import type { AttemptEnd } from './retry-policy.ts';
import type { TimeScope } from './time-scope.ts';

/** Sends one request and reads what comes back. Never rejects: the absence of an answer is a result as well. */
export async function sendAttempt(
  operation: Operation,
  attempt: number,
  send: (signal: AbortSignal) => Promise<Response>,
  scope: TimeScope,
  redact: (text: string) => string,
): Promise<AttemptEnd> {
  try {
    const response = await scope.race(send(scope.signal));
    // In a browser a refused redirect is "opaque" and has no status.
    if (response.type === 'opaqueredirect' || /^3/.test(`${response.status}`)) {
      response.body?.cancel().catch(() => undefined);
      return { kind: 'redirect' };
    }
    return { answer: await readAnswer(operation, response, attempt, redact, scope) };
  } catch (cause) {
    return scope.ended ? { kind: scope.ended } : { kind: kindOf(textOf(cause)), cause };
  }
}
