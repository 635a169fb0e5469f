import { pathToFileURL } from 'node:url';
import { InputError, type MockOptions, startMock } from '@sql-sessions/mock';
import { fixturePath, readFixture } from '@sql-sessions/testing/contracts';
import { expect, test } from 'vitest';

test.each<[string, unknown[]]>([
  ['spec', ['', 5, null, new URL('file://elsewhere.example/api.json')]],
  ['host', ['', null, 5]],
  ['port', ['abc', '', '4010', null, -1, 65_536, 1.5, Number.NaN]],
  ['basePath', ['x', null]],
  [
    'upstream',
    [
      'there',
      null,
      5,
      'ftp://127.0.0.1',
      'http://user:secret@127.0.0.1',
      'http://127.0.0.1?a=b',
      'http://127.0.0.1#a',
    ],
  ],
  ['cors', ['no', null]],
  ['credentials', [1]],
  ['remoteRefs', ['yes']],
  ['watch', ['x']],
  ['allowHosts', [null, 'mock', [5], ['http://a:5'], ['*'], ['a/b'], ['']]],
  ['allowOrigins', [null, '*', ['x'], ['https://a.example/path'], ['https://u@a.example']]],
  ['tls', [{}, true, { cert: 'x' }, null]],
  ['onRequest', [5]],
  ['onContract', ['x']],
  ['latency', [Number.POSITIVE_INFINITY, Number.NaN, -1]],
])('%s is checked before anything is started', async (name, values) => {
  for (const value of values) {
    const started = startMock({ port: 0, [name]: value } as MockOptions);
    const error: Error = await started.then(
      async (mock) => {
        await mock.close();
        throw new Error(`${String(value)} was taken`);
      },
      (reason) => reason,
    );
    expect(error, String(value)).toBeInstanceOf(InputError);
    expect(error.message).toContain(`${name} is `);
    expect(error.message).not.toContain('secret');
  }
});

test.each([[null], ['x'], [[]], [5]])('%j is no options', async (options) => {
  await expect(startMock(options as never)).rejects.toThrow(InputError);
});

test('the document may be a URL of a file, as a text too', async () => {
  const url = pathToFileURL(fixturePath('family'));
  for (const spec of [url, url.href]) {
    await using mock = await startMock({ port: 0, spec });
    expect(mock.contract.info.title).toBe(readFixture('family').info.title);
  }
});
