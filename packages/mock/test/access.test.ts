import { request } from 'node:http';
import { type MockOptions, startMock } from '@sql-sessions/mock';
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
])('a page of %s, with %j', async (origin, options, expected) => {
  expect(await read(options, '127.0.0.1:PORT', origin)).toEqual(expected);
});
