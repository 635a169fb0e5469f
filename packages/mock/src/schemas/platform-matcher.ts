/** What the platform's own regular expression says; without the `u` flag where the pattern is not one with it. */
export function platformMatcher(pattern: string): (text: string) => boolean {
  try {
    const compiled = new RegExp(pattern, 'u');
    return (text) => compiled.test(text);
  } catch {
    const compiled = new RegExp(pattern);
    return (text) => compiled.test(text);
  }
}
