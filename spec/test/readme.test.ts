import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { operations, version } from '@sql-sessions/contract';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { specFolder } from './contract.ts';

const readme = await readFile(join(specFolder, 'README.md'), 'utf8');
const examples = Array.from(
  readme.matchAll(/```ts\n([\s\S]*?)```/g),
  ([, example = '']) => example,
);

test.each(examples.map((example, index) => [index, example] as const))(
  'example %i of the README compiles and runs',
  async (index, example) => {
    // In this package, so that its own name resolves to it.
    await mkdir(join(specFolder, '.results'), { recursive: true });
    const file = join(specFolder, '.results', `readme-example-${index}.ts`);
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
      '--resolveJsonModule',
    ];
    expect(await run(compiler, [...flags, file], { cwd: specFolder })).toMatchObject({
      stdout: '',
      code: 0,
    });
    const { method, path } = operations.closeSession;
    const { stdout, stderr } = await run(process.execPath, [file]);
    expect(stderr).toBe('');
    expect(stdout).toContain(
      index === 0 ? `${version} ${method} ${path}\n` : `curl -i -X ${method} 'http://127`,
    );
  },
);
