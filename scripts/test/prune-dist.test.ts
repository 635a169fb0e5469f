import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';

test('what has no source any more leaves dist, and nothing else does', async () => {
  await using folder = await temporaryFolder();
  const files = ['src/a.ts', 'src/deep/b.ts'];
  const built = ['a.js', 'a.d.ts', 'deep/b.js', 'deep/b.d.ts', 'old.js', 'old.d.ts', 'deep/old.js'];
  for (const file of [...files, ...built.map((name) => `dist/${name}`)]) {
    await mkdir(join(folder.path, file, '..'), { recursive: true });
    await writeFile(join(folder.path, file), '');
  }
  const program = fileURLToPath(new URL('../src/prune-dist.ts', import.meta.url));
  const { code, stdout } = await run(process.execPath, [program], { cwd: folder.path });
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(3);
  const left = await readdir(join(folder.path, 'dist'), { recursive: true, withFileTypes: true });
  expect(
    left
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['a.d.ts', 'a.js', 'b.d.ts', 'b.js']);
});

test('every published package that the compiler builds ends its build with it, or starts with an empty dist', async () => {
  const root = new URL('../../', import.meta.url);
  for (const name of await readdir(new URL('packages/', root))) {
    const read = (file: string) => readFile(new URL(`packages/${name}/${file}`, root), 'utf8');
    const { build } = JSON.parse(await read('package.json')).scripts;
    if (build.startsWith('node build/main.ts')) {
      expect(await read('build/main.ts'), name).toContain('rm(dist, { recursive: true');
    } else {
      expect(build, name).toMatch(
        / && node \.\.\/\.\.\/scripts\/src\/prune-dist\.ts( && node \.\.\/\.\.\/spec\/build\/write-commonjs\.ts)?$/,
      );
    }
  }
});
