import { readFixture, readRenamedFixture } from '@sql-sessions/testing/contracts';
import { slow } from '@sql-sessions/testing/slow';
import { expect, test } from 'vitest';
import { verify } from '../src/verify.ts';
import { startModelServer } from './server/model-server.ts';

const contracts = [
  ['family, renamed and in reverse', readRenamedFixture('family')],
  ['warehouses', readFixture('warehouses')],
  ['uploads', readFixture('uploads')],
  ['everything', readFixture('everything')],
] as const;
const others = [
  ['family', readFixture('family')],
  ['everything, renamed and in reverse', readRenamedFixture('everything')],
] as const;

test.for(slow ? [...contracts, ...others] : contracts)(
  '%s: no false alarm, and every operation is checked',
  async ([, contract]) => {
    await using server = await startModelServer(contract);
    const { report } = await verify({
      baseUrl: server.url,
      contract,
      setup: () => server.setup(),
      level: 'http',
      runs: 5,
    });
    const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
    expect(
      failed.map(({ id, operation, findings }) => [id, operation, findings[0]?.message]),
    ).toEqual([]);
    expect(report).toMatchObject({ ok: true, cutShort: null });
    const passed = (id: string) =>
      report.checks.filter((check) => check.id === id && check.outcome === 'passed').length;
    const operations = Object.values(contract.paths).flatMap((item) =>
      Object.values(item).flatMap(
        (operation) => (operation as { operationId?: string }).operationId ?? [],
      ),
    );
    expect(passed('success')).toBeGreaterThanOrEqual(operations.length);
  },
);

test('what only other parts refuse is gone through, with a note for what cannot be judged', async () => {
  const contract = readFixture('foreign');
  await using server = await startModelServer(contract);
  const { report } = await verify({ baseUrl: server.url, contract, runs: 1, seed: 1 });
  expect(report.error).toBeNull();
  expect(report.requests).toBeGreaterThan(100);
});

test('a wrong example, or a list that its style cannot carry, is not the server’s fault', async () => {
  const responses = { 204: { description: 'Done.' }, 400: { description: 'No.' } };
  const words = { type: 'array', items: { enum: ['a', 'c d', 'e'] }, minItems: 1, maxItems: 2 };
  const ids = { type: 'array', items: { type: 'integer', format: 'int64' }, minItems: 1 };
  const parameters = [
    { name: 'n', in: 'query', required: true, schema: { type: 'integer' }, example: 'many' },
    { name: 'w', in: 'query', style: 'spaceDelimited', explode: false, schema: words },
  ];
  const content = { 'application/json': { schema: ids, example: [2 ** 70] } };
  const contract = {
    openapi: '3.1.0',
    info: { title: 'Examples', version: '1.0.0' },
    paths: {
      '/words': { get: { operationId: 'findWords', parameters, responses } },
      '/ids': {
        post: { operationId: 'sendIds', requestBody: { required: true, content }, responses },
      },
    },
  };
  await using server = await startModelServer(contract);
  const { report } = await verify({ baseUrl: server.url, contract, runs: 1, seed: 1 });
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ id, findings }) => [id, findings[0]?.message])).toEqual([]);
  const outcomeOf = (id: string) => report.checks.find((check) => check.id === id)?.outcome;
  expect(outcomeOf('value-accepted')).toBe('passed');
});

test('where no value can be made, a check is not exercised and says why', async () => {
  const item = (operation: object) => ({
    responses: { 204: { description: 'Done.' } },
    ...operation,
  });
  const q = { name: 'q', in: 'query', required: true, schema: { type: 'string', minLength: 1e9 } };
  const list = { type: 'array', minItems: 1e9, items: { type: 'string' } };
  const requestBody = { required: true, content: { 'application/json': { schema: list } } };
  const contract = {
    openapi: '3.1.0',
    info: { title: 'Large', version: '1.0.0' },
    paths: {
      '/text': { get: item({ operationId: 'findText', parameters: [q] }) },
      '/list': { post: item({ operationId: 'sendList', requestBody }) },
    },
  };
  await using server = await startModelServer(contract);
  const { report } = await verify({ baseUrl: server.url, contract, runs: 1, seed: 1 });
  expect(report.error).toBeNull();
  const reasons = (id: string) =>
    report.checks
      .filter(({ operation, outcome }) => operation === id && outcome === 'not-exercised')
      .map(({ reason }) => reason);
  expect(reasons('findText').join()).toContain('no value of q could be made');
  expect(reasons('sendList').join()).toContain('no body could be made');
});
