import parsePreferHeader from 'parse-prefer-header';

/** Reads a `Prefer` header (RFC 7240). A preference without a value reads as the text `true`. */
export function parsePrefer(header: string): Record<string, string> {
  const parsed = Object.entries(parsePreferHeader(header));
  return Object.fromEntries(parsed.map(([name, value]) => [name, String(value)]));
}
