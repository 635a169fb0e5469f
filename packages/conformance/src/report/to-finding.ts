import type { CheckFailure } from '../check.ts';
import { toCurl } from '../http/curl.ts';
import { toBytes } from '../http/wire-request.ts';
import type { Secrets } from '../secrets.ts';
import type { Finding } from './report.ts';

const SHOWN = 1200;

export function toFinding(
  { message, exchange }: Pick<CheckFailure, 'message' | 'exchange'>,
  base: URL,
  secrets: Secrets,
): Finding {
  const text = secrets.mask(message);
  if (!exchange) return { message: text, curl: null, request: null, answer: null };
  const [answer] = exchange.answers;
  const received = answer && [
    `HTTP/1.1 ${answer.status} ${answer.reason}`.trimEnd(),
    ...answer.headers.map(([name, value]) => `${name}: ${value}`),
    '',
    answer.body.toString('utf8'),
  ];
  return {
    message: text,
    curl: toCurl(exchange.request, base, secrets),
    request: shorten(secrets.mask(visible(toBytes(exchange.request, base.host)))),
    answer: received ? shorten(secrets.mask(received.join('\n').trimEnd())) : null,
  };
}

/** Bytes as text, with everything that cannot be seen written as an escape. */
function visible(bytes: Buffer): string {
  return bytes
    .subarray(0, 2 * SHOWN)
    .toString('latin1')
    .replaceAll('\r\n', '\n')
    .replace(
      /[^\n -~]/g,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .trimEnd();
}

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
