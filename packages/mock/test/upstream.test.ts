import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Mock, startMock } from '@sql-sessions/mock';
import { fixturePath } from '@sql-sessions/testing/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const SESSIONS = '/v1/workspaces/w-1/sessions';

/** A back end that is half ready. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const sent = Buffer.concat(chunks).toString();
  const [status, body] =
    request.method === 'POST'
      ? [201, sent]
      : request.url?.includes('/s-1')
        ? [200, '{"session_id":7}']
        : [418, 'tea'];
  response.setHeader('set-cookie', ['a=1', 'b=2']).setHeader('x-host', request.headers.host ?? '');
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
});
let mock: Mock;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  mock = await startMock({ port: 0, spec: fixturePath('family'), upstream });
});
beforeEach(() => mock.reset());
afterAll(async () => {
  server.close();
  await mock?.close();
});

test('what no scenario covers comes from the upstream server, and what breaks the contract is listed', async () => {
  const shown = await fetch(`${mock.url + SESSIONS}/s-1`);
  expect([shown.status, await shown.json()]).toEqual([200, { session_id: 7 }]);
  expect(shown.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(mock.requests[0]?.reasons).toEqual(
    expect.arrayContaining([
      'upstream',
      expect.stringMatching(/^Response body session_id .*Expected "string"/),
    ]),
  );

  const created = await fetch(mock.url + SESSIONS, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"database":5}',
  });
  expect([created.status, await created.json()]).toEqual([201, { database: 5 }]);
  expect(mock.requests[1]?.reasons.join('; ')).toMatch(
    /upstream; Request body database .*Response/,
  );

  expect((await fetch(`${mock.url + SESSIONS}/s-2`)).status).toBe(418);
  expect(mock.requests[2]?.reasons).toContain('Response status 418 is not documented');
  expect((await fetch(`${mock.url}/else`)).status).toBe(418);
});

test('scenarios, wishes and operations that are set to it come from the mock', async () => {
  mock.scenario({ steps: 404, params: { session_id: 's-1' }, after: 'normal' });
  const status = async (headers = {}) =>
    (await fetch(`${mock.url + SESSIONS}/s-1`, { headers })).status;
  expect(await status()).toBe(404);
  expect(await status({ prefer: 'code=403' })).toBe(403);
  const operation = mock.requests[0]?.operation ?? '';
  mock.settings({ operations: { [operation]: { from: 'mock' } } });
  expect((await fetch(`${mock.url + SESSIONS}/s-1`)).headers.has('x-host')).toBe(false);
  mock.settings({ operations: { [operation]: null } });
  expect((await fetch(`${mock.url + SESSIONS}/s-1`)).headers.has('x-host')).toBe(true);
});

test('the list is exported as an HTTP archive', async () => {
  await fetch(`${mock.url + SESSIONS}/s-1?a=b`);
  const { log } = (await (await fetch(`${mock.url}/__mock/requests.har`)).json()) as {
    log: { entries: object[] };
  };
  expect(log.entries).toMatchObject([
    {
      request: {
        method: 'GET',
        url: `${mock.url + SESSIONS}/s-1?a=b`,
        queryString: [{ name: 'a', value: 'b' }],
      },
      response: { status: 200, content: { text: '{"session_id":7}' } },
    },
  ]);
});

test('an upstream server that does not respond is a 502', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const upstream = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  closed.close();
  await once(closed, 'close');
  await using alone = await startMock({ port: 0, upstream });
  const response = await fetch(`${alone.url}/v1/workspaces/w/sessions/s`, { method: 'DELETE' });
  expect([response.status, response.headers.get('x-mock-error')]).toEqual([502, 'no-upstream']);
});
