import type { MockRequest } from './message.ts';
import { parseUrl } from './parse-url.ts';

export type Target = Pick<MockRequest, 'path' | 'search' | 'query'>;

/**
 * Reads a request target as Prism does (dot segments are resolved), without its two traps: `//host/path` is a
 * path here and not a host, and an escape that means nothing (`%ZZ`, `%ff`) stands for itself instead of ending
 * the process, so that the id it is part of is refused by the rule of the contract. For the same end a segment that is
 * an escaped dot or two (`%2e%2e`) is kept: a URL parser would climb a folder for it.
 * @returns undefined where the target is neither a path nor a URL, such as `*`
 */
export function readTarget(target: string): Target | undefined {
  if (PLAIN.test(target)) return { path: target, search: '', query: new URLSearchParams() };
  const absolute = /^https?:\/\//i.test(target);
  if (!absolute && !target.startsWith('/')) return undefined;
  const kept = target.replace(ESCAPED_DOTS, (dots) => dots.replaceAll('%', '%25'));
  const url = parseUrl(absolute ? kept : `http://mock${kept}`);
  if (!url) return undefined;
  return {
    path: escapeStrayPercents(url.pathname),
    search: url.search.slice(1),
    query: url.searchParams,
  };
}

/** A path in which a URL parser would change nothing: no query, no escape, no segment that starts with a dot. */
const PLAIN = /^(?:\/[\w~-][\w.~-]*)+$/;

/** A whole segment of one or two dots, at least one of them escaped. */
const ESCAPED_DOTS = /(?<=\/)(?:%2e|\.%2e|%2e\.|%2e%2e)(?=[/?#]|$)/gi;

function escapeStrayPercents(path: string): string {
  if (!path.includes('%')) return path;
  return path
    .split('/')
    .map((segment) => (isDecodable(segment) ? segment : segment.replaceAll('%', '%25')))
    .join('/');
}

function isDecodable(segment: string): boolean {
  try {
    decodeURIComponent(segment);
    return true;
  } catch {
    return false;
  }
}
