import { type Mock, startMock } from '@sql-sessions/mock';
import { expect, test } from 'vitest';

const SESSION = '/v1/workspaces/w-1/sessions/s-1';
const ORIGIN = 'https://app.example';

function preflight(mock: Mock, path = SESSION, more: object = {}): Promise<Response> {
  return fetch(mock.url + path, {
    method: 'OPTIONS',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'x-auth-token',
      ...more,
    },
  });
}

test('a preflight that asks for this device’s network is allowed, and no other speaks of it', async () => {
  await using mock = await startMock({ port: 0 });
  const name = 'access-control-allow-private-network';
  const asked = { 'access-control-request-private-network': 'true' };
  expect((await preflight(mock, SESSION, asked)).headers.get(name)).toBe('true');
  expect((await preflight(mock)).headers.get(name)).toBe(null);
});

test('a preflight for DELETE with X-Auth-Token is allowed and may be remembered', async () => {
  await using mock = await startMock({ port: 0 });
  const { status, headers } = await preflight(mock);
  expect(status).toBe(204);
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('access-control-allow-methods')?.split(', ')).toContain('DELETE');
  expect(headers.get('access-control-allow-headers')).toBe('x-auth-token');
  expect(headers.get('access-control-max-age')).toBe('600');
  expect(headers.get('access-control-allow-credentials')).toBe(null);
  expect(headers.get('vary')).toMatch(/\bOrigin\b/);
});

test('a response exposes its headers by name and varies by origin', async () => {
  await using mock = await startMock({ port: 0 });
  const { headers } = await fetch(mock.url + SESSION, {
    method: 'DELETE',
    headers: { origin: ORIGIN },
  });
  expect(headers.get('access-control-allow-origin')).toBe('*');
  const exposed = headers.get('access-control-expose-headers')?.split(', ');
  expect(exposed).toEqual(
    expect.arrayContaining(['X-Mock-Error', 'X-Mock-Stale', 'WWW-Authenticate']),
  );
  expect(headers.get('vary')).toBe('Origin');
  expect(headers.get('access-control-allow-credentials')).toBe(null);
});

test('with credentials, the origin is named instead of a star', async () => {
  await using mock = await startMock({ port: 0, credentials: true });
  for (const response of [
    await preflight(mock),
    await fetch(mock.url + SESSION, { method: 'DELETE', headers: { origin: ORIGIN } }),
  ]) {
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
    expect(response.headers.get('access-control-expose-headers')).not.toContain('*');
  }
});

test('a page can read the mock’s own responses too', async () => {
  await using mock = await startMock({ port: 0 });
  expect((await preflight(mock, '/nothing')).status).toBe(204);
  const { headers } = await fetch(`${mock.url}/nothing`, { headers: { origin: ORIGIN } });
  expect(headers.get('access-control-allow-origin')).toBe('*');
});

test('the control API is for pages of this machine only', async () => {
  await using mock = await startMock({ port: 0 });
  const read = (origin: string) => fetch(`${mock.url}/__mock/requests`, { headers: { origin } });
  const foreign = await read(ORIGIN);
  expect(foreign.status).toBe(403);
  expect(foreign.headers.get('x-mock-error')).toBe('foreign-origin');
  expect(foreign.headers.get('access-control-allow-origin')).toBe(null);
  for (const origin of ['http://localhost:6006', 'http://127.0.0.1:5173', 'http://[::1]:3000']) {
    const own = await read(origin);
    expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
  }
  expect((await read('http://localhost.evil.example')).status).toBe(403);
});
