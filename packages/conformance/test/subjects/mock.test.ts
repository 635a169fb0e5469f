import { readContract } from '@sql-sessions/contract/model';
import { startMock } from '@sql-sessions/mock';
import { readFixture, readRenamedFixture, writeContract } from '@sql-sessions/testing/contracts';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { slow } from '@sql-sessions/testing/slow';
import { expect, test } from 'vitest';
import known from '../../known/mock.json' with { type: 'json' };
import type { Report } from '../../src/report/report.ts';
import { defineSetup } from '../../src/setup/setup.ts';
import { unguessableValue } from '../../src/values/ids.ts';
import { Schemas } from '../../src/values/schemas.ts';
import { verify } from '../../src/verify.ts';

/** What the mock breaks of its contract and of HTTP. */
const broken = ({ checks }: Report) =>
  checks
    .filter(({ outcome, level }) => outcome === 'failed' && level !== 'hardening')
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
  const seen = report.statuses.filter(({ seen }) => seen > 0).map(({ status }) => status);
  expect(seen).toEqual(expect.arrayContaining(['200', '400', '401', '403', '404', '408', '500']));
});

/** Ids for the operations of a contract: the mock has whatever is asked for. */
function idsOf(document: object) {
  const contract = readContract(document);
  const schemas = new Schemas(contract);
  return (id: string) => {
    const operation = contract.operations.find((one) => one.id === id);
    const path = operation?.parameters.filter((one) => one.in === 'path') ?? [];
    return Object.fromEntries(path.map((one) => [one.name, unguessableValue(schemas, one, id)]));
  };
}

const SUBJECTS = [
  ['family', readFixture('family')],
  ['warehouses', readFixture('warehouses')],
  ['uploads', readFixture('uploads')],
  ['family, renamed and in reverse', readRenamedFixture('family')],
  ['warehouses, renamed and in reverse', readRenamedFixture('warehouses')],
  ['everything', readFixture('everything')],
  ['everything, renamed and in reverse', readRenamedFixture('everything')],
  ['foreign', readFixture('foreign')],
] as const;
const subjects = SUBJECTS.filter(([name]) => slow || /renamed|foreign|uploads/.test(name));
test.for(subjects)(
  '%s: no false alarm for any operation, with credentials of every kind',
  { timeout: 120_000 },
  async ([name, contract]) => {
    await using folder = await temporaryFolder();
    const spec = await writeContract(folder.path, contract);
    await using mock = await startMock({ port: 0, spec, strictToken: true });
    const idsFor = idsOf(contract);
    const { report } = await verify({
      baseUrl: mock.url,
      token: 'any-token',
      credentials: name.startsWith('everything') ? { BEARER: 'another', Basic: 'user:word' } : {},
      contract,
      setup: () => ({
        requiresToken: true,
        live: async ({ id }) => ({ params: idsFor(id) }),
      }),
      known: name === 'foreign' ? [] : known,
      runs: 3,
      seed: 1,
    });
    expect(broken(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, cutShort: null });
    const passed = report.checks.filter(
      ({ id, outcome }) => id === 'success' && outcome === 'passed',
    );
    expect(passed).toHaveLength(readContract(contract).operations.length);
  },
);
