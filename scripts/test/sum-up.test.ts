import { expect, test } from 'vitest';
import { sumUp, type TestTask, type VitestReport } from '../src/sum-up.ts';

const report = (changes: Partial<VitestReport> = {}): VitestReport => ({
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numFailedTestSuites: 0,
  ...changes,
});
const of = (name: string, changes: Partial<TestTask> = {}): TestTask => ({
  name,
  cached: false,
  exitCode: 0,
  report: report(),
  ...changes,
});

test('sums what ran', () => {
  expect(sumUp([of('a'), of('b')])).toEqual({ ok: true, line: '6 passed, 0 failed', notes: [] });
});

test.each([
  ['a failed test', report({ success: false, numFailedTests: 1, numFailedTestSuites: 1 })],
  ['a file that does not load', report({ success: false, numFailedTestSuites: 1 })],
  ['a missing report', undefined],
])('%s counts as failed', (_, bad) => {
  const summary = sumUp([of('a'), of('b', { report: bad, exitCode: 1 })]);
  expect(summary.ok).toBe(false);
  expect(summary.line).toMatch(/^\d passed, 1 failed$/);
});

test('a package whose command failed although its tests passed counts as failed', () => {
  expect(sumUp([of('a', { exitCode: 1 }), of('b')])).toEqual({
    ok: false,
    line: '6 passed, 1 failed',
    notes: [expect.stringContaining('outside of them')],
  });
});

test('no test at all is no success', () => {
  expect(sumUp([])).toMatchObject({ ok: false, line: '0 passed, 0 failed' });
});

test('skipped tests and cached results are said', () => {
  const skipping = report({ numPendingTests: 2, numTodoTests: 1 });
  const summary = sumUp([of('a', { report: skipping, cached: true })]);
  expect(summary.line).toBe('3 passed, 0 failed, 3 skipped');
  expect(summary.notes).toEqual([expect.stringContaining('3 results come from the cache')]);
});
