import { toCurl } from '../http/curl.ts';
import { type Endpoint, hostOfRequests } from '../http/endpoint.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Secrets } from '../http/secrets.ts';
import { toBytes } from '../http/wire-request.ts';
import type { Finding } from './report.ts';

const SHOWN = 1200;

export function toFinding(
  { message, exchange }: { message: string; exchange?: Exchange | undefined },
  endpoint: Endpoint,
  secrets: Secrets,
): Omit<Finding, 'level'> {
  const text = secrets.mask(message);
  if (!exchange) return { message: text, curl: null, request: null, response: null };
  const [response] = exchange.responses;
  const received = response && [
    `HTTP/1.1 ${response.status} ${response.reason}`.trimEnd(),
    ...response.headers.map(([name, value]) => `${name}: ${value}`),
    '',
    response.body.toString('utf8'),
  ];
  return {
    message: text,
    curl: toCurl(exchange, endpoint, secrets),
    request: shownRequest(toBytes(exchange.request, hostOfRequests(endpoint)), secrets),
    response: received ? shorten(secrets.mask(received.join('\n').trimEnd())) : null,
  };
}

/** A request as reports show it. */
export function shownRequest(bytes: Buffer, { mask }: Secrets): string {
  return shorten(mask(visible(bytes)));
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
