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

/** Whether a text keeps a pattern. */
export type PatternTest = (text: string) => boolean;

/**
 * The test of a `pattern` that no text keeps busy for long. The platform's own is taken where it cannot be, else the one
 * that `linear` makes; where that throws (RE2 has neither look-around nor back references), the platform's for texts
 * that are short enough.
 *
 * @param linear makes a test that takes as many steps as the text is long
 * @param tooLong says what longer texts are; by default they keep the pattern
 */
export function testOfPattern(
  pattern: string,
  linear: (pattern: string) => PatternTest,
  tooLong: PatternTest = () => true,
): PatternTest {
  const compiled = compilePattern(pattern);
  const longest = longestText(pattern);
  if (longest < Number.POSITIVE_INFINITY) {
    try {
      return linear(pattern);
    } catch {
      // The platform's then.
    }
  }
  return (text) => (text.length > longest ? tooLong(text) : (compiled?.test(text) ?? true));
}

/**
 * How many characters a text may have that the platform tests in some tens of milliseconds, whatever it says: a pattern
 * with a quantifier behind a group, a back reference, more than one quantifier, or one that may begin anywhere can take
 * far more steps than the text has characters.
 */
export function longestText(pattern: string): number {
  // Neither a set of characters nor an escaped one is a quantifier.
  const bare = pattern.replaceAll(/\[(?:\\.|[^\]\\])*\]|\\[^1-9]/gs, '.');
  if (/\)[*+{]|\\[1-9]/.test(bare)) return 30;
  const quantifiers = bare.match(/[*+]|\{\d+,\d*\}/g)?.length ?? 0;
  const begins = bare.startsWith('^') && !bare.includes('|') ? 0 : 1;
  // Each of them takes as many steps, at most, as the text has characters.
  const nested = quantifiers === 0 ? 0 : quantifiers + begins;
  return nested > 1 ? Math.max(30, 1e7 ** (1 / nested)) : Number.POSITIVE_INFINITY;
}
