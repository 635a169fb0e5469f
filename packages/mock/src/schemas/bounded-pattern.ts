import { RE2JS } from 're2js';
import { platformMatcher } from './platform-matcher.ts';
import { longestText } from './view.ts';

/**
 * A matcher that takes linear time: RE2's, in JavaScript. A pattern that RE2 does not have (look-around, back
 * references) is tested by the platform, and only on texts that are short enough for it.
 */
export function boundedMatcher(pattern: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return (text) => compiled.matcher(text).find();
  } catch {
    const longest = longestText(pattern);
    const matches = platformMatcher(pattern);
    return (text) => text.length > longest || matches(text);
  }
}
