import { startMock } from '@sql-sessions/mock';
import { fixturePath, readFixture } from '@sql-sessions/testing/contracts';
import { expect, test } from 'vitest';
import known from '../../known/mock.json' with { type: 'json' };
import type { Report } from '../../src/report/report.ts';
import { defineSetup } from '../../src/setup/setup.ts';
import { verify } from '../../src/verify.ts';

const broken = ({ checks }: Report) =>
  checks
    .filter(({ outcome, level }) => outcome === 'failed' && level === 'contract')
    .map(({ id, operation, findings }) => ({ id, operation, found: findings[0]?.message }));

test('our mock keeps the contract, but for the departures on its list', async () => {
  await using mock = await startMock({ port: 0, stateful: true, strictToken: true });
  let count = 0;
  const open = () => ({ params: { workspace_id: 'w-1', session_id: `s-${++count}` } });
  const scripted = (status: number) => {
    const subject = open();
    mock.scenario({ steps: status, params: subject.params });
    return { ...subject, recover: async () => mock.scenario(null) };
  };
  const setup = defineSetup(({ token = '' }) => ({
    requiresToken: true,
    retries: 'not-found',
    live: async () => open(),
    stuck: async () => scripted(408),
    innerFault: async () => scripted(500),
    forbidden: async () => ({ token, params: scripted(403).params }),
  }));
  const operations = ['closeSession'];
  const { report } = await verify({
    baseUrl: mock.url,
    token: 'any-token',
    setup,
    known,
    operations,
    seed: 1,
  });
  expect(broken(report)).toEqual([]);
  expect(report.summary.known).toBeGreaterThan(0);
  expect(report.statuses.filter(({ seen }) => seen === 0)).toEqual([]);
});

test('no false alarm for any operation of the family', async () => {
  await using mock = await startMock({ port: 0, spec: fixturePath('family') });
  const { report } = await verify({
    baseUrl: mock.url,
    token: 'any-token',
    contract: readFixture('family'),
    known: known.filter(({ check }) => check === 'unknown-id'),
    seed: 1,
  });
  expect(broken(report)).toEqual([]);
});
