import { readFile } from 'node:fs/promises';
import { type FixtureDocument, readFixture } from '@sql-sessions/testing/contracts';

/** The fixture of operations that come next, together with those that the live contract has. */
export async function wholeFamily(): Promise<FixtureDocument> {
  const file = new URL(import.meta.resolve('@sql-sessions/contract/openapi.json'));
  const live: FixtureDocument = JSON.parse(await readFile(file, 'utf8'));
  const family = readFixture('family');
  for (const [path, item] of Object.entries(live.paths)) {
    family.paths[path] = { ...family.paths[path], ...item };
  }
  for (const [kind, components] of Object.entries(live.components)) {
    family.components[kind] = { ...family.components[kind], ...components };
  }
  return family;
}
