import { compilePattern } from '@sql-sessions/contract/model';

/** What the platform's own regular expression says. */
export function platformMatcher(pattern: string): (text: string) => boolean {
  const compiled = compilePattern(pattern);
  return (text) => compiled?.test(text) ?? true;
}
