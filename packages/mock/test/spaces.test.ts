import { connect } from 'node:net';
import { startMock } from '@sql-sessions/mock';
import { expect, test } from 'vitest';

const SESSION = '/v1/workspaces/w-1/sessions/s-1';

/** The ways to name a space in a call: what is added to its URL and to its headers. */
const WAYS: [string, (name: string) => { prefix: string; headers: Record<string, string> }][] = [
  ['header', (name) => ({ prefix: '', headers: { 'x-mock-space': name } })],
  ['cookie', (name) => ({ prefix: '', headers: { cookie: `a=b; mock-space=${name}` } })],
  ['path', (name) => ({ prefix: `/__space/${name}`, headers: {} })],
];

test.each(WAYS)('a space that the %s names has all for itself', async (_way, placeOf) => {
  await using mock = await startMock({ port: 0, stateful: true });
  const call = async (name: string, method: string, path: string, body?: object) => {
    const { prefix, headers } = name === '' ? { prefix: '', headers: {} } : placeOf(name);
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    return fetch(mock.url + prefix + path, init);
  };
  const close = async (name: string) => (await call(name, 'DELETE', SESSION)).status;

  expect((await call('one', 'PUT', '/__mock/scenario', { steps: [408, 403] })).status).toBe(200);
  expect((await call('two', 'PATCH', '/__mock/settings', { strictToken: true })).status).toBe(200);
  expect([await close('one'), await close('two'), await close('')]).toEqual([408, 401, 200]);
  expect([await close('one'), await close('')]).toEqual([403, 404]);
  await call('one', 'POST', '/__mock/reset');
  expect([await close('one'), await close('two'), await close('')]).toEqual([200, 401, 404]);

  const listed = async (name: string) => {
    const { requests } = (await (await call(name, 'GET', '/__mock/requests')).json()) as {
      requests: { target: string; status: number }[];
    };
    return requests.map(({ target, status }) => `${target} ${status}`);
  };
  expect(await listed('one')).toEqual([`${SESSION} 200`]);
  expect(await listed('two')).toEqual([`${SESSION} 401`, `${SESSION} 401`]);
  expect(mock.space('two').requests).toHaveLength(2);
  expect(mock.requests.map(({ status }) => status)).toEqual([200, 404, 404]);
  expect(await (await call('two', 'GET', '/__mock/state')).json()).toMatchObject({ space: 'two' });
});

test('a space of the mock has its own functions and URL', async () => {
  await using mock = await startMock({ port: 0 });
  const space = mock.space('worker-1');
  space.scenario(500);
  expect((await fetch(space.url + SESSION, { method: 'DELETE' })).status).toBe(500);
  expect((await fetch(mock.url + SESSION, { method: 'DELETE' })).status).toBe(200);
  expect([space.verify({ status: 500 }), mock.verify({ status: 200, times: 1 })]).toEqual([1, 1]);
  expect(() => space.verify({ method: 'get', times: 1 })).toThrow(
    /Got 0 requests with .*expected 1.*DELETE .* 500/,
  );
  space.reset();
  expect(space.requests).toEqual([]);
});

test.each(['a b', 'ä', 'x'.repeat(101)])('"%s" cannot name a space', async (name) => {
  await using mock = await startMock({ port: 0 });
  expect(() => mock.space(name)).toThrow(/1 to 100 letters/);
  const response = await fetch(`${mock.url}/__space/${encodeURIComponent(name)}${SESSION}`);
  expect([response.status, response.headers.get('x-mock-error')]).toEqual([400, 'bad-space']);
  expect(mock.requests.at(-1)).toMatchObject({ status: 400, mockError: 'bad-space' });
});

test.each(['.', '..'])('"%s" cannot either: in a path it would be another folder', async (name) => {
  await using mock = await startMock({ port: 0 });
  expect(() => mock.space(name)).toThrow(/neither \. nor \.\./);
  const headers = { 'x-mock-space': name };
  const { status } = await fetch(mock.url + SESSION, { method: 'DELETE', headers });
  expect(status).toBe(400);
});

test('of more spaces than are kept, the one that was not used for longest is forgotten', async () => {
  await using mock = await startMock({ port: 0 });
  mock.space('first').scenario(500);
  for (let count = 0; count < 1000; count += 1) mock.space(`space-${count}`);
  const init = { method: 'DELETE', headers: { 'x-mock-space': 'first' } };
  expect((await fetch(mock.url + SESSION, init)).status).toBe(200);
});

test('a target that is a whole URL is for the space in its path', async () => {
  await using mock = await startMock({ port: 0 });
  mock.space('a').scenario(500);
  const socket = connect(mock.port, '127.0.0.1');
  const target = `http://localhost/__space/a${SESSION}`;
  socket.end(`DELETE ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  expect((await socket.setEncoding('latin1').toArray()).join('')).toMatch(/^HTTP\/1\.1 500 /);
  expect(mock.requests).toEqual([]);
});
