import { type PatternTest, testOfPattern } from '@sql-sessions/contract/model';
import { RE2JS } from 're2js';

/** The test of a `pattern` that no text keeps busy for long: RE2's, in JavaScript, where the platform's could be. */
export function boundedMatcher(pattern: string): PatternTest {
  return testOfPattern(pattern, RE2JS);
}
