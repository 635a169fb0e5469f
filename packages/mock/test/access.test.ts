import { request } from 'node:http';
import { type MockOptions, startMock } from '@sql-sessions/mock';
import { readFixture, writeContract } from '@sql-sessions/testing/contracts';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { expect, test } from 'vitest';

/** The status and the error that a request to the control API gets under a `Host`, from a page of an `Origin`. */
async function read(
  options: MockOptions,
  host: string,
  origin?: string,
  path = '/__mock/requests',
) {
  await using mock = await startMock({ port: 0, ...options });
  return await new Promise((resolve, reject) => {
    const headers = { host: host.replace('PORT', `${mock.port}`), ...(origin && { origin }) };
    const sent = request({ port: mock.port, host: '127.0.0.1', path, headers }, (response) => {
      response.resume();
      resolve([response.statusCode, response.headers['x-mock-error']]);
    });
    sent.on('error', reject).end();
  });
}

test.each([
  ['localhost:PORT', {}],
  ['127.0.0.1:PORT', {}],
  ['[::1]:PORT', {}],
  ['192.0.2.1:PORT', {}],
  ['app.localhost:PORT', {}],
  ['mock:PORT', { allowHosts: ['mock'] }],
  ['mock:PORT', { allowHosts: ['Mock:4010'] }],
  ['MyMac.local:PORT', { allowHosts: ['mymac.LOCAL'] }],
  ['xn--bcher-kva.test:PORT', { allowHosts: ['bücher.test'] }],
])('the control API is open under %s with %j', async (host, options) => {
  expect(await read(options, host)).toEqual([200, undefined]);
});

test.each(['evil.example:PORT', 'mock:PORT', 'localhost.evil.example:PORT'])(
  'the control API is closed under "%s", and the contract is not',
  async (host) => {
    expect(await read({}, host)).toEqual([403, 'foreign-host']);
    expect(await read({}, host, undefined, '/nothing')).toEqual([404, 'unknown-path']);
  },
);

test.each([
  ['https://preview.example', {}, [403, 'foreign-origin']],
  ['https://preview.example', { allowOrigins: ['https://preview.example'] }, [200, undefined]],
  ['https://other.example', { allowOrigins: ['https://preview.example'] }, [403, 'foreign-origin']],
  ['https://other.example', { allowOrigins: ['*'] }, [200, undefined]],
  ['https://preview.example', { allowOrigins: ['https://Preview.example/'] }, [200, undefined]],
  ['https://preview.example', { allowOrigins: ['https://preview.example:443'] }, [200, undefined]],
  ['chrome-extension://abc', { allowOrigins: ['chrome-extension://abc'] }, [200, undefined]],
  ['null', { allowOrigins: ['null'] }, [200, undefined]],
])('a page of %s, with %j', async (origin, options, expected) => {
  expect(await read(options, '127.0.0.1:PORT', origin)).toEqual(expected);
});

test('a 401 names each scheme that the operation takes, refused or asked for; what is documented goes first', async () => {
  await using folder = await temporaryFolder();
  const challenges = async (fixture: 'everything' | 'warehouses', path: string, init = {}) => {
    const spec = await writeContract(folder.path, readFixture(fixture));
    await using mock = await startMock({ port: 0, spec, strictToken: true });
    const { status, headers } = await fetch(mock.url + path, init);
    return [status, headers.get('www-authenticate')];
  };
  expect(await challenges('everything', '/items')).toEqual([401, 'ApiKey realm="mock"']);
  const bearer = [401, 'Bearer realm="mock"'];
  expect(await challenges('everything', '/access/bearer')).toEqual(bearer);
  const wanted = { headers: { Prefer: 'code=401', Authorization: 'Bearer token' } };
  expect(await challenges('everything', '/access/bearer', wanted)).toEqual(bearer);
  expect(await challenges('everything', '/access/basic')).toEqual([401, 'Basic realm="mock"']);
  expect(await challenges('everything', '/access/oauth')).toEqual(bearer);
  expect(await challenges('everything', '/access/both')).toEqual([
    401,
    'ApiKey realm="mock", Bearer realm="mock"',
  ]);
  const open = { headers: { Prefer: 'code=401' } };
  expect(await challenges('everything', '/access/open', open)).toEqual([
    401,
    'ApiKey realm="mock"',
  ]);
  const settings = '/v1/workspaces/w-1/warehouses/71/settings';
  expect(await challenges('warehouses', settings, { method: 'PATCH' })).toEqual([
    401,
    'Basic realm="warehouses"',
  ]);
});
