import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { notOk } from '../src/ci-ok.ts';
import { useRunnerNode } from '../src/runner-node.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

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

test.each([
  ['{ "test": { "result": "failure" }, "check": { "result": "success" } }', 1, 'test: failure\n'],
  ['{ "check": { "result": "success" } }', 0, 'All jobs succeeded.\n'],
])('pnpm ci:ok, as the last job runs it: NEEDS is %s', async (needs, code, printed) => {
  const args = ['--config.verify-deps-before-run=false', '--silent', 'run', 'ci:ok'];
  const ended = await run('pnpm', args, { cwd: root, env: { NEEDS: needs } });
  expect(ended).toMatchObject({ code, stdout: printed });
});

test('the Node of the lockfile makes way, and nothing else does', async () => {
  await using folder = await temporaryFolder();
  const bin = join(folder.path, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  for (const name of ['node', 'node.CMD', 'tsc']) await writeFile(join(bin, name), '');
  await useRunnerNode(folder.path);
  expect(await readdir(bin)).toEqual(['tsc']);
});
