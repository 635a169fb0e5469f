/** The part of Vitest's JSON report that is summed. */
export interface VitestReport {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
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

/** Sums the tests of packages into `N passed, N failed`, with a note for each package that needs one. */
export function sumUp(tasks: TestTask[]): { ok: boolean; line: string; notes: string[] } {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
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
    skipped += report.numPendingTests + report.numTodoTests;
    if (cached) {
      notes.push(
        `${name}: nothing changed since its last run, ${report.numPassedTests} results come from the cache.`,
      );
    }
  }
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return { ok: failed === 0 && passed > 0, line, notes };
}
