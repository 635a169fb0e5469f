import { expect, test } from 'vitest';
import { routed } from '../src/values/routed.ts';

test.for([
  ['a%2Fb', 404, true],
  ['%5c', 308, true],
  ['a%2Eb', 308, true],
  ['.', 404, true],
  ['..;', 501, true],
  ['%0', 404, true],
  ['%C0%AF', 404, true],
  // The application has the word on these, in whatever shape a gateway gives them.
  ['abc%00', undefined, true],
  ['abc%0A', undefined, true],
  ['%E2%80%A8', undefined, true],
  ['a_b', undefined, false],
  ['a.b', undefined, false],
  ['%252F', undefined, false],
  ['%C3%A9', undefined, false],
] as const)('%s: %s is fine, of another shape: %s', ([segment, status, outside]) => {
  const found = routed(segment);
  expect(found.outside).toBe(outside);
  if (status === undefined) expect(found.statuses).toEqual([]);
  else expect(found.statuses).toContain(status);
});
