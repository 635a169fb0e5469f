import { RE2JS } from 're2js';
import { platformMatcher } from './platform-matcher.ts';

/**
 * A matcher that takes linear time: RE2's, in JavaScript. A pattern that RE2 does not have (look-around, back
 * references) is tested by the platform, and only on texts that are short.
 */
export function boundedMatcher(pattern: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return (text) => compiled.matcher(text).find();
  } catch {
    return (text) => text.length > 30 || platformMatcher(pattern)(text);
  }
}
