/** The part of Vitest's JSON report that is summed. */
export interface VitestReport {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
  /** The test files, each with its tests; `name` is the file's path. */
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

/** The tests of one package, as turbo ran them. */
export interface TestTask {
  /** Name of the package. */
  name: string;
  /** Turbo took the result from its cache. */
  cached: boolean;
  /** Of the test command. */
  exitCode: number;
  /** Undefined where the tests did not run to the end. */
  report: VitestReport | undefined;
}

/**
 * Sums the tests of packages into `N passed, N failed`, with a note for each test that failed or could not run here, and
 * for each package that needs one.
 */
export function sumUp(tasks: TestTask[]): { ok: boolean; line: string; notes: string[] } {
  let passed = 0;
  let failed = 0;
  const notes: string[] = [];
  for (const { name, cached, exitCode, report } of tasks) {
    if (!report) {
      failed += 1;
      notes.push(`${name}: its tests did not run to the end, counted as 1 failed.`);
      continue;
    }
    passed += report.numPassedTests;
    // A file that cannot even be loaded has no failed test in it, but it is no success either.
    const failures =
      report.numFailedTests || (report.success ? 0 : Math.max(1, report.numFailedTestSuites));
    failed += failures;
    if (failures === 0 && exitCode !== 0) {
      failed += 1;
      notes.push(`${name}: every test passed, but something failed outside of them: 1 failed.`);
    }
    notes.push(...namedTests(name, report));
    if (cached) {
      notes.push(
        `${name}: nothing changed since its last run, ${report.numPassedTests} results come from the cache.`,
      );
    }
  }
  const line = `${passed} passed, ${failed} failed`;
  return { ok: failed === 0 && passed > 0, line, notes };
}

/** A line for each test that failed and each that did not run. */
function namedTests(packageName: string, { testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const file = `${packageName}: test/${name.split(/[\\/]test[\\/]/).at(-1)}`;
    const tests = assertionResults
      .filter(({ status }) => status !== 'passed')
      .map(({ fullName, status }) =>
        status === 'failed' ? `${file}: failed: ${fullName}` : `${file}: did not run: ${fullName}`,
      );
    return status === 'failed' && tests.length === 0 ? [`${file}: failed to load`] : tests;
  });
}
