import { readFixture } from '@sql-sessions/testing/contracts';
import { expect, test } from 'vitest';
import { allChecks } from '../src/checks/all-checks.ts';
import type { Report } from '../src/report/report.ts';
import { verify } from '../src/verify.ts';
import { basicDefects } from './server/defects.ts';
import { liveDefects } from './server/live-defects.ts';
import { modelDefects } from './server/model-defects.ts';
import { startModelServer } from './server/model-server.ts';
import { startTwin, verifyTwin } from './server/twin.ts';

const defects = [...basicDefects, ...liveDefects];

function expectCaught(report: Report, checks: readonly string[]): void {
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ id }) => id)).toEqual(expect.arrayContaining([...checks]));
  const caught = failed.filter(({ id }) => checks.includes(id));
  // Whoever reads it can send the request again, and knows what to do.
  for (const { findings, hint } of caught) {
    expect(findings[0]?.curl).toMatch(/^(curl|printf|\{ printf) /);
    expect(hint).not.toBe('');
  }
  // What breaks the contract fails a run as it is without any option.
  if (caught.some(({ level }) => level === 'contract')) expect(report.ok).toBe(false);
}

test.for(defects)(
  'a server that $name is caught',
  async ({ checks, with: also = [], ...defect }) => {
    await using twin = await startTwin(defect);
    const { timeout, responseTime } = defect;
    const only = [...checks, ...also];
    const { report } = await verifyTwin(twin, { seed: 1, only, timeout, responseTime });
    expectCaught(report, checks);
  },
);

test.for(modelDefects)(
  'a server that $name is caught in $operation',
  async ({ operation, checks, ...options }) => {
    const contract = readFixture('family');
    await using server = await startModelServer(contract, options);
    const { report } = await verify({
      baseUrl: server.url,
      contract,
      operations: [operation],
      setup: () => server.setup(),
      seed: 1,
      only: [...checks, 'success'],
    });
    expectCaught(report, checks);
  },
);

test('every check has a defect that it catches', () => {
  const caught = new Set([...defects, ...modelDefects].flatMap(({ checks }) => checks));
  // Headers of a response are judged where it is asked for: `success` finds them first. The other has its own test.
  const first = ['token-alternatives', 'response-status', 'response-headers'];
  expect(allChecks.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual(first);
  expect(defects.length + modelDefects.length).toBeGreaterThanOrEqual(130);
  const names = [...defects, ...modelDefects].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
