/**
 * The regular expression of a `pattern` (ECMA-262, as JSON Schema has it): without the flag `u` where it is none with
 * it. Undefined: it is none at all.
 */
export function compilePattern(pattern: string, flags = 'u'): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return flags === '' ? undefined : compilePattern(pattern, '');
  }
}
