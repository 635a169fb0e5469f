import type { Operation, SecurityScheme } from '@sql-sessions/contract/model';
import { isToken } from '../http/header.ts';
import type { MockRequest } from '../http/message.ts';

/**
 * What is missing of the credentials that an operation asks for; empty where one of its alternatives is there.
 * @param strict whether "or nothing" does not count as an alternative
 */
export function missingCredentials(
  { security }: Operation,
  request: MockRequest,
  strict: boolean,
): SecurityScheme[] {
  const real = security.filter(({ schemes }) => schemes.length > 0);
  if (real.length === 0 || (!strict && real.length < security.length)) return [];
  const missing = real.map(({ schemes }) =>
    schemes.map(({ scheme }) => scheme).filter((scheme) => !isThere(scheme, request)),
  );
  return missing.some((schemes) => schemes.length === 0) ? [] : (missing[0] ?? []);
}

function isThere({ type, credential, httpScheme }: SecurityScheme, request: MockRequest): boolean {
  // A certificate is a matter of the connection, which the mock does not see.
  if (!credential || type === 'mutualTLS') return true;
  const { in: place, name, prefix } = credential;
  if (place === 'query') return Boolean(request.query.get(name));
  if (place === 'cookie') {
    return (request.headers.cookie ?? '').split(/;\s*/).some((pair) => {
      const at = pair.indexOf('=');
      return pair.slice(0, at) === name && pair.length > at + 1;
    });
  }
  const value = request.headers[name.toLowerCase()] ?? '';
  if (!value.toLowerCase().startsWith(prefix.toLowerCase())) return false;
  const secret = value.slice(prefix.length).trim();
  if (httpScheme !== 'basic') return secret !== '';
  try {
    return atob(secret).includes(':');
  } catch {
    return false;
  }
}

/** The challenges of a 401, which must have one (RFC 9110, 15.5.2); `ApiKey` where HTTP has no name. */
export function challengesOf({ security }: Operation): string {
  const prefixes = security.flatMap(({ schemes }) =>
    schemes.map(({ scheme }) => {
      const prefix = scheme.credential?.prefix.trim() ?? '';
      return isToken(prefix) ? prefix : 'ApiKey';
    }),
  );
  const names = prefixes.length > 0 ? prefixes : ['ApiKey'];
  return [...new Set(names)].map((name) => `${name} realm="mock"`).join(', ');
}
