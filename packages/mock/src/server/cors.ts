import type { IncomingHttpHeaders } from 'node:http';
import { isToken } from '../http/header.ts';
import type { MockResponse } from '../http/message.ts';

/** How long a browser may remember a preflight, in seconds. */
const MAX_AGE = '600';

/** Headers that the mock adds and a page on another origin may read. */
const EXPOSED = 'X-Mock-Error, X-Mock-Stale, WWW-Authenticate, Deprecation';

/**
 * The CORS headers that a response of the contract carries: any origin may read it. Cookies and the like are
 * allowed only with `credentials`; the origin is then named, since browsers take no `*` with them.
 * @param exposed names of the headers that the contract documents, each with a comma in front of it
 */
export function corsHeaders(
  { origin }: IncomingHttpHeaders,
  { credentials, exposed }: { credentials: boolean; exposed: string },
): Record<string, string> {
  return {
    vary: 'Origin',
    'access-control-allow-origin': credentials && origin !== undefined ? origin : '*',
    ...(credentials && { 'access-control-allow-credentials': 'true' }),
    'access-control-expose-headers': EXPOSED + exposed,
  };
}

/** The headers of a response with those of the mock, which are its own to say; lists of names are joined. */
export function withOwnHeaders(
  headers: MockResponse['headers'],
  own: Record<string, string>,
): Record<string, string | readonly string[]> {
  const all = { ...headers, ...own };
  for (const name of ['vary', 'access-control-expose-headers']) {
    const { [name]: documented } = headers;
    if (documented === undefined || own[name] === undefined) continue;
    const names = String(documented).split(/\s*,\s*/);
    // One name that is none would hide all of them.
    all[name] = [own[name], ...names.filter(isToken)].join(', ');
  }
  return all;
}

/** Whether the request is a browser's question before the real request. */
export function isPreflight(method: string, headers: IncomingHttpHeaders): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/**
 * The headers of the response to a preflight. Whatever is asked for is allowed: a method that the contract does not
 * have is better told by the 405 of the real request, which the page can read, than by a CORS error, which it cannot.
 * @param methods the methods that the contract has for the path
 */
export function preflightHeaders(
  headers: IncomingHttpHeaders,
  methods: readonly string[],
): Record<string, string> {
  const asked = headers['access-control-request-method'] ?? '';
  const wanted = headers['access-control-request-headers'];
  return {
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    'access-control-allow-methods': [...new Set([...methods, asked])].join(', '),
    ...(wanted !== undefined && { 'access-control-allow-headers': wanted }),
    // What Chrome asked, before it came to ask the reader, when a public page calls this device.
    ...(headers['access-control-request-private-network'] === 'true' && {
      'access-control-allow-private-network': 'true',
    }),
    'access-control-max-age': MAX_AGE,
  };
}
