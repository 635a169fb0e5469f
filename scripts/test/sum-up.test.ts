import { expect, test } from 'vitest';
import { sumUp, type TestTask, type VitestReport } from '../src/sum-up.ts';

const report = (changes: Partial<VitestReport> = {}): VitestReport => ({
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numFailedTestSuites: 0,
  testResults: [],
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

test('cached results are said', () => {
  expect(sumUp([of('a', { cached: true })]).notes).toEqual([
    expect.stringContaining('3 results come from the cache'),
  ]);
});

test('what failed and what did not run is named', () => {
  const testResults = [
    {
      name: '/home/me/a/test/deep/one.test.ts',
      status: 'failed',
      assertionResults: [
        { fullName: 'group works', status: 'passed' },
        { fullName: 'group breaks', status: 'failed' },
        { fullName: 'group needs Java', status: 'skipped' },
      ],
    },
    { name: 'C:\\a\\test\\two.test.ts', status: 'failed', assertionResults: [] },
  ];
  const bad = report({ success: false, numFailedTests: 1, numPendingTests: 1, testResults });
  expect(sumUp([of('a', { report: bad, exitCode: 1 })])).toEqual({
    ok: false,
    line: '3 passed, 1 failed',
    notes: [
      'a: test/deep/one.test.ts: failed: group breaks',
      'a: test/deep/one.test.ts: did not run: group needs Java',
      'a: test/two.test.ts: failed to load',
    ],
  });
});
