import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { notOk } from '../src/ci-ok.ts';
import { useRunnerNode } from '../src/runner-node.ts';

test('only success of every job is ok', () => {
  expect(notOk('{ "check": { "result": "success" }, "test": { "result": "success" } }')).toEqual(
    [],
  );
  expect(notOk('{ "check": { "result": "skipped" }, "test": { "result": "success" } }')).toEqual([
    'check: skipped',
  ]);
  for (const nothing of [undefined, '', '{}', 'null', 'no JSON'])
    expect(notOk(nothing)).toHaveLength(1);
});

test('the command ends with 1 where a job failed', async () => {
  const file = fileURLToPath(new URL('../src/ci-ok.ts', import.meta.url));
  const ended = await run(process.execPath, [file], {
    env: { NEEDS: '{ "test": { "result": "failure" } }' },
  });
  expect(ended).toMatchObject({ code: 1, stdout: 'test: failure\n' });
});

test('the Node of the lockfile makes way, and nothing else does', async () => {
  await using folder = await temporaryFolder();
  const bin = join(folder.path, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  for (const name of ['node', 'node.CMD', 'tsc']) await writeFile(join(bin, name), '');
  await useRunnerNode(folder.path);
  expect(await readdir(bin)).toEqual(['tsc']);
});
