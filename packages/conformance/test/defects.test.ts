import { expect, test } from 'vitest';
import { allChecks } from '../src/checks/all-checks.ts';
import { verify } from '../src/verify.ts';
import { defects } from './server/defects.ts';
import { startTwin } from './server/twin.ts';

test.for(defects)(
  'a server that $name is caught',
  async ({ checks, with: also = [], ...defect }) => {
    await using twin = await startTwin(defect);
    const { report } = await verify({
      baseUrl: twin.url,
      setup: twin.setup,
      seed: 1,
      only: [...checks, ...also],
      timeout: defect.timeout,
    });
    const failed = report.checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
    expect(failed).toEqual(expect.arrayContaining(checks));
    // Whoever reads it can send the request again.
    const findings = report.checks.flatMap((check) => check.findings);
    expect(findings.map(({ curl }) => curl)).toContainEqual(
      expect.stringMatching(/^(curl|printf|\{ printf) /),
    );
  },
);

test('every check has a defect that it catches', () => {
  const caught = new Set(defects.flatMap(({ checks }) => checks));
  // The one about query and header values has no subject yet: `added-operation.test.ts` gives it one.
  expect(allChecks.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual(['value-limits']);
  expect(defects.length).toBeGreaterThanOrEqual(30);
});
