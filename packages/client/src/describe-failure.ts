import { NoAnswerError, type NoAnswerKind } from './no-answer-error.ts';

const MAYBE = 'It may have been carried out';
const WORDS: Partial<Record<NoAnswerKind, string>> = {
  token: 'the token provider failed. See the cause',
  aborted: `the caller ended it. ${MAYBE}`,
  deadline: `the deadline has passed. ${MAYBE}; allow a longer deadline`,
  timeout: `the service took too long. ${MAYBE}; allow a longer timeout`,
  redirect: 'redirects are refused. Set baseUrl to the final address',
  refused: 'the connection was refused. Check baseUrl and that the service is up',
  dns: 'the host name was not found. Check baseUrl',
  reset: `the connection broke. ${MAYBE}; try again`,
  connection: 'the connection failed. Check baseUrl, network, certificate and, in a browser, CORS',
};

/** Says in plain words why there is no answer, and what to try. */
export function describeFailure(
  kind: NoAnswerKind,
  operation: string,
  attempts: number,
  cause?: unknown,
): NoAnswerError {
  return new NoAnswerError(
    kind,
    `${operation}: no answer (attempts: ${attempts}): ${WORDS[kind]}.`,
    attempts,
    cause,
  );
}

/** What an error and its causes say, on one line. Each runtime has its own codes and words. */
export function textOf(error: unknown): string {
  const texts: unknown[] = [];
  // A chain of causes may be a circle.
  for (let e = error; e && texts.length < 5; e = e instanceof Error && e.cause) {
    texts.push(
      e instanceof Error ? [(e as { code?: unknown }).code, e.message].join(' ').trim() : e,
    );
  }
  return texts.join(': ');
}

/** What broke a connection, as far as the runtime says. */
export function kindOf(text: string): NoAnswerKind {
  if (/refused/i.test(text)) return 'refused';
  if (/ENOTFOUND|EAI_AGAIN|dns/i.test(text)) return 'dns';
  return /reset|EPIPE|socket|closed/i.test(text) ? 'reset' : 'connection';
}
