import { expect, test } from 'vitest';
import { parseContract } from './contract.ts';
import { facts } from './wire-facts.ts';

test.each(facts)('$id: $statement', ({ check }) => {
  check(parseContract());
});

test('every fact has a number of its own', () => {
  const ids = facts.map(({ id }) => id);
  const expected = Array.from({ length: 10 }, (_, index) => index + 1);
  expect(ids).toEqual([...expected.map((n) => `W${n}`), ...expected.map((n) => `D${n}`)]);
});
