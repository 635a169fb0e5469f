import { startMock } from '@sql-sessions/mock';
import { expect, test } from 'vitest';

const SESSION = '/v1/workspaces/w-1/sessions/s-1';

test('the example request of the reference page answers 200, and so does one without a body', async () => {
  await using mock = await startMock({ port: 0 });
  const withBody = await fetch(mock.url + SESSION, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: '{ }',
  });
  const without = await fetch(mock.url + SESSION, { method: 'DELETE' });
  expect([withBody.status, await withBody.text()]).toEqual([200, '']);
  expect([without.status, await without.text()]).toEqual([200, '']);
});

test('Prefer plays a documented answer', async () => {
  await using mock = await startMock({ port: 0 });
  const response = await fetch(mock.url + SESSION, {
    method: 'DELETE',
    headers: { prefer: 'code=404' },
  });
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({
    error_code: 'common.01000001',
    error_msg: 'response status exception, code: 404',
  });
});

test('an escape that means nothing is a malformed id, and the mock lives on', async () => {
  await using mock = await startMock({ port: 0 });
  for (const id of ['%ZZ', '%ff', '%']) {
    const response = await fetch(`${mock.url}/v1/workspaces/w-1/sessions/${id}`, {
      method: 'DELETE',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error_code: 'common.01000001' });
  }
  expect((await fetch(mock.url + SESSION, { method: 'DELETE' })).status).toBe(200);
});

test('a preflight with X-Auth-Token is allowed', async () => {
  await using mock = await startMock({ port: 0 });
  const response = await fetch(mock.url + SESSION, {
    method: 'OPTIONS',
    headers: {
      origin: 'http://app.example',
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'x-auth-token',
    },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-methods')).toBe('DELETE');
  expect(response.headers.get('access-control-allow-headers')).toBe('x-auth-token');
});
