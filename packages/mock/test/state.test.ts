import { type Mock, startMock } from '@sql-sessions/mock';
import { writeContract } from '@sql-sessions/testing/contracts';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { wholeFamily } from './support/whole-family.ts';

const SESSIONS = '/v1/workspaces/w-1/sessions';

interface List {
  sessions: { session_id: string }[];
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let mock: Mock;
let id: string;
let other: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const spec = await writeContract(folder.path, await wholeFamily());
  mock = await startMock({ port: 0, stateful: true, spec });
  const { sessions } = (await (await fetch(mock.url + SESSIONS)).json()) as List;
  [id = '', other = ''] = sessions.map(({ session_id }) => session_id);
});
beforeEach(() => mock.reset());
afterAll(async () => {
  await mock?.close();
  await folder?.[Symbol.asyncDispose]();
});

const call = (method: string, path: string, body?: object) =>
  fetch(mock.url + SESSIONS + path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

async function listed(): Promise<string[]> {
  const { sessions } = (await (await call('GET', '')).json()) as List;
  return sessions.map(({ session_id }) => session_id);
}

test('what was deleted is not there for any method, with all below it, and lists leave it out', async () => {
  expect(await listed()).toEqual([id, other]);
  expect((await call('GET', `/${id}`)).status).toBe(200);
  expect((await call('DELETE', `/${id}`)).status).toBe(200);
  expect((await call('GET', `/${id}`)).status).toBe(404);
  expect((await call('GET', `/${id}/statements`)).status).toBe(404);
  expect((await call('POST', `/${id}/statements`, { text: 'select 1' })).status).toBe(404);
  expect((await call('GET', `/${other}`)).status).toBe(200);
  expect(await listed()).toEqual([other]);
});

test('a response that names it as created brings it back', async () => {
  await call('DELETE', `/${id}`);
  mock.scenario({ steps: [{ status: 201, body: { session_id: id } }], after: 'normal' });
  expect((await call('POST', '', { database: 'sales' })).status).toBe(201);
  expect((await call('GET', `/${id}`)).status).toBe(200);
  expect(await listed()).toEqual([id, other]);

  await call('DELETE', `/${other}`);
  const location = `${SESSIONS}/${other}`;
  mock.scenario({ steps: [{ status: 201, headers: { Location: location } }], after: 'normal' });
  const created = await call('POST', '', { database: 'sales' });
  expect([created.status, created.headers.get('location')]).toEqual([201, location]);
  expect(await listed()).toEqual([id, other]);
});

test('a scenario matches headers, query and body, and the narrowest one counts', async () => {
  mock.scenario(500);
  mock.scenario({ steps: 403, match: { query: { limit: '2' } } });
  mock.scenario({ steps: 409, match: { headers: { 'X-Test': 'a' }, body: { database: 'sales' } } });
  expect((await call('GET', '')).status).toBe(500);
  expect((await call('GET', '?limit=2')).status).toBe(403);
  const create = (database: string, test: string) =>
    fetch(mock.url + SESSIONS, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-test': test },
      body: JSON.stringify({ database, idle_timeout: 900 }),
    });
  expect((await create('sales', 'a')).status).toBe(409);
  expect((await create('sales', 'b')).status).toBe(500);
  expect((await create('other', 'a')).status).toBe(500);
});

test('a step has a status that the contract does not have, headers, a body and a latency', async () => {
  mock.scenario([
    { status: 509, headers: { 'Retry-After': '2' }, latency: 30 },
    { status: 503, body: '<h1>Down</h1>', headers: { 'content-type': 'text/html' } },
    { status: 404, headers: { 'x-id': '7' } },
  ]);
  const limited = await call('GET', '');
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([509, '2']);
  expect(limited.headers.get('x-mock-error')).toBe('not-covered');
  expect(mock.requests.at(-1)?.durationMs).toBeGreaterThanOrEqual(29);
  const down = await call('GET', '');
  expect([down.status, down.headers.get('content-type')]).toEqual([503, 'text/html']);
  expect(await down.text()).toBe('<h1>Down</h1>');
  const gone = await call('GET', '');
  expect([gone.status, gone.headers.get('x-id')]).toEqual([404, '7']);
  expect(gone.headers.has('x-mock-error')).toBe(false);
});

test('the latency of an operation is its own', async () => {
  await call('GET', '');
  const operation = mock.requests.at(-1)?.operation ?? '';
  mock.settings({ operations: { [operation]: { latency: 40 } } });
  await call('GET', '');
  await call('GET', `/${id}`);
  const [slow, quick] = mock.requests.slice(-2).map(({ durationMs }) => durationMs);
  expect(slow).toBeGreaterThanOrEqual(39);
  expect(quick).toBeLessThan(slow ?? 0);
  expect(() => mock.settings({ operations: { nothing: { latency: 1 } } })).toThrow(
    /Unknown operation/,
  );
});

test('without validation, a call that breaks a rule gets the default response', async () => {
  mock.settings({ validate: false });
  expect((await call('GET', '?limit=many')).status).toBe(200);
  mock.settings({ validate: true });
  expect((await call('GET', '?limit=many')).status).toBe(400);
});
