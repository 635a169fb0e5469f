import { readFile } from 'node:fs/promises';
import type { FixtureDocument } from '@sql-sessions/testing/contracts';
import { addOperations } from '@sql-sessions/testing/grow-contract';
import { parse } from 'yaml';

/** The operations that the live contract has, together with those of the fixture that come next. */
export async function wholeFamily(): Promise<FixtureDocument> {
  const file = new URL(import.meta.resolve('@sql-sessions/contract/openapi.json'));
  return parse(addOperations(await readFile(file, 'utf8'), 'family'));
}
