import { platformTest } from '@sql-sessions/contract/model';
import { startMock } from '@sql-sessions/mock';
import { writeContract } from '@sql-sessions/testing/contracts';
import { largeContract } from '@sql-sessions/testing/large-contract';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { expect, test } from 'vitest';
import { createChecker } from '../src/schemas/checker.ts';

test('every operation of a large contract responds with a body that keeps its schema, and takes it back', async () => {
  await using folder = await temporaryFolder();
  const spec = await writeContract(folder.path, largeContract(408));
  await using mock = await startMock({ port: 0, spec });
  const checker = createChecker(mock.contract, platformTest);
  const bodies = new Map<string, string>();
  for (const { method, path, responses } of mock.contract.operations) {
    if (method !== 'GET') continue;
    const response = await fetch(mock.url + path.replace('{id}', '7'));
    const body = await response.text();
    const schema = responses[0]?.content[0]?.schema ?? {};
    expect([path, response.status, checker(schema, 'response')(JSON.parse(body))]).toEqual([
      path,
      200,
      [],
    ]);
    bodies.set(JSON.stringify(schema), body);
  }
  let taken = 0;
  for (const { method, path, requestBody } of mock.contract.operations) {
    const body = bodies.get(JSON.stringify(requestBody?.content[0]?.schema));
    if (method !== 'PUT' || body === undefined) continue;
    const init = { method, body, headers: { 'content-type': 'application/json' } };
    expect((await fetch(mock.url + path.replace('{id}', '7'), init)).status).toBe(200);
    taken += 1;
  }
  expect(taken).toBeGreaterThan(220 / 2);
});
