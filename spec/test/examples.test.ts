import { readFixture } from '@sql-sessions/testing/contracts';
import { expect, test } from 'vitest';
import { parseContract } from './contract.ts';
import { findBadExamples } from './examples.ts';

test.each([
  // Closing alone has six errors, the empty body and two parameters.
  ['the contract', parseContract(), 9],
  ['family', readFixture('family'), 60],
  ['everything', readFixture('everything'), 50],
])(
  'every example of %s is valid by its schema (Ajv, JSON Schema 2020-12)',
  (_name, document, least) => {
    const { checked, wrong } = findBadExamples(document);
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThanOrEqual(least);
  },
);
