import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  type FixtureName,
  fixturePath,
  readFixture,
  readRenamedFixture,
  writeContract,
} from '../src/contracts.ts';
import { temporaryFolder } from '../src/packages.ts';

const names: FixtureName[] = ['family', 'warehouses', 'everything', 'foreign'];

test.each(names)('every reference of %s leads to something in it, renamed or not', (name) => {
  for (const document of [readFixture(name), readRenamedFixture(name)]) {
    const references = [...stringsOf(document, '$ref')];
    expect(references).not.toEqual([]);
    for (const reference of references)
      expect(lookUp(document, reference), reference).toBeDefined();
  }
});

test.each(names)('a renamed %s has the same operations, in the reverse order of paths', (name) => {
  const [document, renamed] = [readFixture(name), readRenamedFixture(name)];
  expect(Object.keys(renamed.paths)).toEqual(Object.keys(document.paths).reverse());
  const ids = new Set(stringsOf(document, 'operationId'));
  for (const id of stringsOf(renamed, 'operationId')) expect(ids).not.toContain(id);
  expect(new Set(stringsOf(renamed, 'operationId')).size).toBe(ids.size);
  const schemas = Object.keys(document.components.schemas ?? {});
  expect(Object.keys(renamed.components.schemas ?? {})).toEqual(
    schemas.map((schema) => `Renamed${schema}`),
  );
});

test('a document that was written is read back the same', async () => {
  await using folder = await temporaryFolder();
  const document = readRenamedFixture('everything');
  const path = await writeContract(folder.path, document);
  expect(parse(await readFile(path, 'utf8'))).toEqual(document);
  expect(await readFile(fixturePath('everything'), 'utf8')).toContain('title: Everything');
});

function* stringsOf(node: unknown, field: string): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === field && typeof value === 'string') yield value;
    else yield* stringsOf(value, field);
  }
}

function lookUp(document: object, reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
}
