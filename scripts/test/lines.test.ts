import { expect, test } from 'vitest';
import { countLines } from '../src/lines.ts';

test('source is counted per package, and tests, data and texts are not', () => {
  const files = [
    'spec/src/model/read.ts',
    'spec/test/read.test.ts',
    'packages/mock/src/a.ts',
    'packages/mock/src/a.test.ts',
    'packages/mock/README.md',
    'examples/postgres-provider/src/main.ts',
    'docs/src/styles/site.css',
    'docs/src/main.ts',
    'top.js',
  ];
  expect(countLines(files, () => 'one\n\n// three\n')).toEqual([
    ['.', 3],
    ['docs', 6],
    ['examples/postgres-provider', 3],
    ['packages/mock', 3],
    ['spec', 3],
  ]);
});
