import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { crossings, cycles, importsOf } from '../src/borders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => existsSync(join(root, file)));
const packages = files
  .filter((file) => file.endsWith('/package.json'))
  .map((file) => dirname(file));
const imports = files
  .filter((file) => /\.[cm]?[jt]s$/.test(file))
  .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));

test('no import by path crosses the border of a package', () => {
  expect(imports.length).toBeGreaterThan(500);
  expect(crossings(imports, packages)).toEqual([]);
});

test('no folders of a package import each other in a circle', () => {
  expect(cycles(imports, packages)).toEqual([]);
});

describe('what is looked for is found', () => {
  const known = ['a', 'a/b', 'c'];

  test.each([
    ["import { x } from '../../c/src/x.ts';", 'c/src/x.ts'],
    ["import type {\n  X,\n} from './x.ts';", 'a/src/x.ts'],
    ["export * from './x.ts';", 'a/src/x.ts'],
    ["import './x.ts';", 'a/src/x.ts'],
    ["const { x } = await import('./x.ts');", 'a/src/x.ts'],
  ])('%s', (text, to) => {
    expect(importsOf('a/src/y.ts', text)).toEqual([{ from: 'a/src/y.ts', to }]);
  });

  test('packages, strings and template text are not imports by path', () => {
    expect(importsOf('a/y.ts', "import x from 'x';\nconst text = `\n  from './x.ts'`;")).toEqual(
      [],
    );
  });

  test('a crossing into another package, and into one below', () => {
    const between = (from: string, to: string) => crossings([{ from, to }], known);
    expect(between('a/src/x.ts', 'a/test/y.ts')).toEqual([]);
    expect(between('a/src/x.ts', 'c/src/y.ts')).toEqual(['a/src/x.ts -> c/src/y.ts']);
    expect(between('a/src/x.ts', 'a/b/y.ts')).toEqual(['a/src/x.ts -> a/b/y.ts']);
    expect(between('a/src/x.ts', 'package.json')).toHaveLength(1);
  });

  test('a circle of three folders, and none through a file at the top', () => {
    const edge = ([from, to]: string[]) => ({ from: `c/src/${from}`, to: `c/src/${to}` });
    const three = [
      ['x/1.ts', 'y/1.ts'],
      ['y/2.ts', 'z/1.ts'],
      ['z/2.ts', 'x/2.ts'],
    ].map(edge);
    expect(cycles(three, known)).toEqual(['c/src/x, c/src/y, c/src/z']);
    expect(cycles(three.slice(1), known)).toEqual([]);
    const top = [
      ['index.ts', 'x/1.ts'],
      ['x/1.ts', 'shared.ts'],
    ].map(edge);
    expect(cycles(top, known)).toEqual([]);
  });
});
