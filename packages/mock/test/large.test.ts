import { startMock } from '@sql-sessions/mock';
import { writeContract } from '@sql-sessions/testing/contracts';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { expect, test } from 'vitest';
import { createChecker } from '../src/schemas/checker.ts';
import { platformMatcher } from '../src/schemas/platform-matcher.ts';
import { Random } from './support/random.ts';

const SCHEMAS = 280;
const PATHS = 220;

/** Some 400 KB in shape like public contracts: each schema leads to others, many of them back to itself. */
function largeContract(random: Random): object {
  const reference = (index: number) => ({ $ref: `#/components/schemas/S${index % SCHEMAS}` });
  const property = (index: number): object =>
    random.pick<() => object>([
      () => ({ type: 'string', maxLength: 200, description: 'Some words about this field.' }),
      () => ({ type: 'integer', minimum: 0 }),
      () => ({ type: 'array', items: reference(random.below(SCHEMAS)) }),
      () => reference(index + 1 + random.below(4)),
      () => ({ oneOf: [reference(random.below(SCHEMAS)), { type: 'null' }] }),
    ])();
  const schema = (index: number) => ({
    type: 'object',
    required: ['id', 'name'],
    properties: {
      id: { type: 'string' },
      name: { type: 'string' },
      ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((field) => [`field${field}`, property(index)])),
    },
  });
  const content = (index: number) => ({ 'application/json': { schema: reference(index) } });
  const response = (index: number) => ({ 200: { description: 'OK', content: content(index) } });
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  const item = (index: number) => ({
    parameters: [id],
    get: { operationId: `get${index}`, responses: response(index) },
    put: {
      operationId: `put${index}`,
      requestBody: { required: true, content: content(index * 3) },
      responses: response(index * 7),
    },
  });
  const list = (count: number) => Array.from({ length: count }, (_, index) => index);
  return {
    openapi: '3.1.0',
    info: { title: 'Large', version: '1' },
    paths: Object.fromEntries(list(PATHS).map((index) => [`/things${index}/{id}`, item(index)])),
    components: {
      schemas: Object.fromEntries(list(SCHEMAS).map((index) => [`S${index}`, schema(index)])),
    },
  };
}

test('every operation of a large contract responds with a body that keeps its schema, and takes it back', async () => {
  await using folder = await temporaryFolder();
  const spec = await writeContract(folder.path, largeContract(new Random(408)));
  await using mock = await startMock({ port: 0, spec });
  const checker = createChecker(mock.contract, platformMatcher);
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
  expect(taken).toBeGreaterThan(PATHS / 2);
});
