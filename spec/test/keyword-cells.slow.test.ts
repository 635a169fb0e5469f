import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFixture } from '@sql-sessions/testing/contracts';
import { expect, test } from 'vitest';
import { generateTypes } from '../build/generate-types.ts';
import { byPrint, type Pair, unheldCells } from '../build/keyword-probes.ts';
import { printOperationTable } from '../build/operation-table.ts';
import { readContract } from '../src/model.ts';
import { contractDiffs } from '../versioning/contract-diff.ts';
import { readSource } from '../versioning/read-source.ts';

const ours = [readFixture('everything'), readFixture('family'), readFixture('warehouses')];
const foreign = readFixture('foreign');

test('each keyword that the types support changes them', async () => {
  const print = async (document: object) =>
    JSON.stringify(await generateTypes(structuredClone(document), readContract(document)));
  expect(await unheldCells('types', ours, foreign, byPrint(print))).toEqual([]);
});

test('each keyword that the client supports changes its operation table', async () => {
  const print = (document: object) => printOperationTable(readContract(document));
  expect(await unheldCells('client', ours, foreign, byPrint(print))).toEqual([]);
});

test('each keyword that the diff supports is a change', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sql-sessions-cells-'));
  let count = 0;
  const write = async (document: object) => {
    const path = join(folder, `${count++}.json`);
    await writeFile(path, JSON.stringify(document));
    return path;
  };
  const differs = async (pairs: readonly Pair[]) => {
    const read = await Promise.all(
      pairs.map(async ([document, changed]) => {
        const files: [string, string] = [await write(document), await write(changed)];
        return readSource(files[1]).then(
          () => files,
          () => undefined,
        );
      }),
    );
    const diffs = await contractDiffs(read.filter((files) => files !== undefined));
    return read.map((files) => (files ? diffs.shift()?.changes.length !== 0 : 'unreadable'));
  };
  try {
    expect(await unheldCells('diff', ours, foreign, differs)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
