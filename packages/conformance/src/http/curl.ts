import { type HttpRequest, toCurl as printCurl } from '@sql-sessions/contract/model';
import type { Secrets } from './secrets.ts';
import { toBytes, type WireRequest } from './wire-request.ts';

const LONG = 4096;

/**
 * A shell command that sends the same request again, with variables in the place of tokens.
 * What curl would change or refuse goes through printf and nc.
 */
export function toCurl(request: WireRequest, base: URL, { quote }: Secrets): string {
  if (request.bytes || !canCurl(request)) return toNetcat(request, base, quote);
  const { method, target, headers } = request;
  const print = (more: Partial<HttpRequest>, bodyFrom?: string) =>
    printCurl({ method, target, headers, ...more }, base.origin, { quote, bodyFrom });
  if (request.body === undefined) return print({});
  const body = Buffer.from(request.body as string);
  if (body.length > LONG) {
    const { head, filling, tail } = parts3(body);
    const pieces = [
      head.length > 0 && `printf ${quote(printable(head))}`,
      `head -c ${filling.length} /dev/zero | tr '\\0' ${quote(filling.letter)}`,
      tail.length > 0 && `printf ${quote(printable(tail))}`,
    ].filter((piece) => piece);
    return `{ ${pieces.join('; ')}; } | ${print({}, '@-')}`;
  }
  if (isText(body)) return print({ body: { contentType: '', text: body.toString() } });
  return `printf ${quote(printable(body))} | ${print({}, '@-')}`;
}

/** Spaces and bytes beyond ASCII in a target, and a coding of one's own, are nothing that curl sends as it is. */
function canCurl(request: WireRequest): boolean {
  return (
    /^\/(?!\/)[!-~]*$/.test(request.target) &&
    !request.target.includes('#') &&
    /^[A-Z]+$/.test(request.method) &&
    request.method !== 'HEAD' &&
    request.headers.every(
      ([name, value]) =>
        /^[\w-]+$/.test(name) && /^[ -~]*$/.test(value) && !/^transfer-encoding$/i.test(name),
    )
  );
}

function toNetcat(request: WireRequest, base: URL, quote: Secrets['quote']): string {
  const bytes = toBytes(request, base.host);
  const port = base.port || (base.protocol === 'https:' ? '443' : '80');
  const host = base.hostname.replace(/^\[|\]$/g, '');
  const pipe =
    base.protocol === 'https:'
      ? `openssl s_client -quiet -connect ${base.hostname}:${port}`
      : `nc ${host} ${port}`;
  const cut = bytes.length > LONG ? ` # the first ${LONG} of ${bytes.length} bytes` : '';
  return `printf ${quote(printable(bytes.subarray(0, LONG)))} | ${pipe}${cut}`;
}

/** A long body is one letter many times over, with a little before and after it. */
function parts3(body: Buffer): {
  head: Buffer;
  filling: { letter: string; length: number };
  tail: Buffer;
} {
  const letter = body[body.length >> 1] ?? 0;
  let start = body.length >> 1;
  let end = start;
  while (start > 0 && body[start - 1] === letter) start--;
  while (end < body.length && body[end] === letter) end++;
  return {
    head: body.subarray(0, start),
    filling: { letter: String.fromCharCode(letter), length: end - start },
    tail: body.subarray(end),
  };
}

function isText(bytes: Buffer): boolean {
  return /^[\t\n -~]*$/.test(bytes.toString('latin1'));
}

/** Bytes in the notation of printf. */
function printable(bytes: Buffer): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0x0d) text += '\\r';
    else if (byte === 0x0a) text += '\\n';
    else if (byte === 0x5c) text += '\\\\';
    else if (byte === 0x25) text += '%%';
    else if (byte < 0x20 || byte > 0x7e) text += `\\${byte.toString(8).padStart(3, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return text;
}
