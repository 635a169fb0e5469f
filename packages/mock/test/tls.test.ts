import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { startMock } from '@sql-sessions/mock';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';

test('with a certificate and its key it serves HTTPS', async () => {
  await using folder = await temporaryFolder();
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(folder.path, name));
  if (!cert || !key) throw new Error('There are two files.');
  const made = await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '1', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', key, '-out', cert],
  ]);
  expect(made.code, made.stderr).toBe(0);
  await using mock = await startMock({ port: 0, tls: { cert, key } });
  expect(mock.url).toMatch(/^https:/);
  const ca = await readFile(cert);
  const send = (method: string, path: string) =>
    new Promise<[status: number | undefined, body: string]>((resolve, reject) => {
      const sent = request(mock.url + path, { method, ca }, async (response) => {
        const parts = await response.setEncoding('utf8').toArray();
        resolve([response.statusCode, parts.join('')]);
      });
      sent.on('error', reject).end();
    });
  const path = '/v1/workspaces/w/sessions/s';
  expect((await send('DELETE', path))[0]).toBe(200);
  expect((await send('GET', '/__mock/requests.har'))[1]).toContain(`"url":"${mock.url}${path}"`);
});
