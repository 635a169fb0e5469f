import type { NoAnswerKind } from './client-types.ts';
import { NoAnswerError } from './no-answer-error.ts';

const WORDS: Partial<Record<NoAnswerKind, string>> = {
  aborted: 'the caller aborted it. The request may have been carried out',
  redirect:
    'the service redirected it, and redirects are refused. Set baseUrl to the final address',
  refused: 'the connection was refused. Check baseUrl and that the service is up',
  reset: 'the connection was lost. The request may have been carried out',
  dns: 'the host name was not found. Check baseUrl',
  connection:
    'the connection failed. Check baseUrl, the network and the certificate; in a browser also CORS',
};

/** Says in plain words why there is no answer, and what to try. */
export function toNoAnswerError(
  reason: unknown,
  operation: string,
  attempts: number,
  signal?: AbortSignal,
  redact = (text: string) => text,
): NoAnswerError {
  if (reason instanceof NoAnswerError) return reason;
  const kind = typeof reason === 'string' ? (reason as NoAnswerKind) : kindOf(reason, signal);
  return new NoAnswerError(
    kind,
    `${operation} got no answer: ${WORDS[kind]}.`,
    attempts,
    typeof reason === 'string' ? undefined : copy(reason, redact),
  );
}

function kindOf(error: unknown, signal?: AbortSignal): NoAnswerKind {
  if (signal?.aborted) return 'aborted';
  let text = '';
  for (let e = error; e instanceof Error; e = e.cause)
    text += `${'code' in e ? e.code : ''} ${e.message} `;
  if (/refused/i.test(text)) return 'refused';
  if (/ENOTFOUND|EAI_AGAIN|dns/i.test(text)) return 'dns';
  return /reset|EPIPE|SOCKET|closed/i.test(text) ? 'reset' : 'connection';
}

/** A cause without the token, whatever `fetch` may have put there. */
function copy(error: unknown, redact: (text: string) => string): unknown {
  if (!(error instanceof Error)) return redact(String(error));
  const safe = new Error(redact(error.message));
  safe.name = error.name;
  if (error.cause !== undefined) safe.cause = copy(error.cause, redact);
  return 'code' in error ? Object.assign(safe, { code: error.code }) : safe;
}
