import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { expect, test } from 'vitest';
import { readReports, sumUp, type VitestReport } from '../src/test-reports.ts';

const report = (changes: Partial<VitestReport> = {}): VitestReport => ({
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numFailedTestSuites: 0,
  ...changes,
});
const of = (name: string, each?: VitestReport) => ({
  name,
  reportFile: '',
  ...(each && { report: each }),
});

test('sums what ran', () => {
  expect(sumUp([of('a', report()), of('b', report())], new Set())).toEqual({
    ok: true,
    line: '6 passed, 0 failed',
    notes: [],
  });
});

test('a failed test, a file that does not load and a missing report each count as failed', () => {
  for (const bad of [
    report({ success: false, numFailedTests: 1, numFailedTestSuites: 1 }),
    report({ success: false, numFailedTestSuites: 1 }),
    undefined,
  ]) {
    const summary = sumUp([of('a', report()), of('b', bad)], new Set());
    expect(summary.ok).toBe(false);
    expect(summary.line).toMatch(/^\d passed, 1 failed$/);
  }
});

test('a package whose command failed although its tests passed counts as failed', () => {
  const summary = sumUp([of('a', report()), of('b', report())], new Set(), new Set(['a']));
  expect(summary).toEqual({
    ok: false,
    line: '6 passed, 1 failed',
    notes: [expect.stringContaining('outside of them')],
  });
});

test('no test at all is no success', () => {
  expect(sumUp([], new Set())).toMatchObject({ ok: false, line: '0 passed, 0 failed' });
});

test('skipped tests and cached results are said', () => {
  const summary = sumUp([of('a', report({ numPendingTests: 2, numTodoTests: 1 }))], new Set(['a']));
  expect(summary.line).toBe('3 passed, 0 failed, 3 skipped');
  expect(summary.notes).toEqual([expect.stringContaining('3 results come from the cache')]);
});

test('finds the packages that have tests, with and without a report', async () => {
  await using folder = await temporaryFolder();
  const write = async (path: string, content: object) => {
    await mkdir(join(folder.path, path, '..'), { recursive: true });
    await writeFile(join(folder.path, path), JSON.stringify(content));
  };
  await write('spec/package.json', { name: 'spec', scripts: { test: 'vitest' } });
  await write('spec/.results/vitest.json', report());
  await write('packages/client/package.json', { name: 'client', scripts: { test: 'vitest' } });
  await write('docs/package.json', { name: 'docs', scripts: {} });
  const found = await readReports(folder.path);
  expect(found.map(({ name, report }) => [name, report?.numPassedTests])).toEqual([
    ['client', undefined],
    ['spec', 3],
  ]);
});
