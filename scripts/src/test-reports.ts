import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The part of Vitest's JSON report that is summed. */
export interface VitestReport {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
}

export interface PackageReport {
  /** Name of the package. */
  name: string;
  reportFile: string;
  /** Missing where its tests did not run to the end. */
  report?: VitestReport;
}

/** Finds every workspace package with a `test` script and the report of its last run, if there is one. */
export async function readReports(root: string): Promise<PackageReport[]> {
  const groups = ['.', 'packages', 'examples'];
  const folders = await Promise.all(
    groups.map(async (group) => {
      const entries = await readdir(join(root, group), { withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(root, group, name));
    }),
  );
  const reports: PackageReport[] = [];
  for (const folder of folders.flat().sort()) {
    const manifest = await readJson<{ name: string; scripts?: Record<string, string> }>(
      join(folder, 'package.json'),
    );
    if (manifest?.scripts?.test === undefined) continue;
    const reportFile = join(folder, '.results/vitest.json');
    const report = await readJson<VitestReport>(reportFile);
    reports.push({ name: manifest.name, reportFile, ...(report && { report }) });
  }
  return reports;
}

/**
 * Sums reports into `N passed, N failed`, with a note for each package that needs one. `cached` are the packages whose
 * results come from turbo's cache, `broken` those whose test command did not end with 0.
 */
export function sumUp(
  reports: PackageReport[],
  cached: Set<string>,
  broken: Set<string> = new Set(),
): { ok: boolean; line: string; notes: string[] } {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  const notes: string[] = [];
  for (const { name, report } of reports) {
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
    if (failures === 0 && broken.has(name)) {
      failed += 1;
      notes.push(`${name}: every test passed, but something failed outside of them: 1 failed.`);
    }
    skipped += report.numPendingTests + report.numTodoTests;
    if (cached.has(name)) {
      notes.push(
        `${name}: nothing changed since its last run, ${report.numPassedTests} results come from the cache.`,
      );
    }
  }
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return { ok: failed === 0 && passed > 0, line, notes };
}

async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}
