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

/** What the platform's own regular expression says. */
export function platformTest(pattern: string): PatternTest {
  const compiled = compilePattern(pattern);
  return (text) => compiled?.test(text) ?? true;
}

/** An engine that takes as many steps as a text is long, with the functions of RE2JS. */
export interface LinearEngine {
  translateRegExp(pattern: string): string;
  compile(pattern: string): { matcher(text: string): { find(): boolean } };
}

/**
 * The test of a `pattern` that no text keeps busy for long. The platform's own is taken where it cannot be, else that of
 * `linear`; where it throws (RE2 has neither look-around nor back references), the platform's for texts that are short
 * enough.
 *
 * @param tooLong says what longer texts are; by default they keep the pattern
 */
export function testOfPattern(
  pattern: string,
  linear: LinearEngine,
  tooLong: PatternTest = () => true,
): PatternTest {
  const longest = longestText(pattern);
  if (longest < Number.POSITIVE_INFINITY) {
    try {
      const compiled = linear.compile(linear.translateRegExp(pattern));
      return (text) => compiled.matcher(text).find();
    } catch {
      // The platform's then.
    }
  }
  const test = platformTest(pattern);
  return (text) => (text.length > longest ? tooLong(text) : test(text));
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
