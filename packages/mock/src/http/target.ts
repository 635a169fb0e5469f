import type { MockRequest } from './message.ts';
import { parseUrl } from './parse-url.ts';

export type Target = Pick<MockRequest, 'path' | 'search' | 'query' | 'target'>;

/**
 * Reads a request target as Prism does (dot segments are resolved), without its trap: `//host/path` is a path here and
 * not a host. A segment that is an escaped dot or two (`%2e%2e`) is kept, so that it is refused by the rule of the
 * contract: a URL parser would climb a folder for it.
 * @returns undefined where the target is neither a path nor a URL, such as `*`
 */
export function readTarget(target: string): Target | undefined {
  if (PLAIN.test(target)) return { path: target, search: '', query: new URLSearchParams(), target };
  const absolute = /^https?:\/\//i.test(target);
  if (!absolute && !target.startsWith('/')) return undefined;
  const kept = target.replace(ESCAPED_DOTS, (dots) => dots.replaceAll('%', '%25'));
  const url = parseUrl(absolute ? kept : `http://mock${kept}`);
  if (!url) return undefined;
  return {
    path: url.pathname,
    search: url.search.slice(1),
    query: url.searchParams,
    target: target.replace(/^https?:\/\/[^/?#]*\/?|^\//i, '/').replace(/#.*/s, ''),
  };
}

/** A path in which a URL parser would change nothing: no query, no escape, no segment that starts with a dot. */
const PLAIN = /^(?:\/[\w~-][\w.~-]*)+$/;

/** A whole segment of one or two dots, at least one of them escaped. */
const ESCAPED_DOTS = /(?<=\/)(?:%2e|\.%2e|%2e\.|%2e%2e)(?=[/?#]|$)/gi;
