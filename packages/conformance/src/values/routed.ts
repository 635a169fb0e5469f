const REDIRECTS = [301, 302, 307, 308];

/** What stands in a path segment, and the statuses that routers and gateways have for it of their own accord. */
const KINDS: readonly { holds(segment: string): boolean; statuses: readonly number[] }[] = [
  { holds: (segment) => /%2f|%5c/i.test(segment), statuses: [404, 405, ...REDIRECTS] },
  { holds: (segment) => /%2e|^\.$|\.\./i.test(segment), statuses: [404, 405, 501, ...REDIRECTS] },
  { holds: (segment) => decoded(segment) === undefined, statuses: [404] },
  {
    holds: (segment) => /[\p{Cc}\u2028\u2029]/u.test(decoded(segment) ?? ''),
    statuses: [],
  },
];

/**
 * What an HTTP server or a gateway may make of a path segment, as it goes over the wire, before the application sees
 * the id in it: slashes, dots, control characters and broken escapes are decoded, resolved or refused by many.
 * @returns the statuses that are fine for that, beside those of the contract, and whether the response can be one that
 *   the contract does not describe.
 */
export function routed(segment: string): { statuses: readonly number[]; outside: boolean } {
  const kinds = KINDS.filter(({ holds }) => holds(segment));
  return { statuses: kinds.flatMap(({ statuses }) => statuses), outside: kinds.length > 0 };
}

/** The id in a segment; undefined where it cannot be decoded. */
export function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
