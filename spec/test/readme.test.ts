import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { operations, version } from '@sql-sessions/contract';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { specFolder } from './contract.ts';

test('the first example of the README compiles and runs', async () => {
  const readme = await readFile(join(specFolder, 'README.md'), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  // In this package, so that its own name resolves to it.
  await mkdir(join(specFolder, '.results'), { recursive: true });
  const file = join(specFolder, '.results', 'readme-example.ts');
  await writeFile(file, example);
  const compiler = join(specFolder, 'node_modules/.bin/tsc');
  const flags = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--types',
    'node',
  ];
  expect(await run(compiler, [...flags, file], { cwd: specFolder })).toMatchObject({
    stdout: '',
    code: 0,
  });
  const { stdout } = await run(process.execPath, [file]);
  const { method, path } = operations.closeSession;
  expect(stdout).toBe(`${version} ${method} ${path}\n`);
});
