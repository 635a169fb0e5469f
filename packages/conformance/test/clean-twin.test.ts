import { expect, test } from 'vitest';
import { allChecks } from '../src/checks/all-checks.ts';
import { startTwin, verifyTwin } from './server/twin.ts';

// Twenty of them are in `long-series.ts`.
const seeds = [-1_000_000, 47_290, 989_851];

test.for(seeds)('a correct server passes under seed %i', async (seed) => {
  await using twin = await startTwin();
  const { report } = await verifyTwin(twin, { seed, strict: true });
  expect(report.checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  expect(report.ok).toBe(true);
});

test('all checks are tried, and every documented status is seen', async () => {
  await using twin = await startTwin();
  const { report } = await verifyTwin(twin);
  // These say something about other contracts only, or about a server without tokens.
  const elsewhere = [
    'token-alternatives',
    'token-optional',
    'value-accepted',
    'value-limits',
    'body-required',
    'response-no-content',
  ];
  expect(report.checks.map(({ id }) => id)).toEqual(
    allChecks.map(({ id }) => id).filter((id) => !elsewhere.includes(id)),
  );
  expect(report.statuses.filter(({ seen }) => seen === 0)).toEqual([]);
});

test('a correct server that asks for no token passes', async () => {
  await using twin = await startTwin({
    requiresToken: false,
    behavior: { authenticate: () => ({ tenant: 'main' }) },
  });
  const { secondTenant: _, forbidden: __, ...capabilities } = twin.capabilities;
  const { report } = await verifyTwin(twin, { setup: () => capabilities, seed: 3 });
  expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(report.checks.find(({ id }) => id === 'token-optional')).toMatchObject({
    outcome: 'passed',
  });
});
