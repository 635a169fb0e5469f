export interface Target {
  /** Always starts with a slash, and every escape in it can be decoded. */
  path: string;
  query: URLSearchParams;
}

/**
 * Reads a request target as Prism does (dot segments are resolved), without its two traps: `//host/path` is a
 * path here and not a host, and an escape that means nothing (`%ZZ`, `%ff`) stands for itself instead of ending
 * the process, so that the id it is part of is refused by the rule of the contract.
 * @returns undefined where the target is neither a path nor an address, such as `*`
 */
export function readTarget(target: string): Target | undefined {
  const absolute = /^https?:\/\//i.test(target);
  if (!absolute && !target.startsWith('/')) return undefined;
  const url = URL.parse(absolute ? target : `http://mock${target}`);
  if (!url) return undefined;
  return { path: escapeStrayPercents(url.pathname), query: url.searchParams };
}

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
