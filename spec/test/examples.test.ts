import { expect, test } from 'vitest';
import { parseContract } from './contract.ts';
import { findBadExamples } from './examples.ts';

test('every example is valid by its schema (Ajv, JSON Schema 2020-12)', () => {
  const { checked, wrong } = findBadExamples(parseContract());
  expect(wrong).toEqual([]);
  // Closing alone has six errors, the empty body and two parameters.
  expect(checked).toBeGreaterThanOrEqual(9);
});
