import { byPrint, unheldCells } from '@sql-sessions/contract/build';
import { readContract } from '@sql-sessions/contract/model';
import { readFixture } from '@sql-sessions/testing/contracts';
import { expect, test } from 'vitest';
import { toReferencePages } from '../src/site/reference-pages.ts';

test('each keyword that the reference supports shows on its pages', async () => {
  const ours = [readFixture('everything'), readFixture('family'), readFixture('warehouses')];
  const print = (document: object) => {
    const options = { path: '', catalogue: new Map<string, string>(), newest: true };
    return JSON.stringify(toReferencePages({ ...options, contract: readContract(document) }));
  };
  expect(await unheldCells('reference', ours, readFixture('foreign'), byPrint(print))).toEqual([]);
});
