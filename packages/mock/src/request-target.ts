export interface Target {
  path: string;
  query: URLSearchParams;
}

/**
 * Reads a request target as Prism does (dot segments are resolved), without its two traps: `//host/path` is a
 * path here and not a host, and an escape that means nothing (`%ZZ`, `%ff`) stands for itself instead of ending
 * the process, so that the id it is part of is refused by the rule of the contract.
 */
export function readTarget(target: string): Target {
  const relative = target.startsWith('/') ? `http://mock${target}` : target;
  const { pathname, searchParams } = URL.parse(relative) ?? new URL('http://mock/');
  return { path: escapeStrayPercents(pathname), query: searchParams };
}

function escapeStrayPercents(path: string): string {
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
