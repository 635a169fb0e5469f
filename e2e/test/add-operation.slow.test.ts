import './add-operation.test.ts';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyWorkspace } from '../src/copy-workspace.ts';
import { growCopy, toNewestRelease } from '../src/grow-copy.ts';

/** What a test says that reads the live contract; those of the releases make copies of their own, and judge other changes. */
const READS_CONTRACT = "'\\./(contract|copy-contract)\\.ts'|'@sql-sessions/contract'";
const READING = /^test\/(?!release-|gate-)[^.]*\.test\.ts$/;

test('with operations added, the tests that read the contract stay green', async () => {
  await using copy = await copyWorkspace(toNewestRelease);
  await growCopy(copy);
  await copy.run('node', ['scripts/src/turbo.ts', 'run', 'build']);
  const cwd = join(copy.path, 'spec');
  const listed = await copy.run('git', ['grep', '-lE', READS_CONTRACT, '--', 'test'], { cwd });
  const files = listed.stdout.split('\n').filter((file) => READING.test(file));
  expect(files.length).toBeGreaterThan(5);
  const timeout = 600_000;
  await copy.run('pnpm', ['exec', 'vitest', 'run', ...files], { cwd, timeout });
}, 600_000);
