import { type HttpRequest, toCurl as printCurl } from '@sql-sessions/contract/model';
import { type Endpoint, hostOf, hostOfRequests, portOf } from './endpoint.ts';
import type { Exchange } from './exchange.ts';
import type { Secrets } from './secrets.ts';
import { toBytes, type WireRequest } from './wire-request.ts';

const LONG = 4096;

/**
 * A shell command that sends the same request again, as often and beside as many others as it was sent, with variables
 * in the place of tokens. What curl would change or refuse goes through printf and nc.
 */
export function toCurl(
  { request, times, held }: Pick<Exchange, 'request' | 'times' | 'held'>,
  endpoint: Endpoint,
  { quote }: Secrets,
): string {
  const command = request.bytes || !canCurl(request) ? toNetcat : toPlainCurl;
  const line = command(request, endpoint, quote);
  if (held) {
    const begun = `{ printf ${quote(printable(held.bytes))}; sleep 5; } | ${pipeTo(endpoint, quote)} > /dev/null 2>&1`;
    return `${manyTimes(held.count, begun)} sleep 1; ${line}`;
  }
  return times > 1 ? `${manyTimes(times, line)} wait` : line;
}

function manyTimes(count: number, line: string): string {
  return `for i in $(seq ${count}); do { ${line}; } & done;`;
}

function toPlainCurl(request: WireRequest, endpoint: Endpoint, quote: Quote): string {
  const { method, target, headers } = request;
  const flags = [
    endpoint.tls?.rejectUnauthorized === false && '--insecure',
    ...filesOf(endpoint, quote, '--cacert', '--cert', '--key'),
    endpoint.proxy && `--proxytunnel --proxy ${quote(endpoint.proxy.href)}`,
  ].filter((flag) => flag);
  const print = (more: Partial<HttpRequest>, bodyFrom?: string) =>
    printCurl({ method, target, headers, ...more }, endpoint.url.origin, {
      quote,
      bodyFrom,
    }).replace(/^curl/, ['curl', ...flags].join(' ').replaceAll('$', '$$$$'));
  if (request.body === undefined) return print({});
  const body = Buffer.from(request.body as string);
  if (isText(body) && body.length <= LONG)
    return print({ body: { contentType: '', text: body.toString() } });
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

type Quote = Secrets['quote'];

function toNetcat(request: WireRequest, endpoint: Endpoint, quote: Quote): string {
  const bytes = toBytes(request, hostOfRequests(endpoint));
  return `printf ${quote(printable(bytes))} | ${pipeTo(endpoint, quote)}`;
}

/** What sends its input over a connection of its own. */
function pipeTo(endpoint: Endpoint, quote: Quote): string {
  const { url, proxy } = endpoint;
  const through = proxy && `${hostOf(proxy)}:${portOf(proxy)}`;
  if (url.protocol === 'https:') {
    const flags = filesOf(endpoint, quote, '-CAfile', '-cert', '-key');
    const tunnel = through ? [`-proxy ${through}`] : [];
    return [
      'openssl s_client -quiet',
      ...flags,
      ...tunnel,
      `-connect ${url.hostname}:${portOf(url)}`,
    ].join(' ');
  }
  return `nc ${through ? `-X connect -x ${through} ` : ''}${hostOf(url)} ${portOf(url)}`;
}

function filesOf({ files = {} }: Endpoint, quote: Quote, ...[ca, cert, key]: string[]): string[] {
  const flags = { ca, cert, key };
  return Object.entries(flags).flatMap(([name, flag]) => {
    const file = files[name];
    if (file === undefined) return [];
    return [`${flag} ${file.startsWith('$') ? `"${file}"` : quote(file)}`];
  });
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
