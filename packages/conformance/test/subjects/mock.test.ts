import { startMock } from '@sql-sessions/mock';
import { expect, test } from 'vitest';
import known from '../../known/mock.json' with { type: 'json' };
import { defineSetup } from '../../src/setup.ts';
import { verify } from '../../src/verify.ts';

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
    repeats: 'not-found',
    live: async () => open(),
    stuck: async () => scripted(408),
    innerFault: async () => scripted(500),
    forbidden: async () => ({ token, params: scripted(403).params }),
  }));
  const { report } = await verify({ baseUrl: mock.url, token: 'any-token', setup, known, seed: 1 });
  expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(report.summary.known).toBe(known.length);
  expect(report.statuses.filter(({ seen }) => seen === 0)).toEqual([]);
});
