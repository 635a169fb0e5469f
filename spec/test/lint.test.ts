import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { contractSource, specFolder } from './contract.ts';
import { copyContract } from './copy-contract.ts';

const redocly = join(specFolder, 'node_modules/.bin/redocly');

test('redocly lint finds nothing, not even a warning', async () => {
  await using folder = await copyContract();
  const { code, stdout } = await run(redocly, ['lint', '--format=json'], { cwd: folder.path });
  expect(JSON.parse(stdout).totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
  expect(code).toBe(0);
});

test('redocly lint fails on a house rule and names it', async () => {
  await using folder = await copyContract();
  await writeFile(join(folder.path, 'sessions.yaml'), contractSource.replace('+$', '+'));
  const { code, stdout } = await run(redocly, ['lint', '--format=json'], { cwd: folder.path });
  expect(code).toBe(1);
  expect(JSON.parse(stdout).problems).toMatchObject([
    { ruleId: 'rule/path-parameter-pattern-anchored' },
  ]);
});
