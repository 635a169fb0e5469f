import type { IncomingHttpHeaders } from 'node:http';
import { SPACE_NAME } from '../spaces.ts';

/**
 * The space that a request is for, and its target without the space: the path `/__space/NAME/…`, the header
 * `X-Mock-Space` or the cookie `mock-space`, in this order. Undefined where the name cannot be one.
 */
export function findSpace(
  target: string,
  headers: IncomingHttpHeaders,
): { name: string; target: string } | undefined {
  const [, origin = '', prefix, rest] =
    /^(https?:\/\/[^/?#]*)?\/__space\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  const name = prefix ?? headers['x-mock-space'] ?? cookieOf(headers.cookie) ?? '';
  if (typeof name !== 'string' || (name !== '' && !SPACE_NAME.test(name))) return undefined;
  if (prefix === undefined) return { name, target };
  return { name, target: origin + (rest?.startsWith('/') ? rest : `/${rest}`) };
}

function cookieOf(cookies: string | undefined): string | undefined {
  return /(?:^|;\s*)mock-space=([^;]*)/.exec(cookies ?? '')?.[1]?.trim();
}
