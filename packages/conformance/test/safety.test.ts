import { expect, test } from 'vitest';
import { toTarget } from '../src/run/target.ts';
import { TOKENS } from './server/behavior.ts';
import { startTwin, verifyTwin } from './server/twin.ts';

test.for([
  'http://192.0.2.1:8080',
  'https://sessions.example',
  'http://localhost.example',
  'http://0.0.0.0:1',
  'http://[2001:db8::1]',
])('%s is not this machine and needs a flag', (url) => {
  expect(() => toTarget(url, false)).toThrow(/is not this machine.*--allow-remote/s);
  expect(toTarget(url, true)).toBeInstanceOf(URL);
});

test.for(['http://127.0.0.1:8080', 'http://127.8.9.1', 'http://localhost:1', 'http://[::1]:2'])(
  '%s is this machine',
  (url) => {
    expect(toTarget(url, false)).toBeInstanceOf(URL);
  },
);

test.for([
  '',
  'sessions',
  'ftp://127.0.0.1',
  'http://a:b@127.0.0.1',
  'http://127.0.0.1/?a',
  'http://127.0.0.1/#a',
])('the base URL "%s" is refused with a reason', (url) => {
  expect(() => toTarget(url, true)).toThrow(/expected/);
});

test('a run sends no more requests than it may', async () => {
  await using twin = await startTwin();
  let seen = 0;
  const { report } = await verifyTwin(twin, {
    maxRequests: 60,
    only: ['success', 'removed-for-real', 'id-characters', 'id-unicode', 'burst'],
    onProgress: ({ requests }) => {
      seen = requests;
    },
  });
  expect(seen).toBe(60);
  expect(report.requests).toBe(60);
  expect(report.checks.find(({ id }) => id === 'burst')).toMatchObject({
    outcome: 'not-exercised',
    reason: 'the run has sent its 60 requests for endSession',
  });
  // What was cut short is not a success.
  expect(report).toMatchObject({
    ok: false,
    cutShort: 'the run has sent its 60 requests for endSession',
  });
});

test('an interrupted run ends with what it has', async () => {
  await using twin = await startTwin();
  const interrupt = new AbortController();
  const { report } = await verifyTwin(twin, {
    signal: interrupt.signal,
    onCheck: () => interrupt.abort(),
  });
  expect(report.checks[0]?.outcome).toBe('passed');
  expect(report.checks[1]).toMatchObject({
    outcome: 'not-exercised',
    reason: 'the run was interrupted',
  });
});

test('every DELETE that could hit something names an id that nobody can guess', async () => {
  await using twin = await startTwin();
  const handedOver = new Set<string>();
  const { har } = await verifyTwin(twin, {
    setup: () => ({
      ...twin.capabilities,
      async live(operation) {
        const subject = await twin.capabilities.live?.(operation);
        for (const value of Object.values(subject?.params ?? {})) handedOver.add(`${value}`);
        return subject;
      },
    }),
    only: [
      'id-limits-accepted',
      'unknown-id',
      'id-too-long',
      'burst',
      'every-id-counts',
      'body-rules',
    ],
  });
  const deletes = har.log.entries.filter(({ request }) => request.method === 'DELETE');
  expect(deletes.length).toBeGreaterThan(100);
  for (const { request } of deletes) {
    const [, , , workspace = '', , session = ''] = new URL(request.url).pathname.split('/');
    const guessable = [workspace, session].every((id) => id.length < 36 && !handedOver.has(id));
    expect(guessable, request.url).toBe(false);
  }
});

test('no token leaves in the archive or the report', async () => {
  await using twin = await startTwin({ behavior: { authenticate: () => ({ tenant: 'main' }) } });
  const { har, report } = await verifyTwin(twin, { seed: 1 });
  expect(report.summary.failed).toBeGreaterThan(0);
  const written = JSON.stringify({ har, report });
  for (const token of [TOKENS.main, TOKENS.second]) {
    expect(written).not.toContain(token);
    expect(written).not.toContain(token.slice(0, -1));
  }
  const sent = har.log.entries.flatMap(({ request }) => request.headers);
  expect(sent).toContainEqual({ name: 'X-Auth-Token', value: '***' });
  // What is no request by the book is there byte by byte, masked as well.
  const smuggled = har.log.entries.find(({ comment }) => comment === 'smuggling-two-lengths');
  expect(smuggled?.request.comment).toMatch(
    /X-Auth-Token: \*\*\*\r\nContent-Length: \d+\r\nTransfer-Encoding/,
  );
  expect(written).toContain('$SQL_SESSIONS_TOKEN');
});

test('a token is masked however short it is', async () => {
  await using twin = await startTwin({ behavior: { authenticate: () => ({ tenant: 'main' }) } });
  const { har } = await verifyTwin(twin, { token: 'q!', only: ['unknown-id'] });
  expect(har.log.entries.length).toBeGreaterThan(0);
  expect(JSON.stringify(har)).not.toContain('q!');
});

test('a contract that cannot be read is refused in a sentence', async () => {
  await using twin = await startTwin();
  const contract = {
    openapi: '3.1.0',
    paths: { '/a': { get: { responses: { 200: { $ref: '#/components/nothing' } } } } },
  };
  await expect(verifyTwin(twin, { contract })).rejects.toThrow(
    /^The contract cannot be read: .*#\/components\/nothing leads nowhere\. Expected an OpenAPI 3\.1 document in one piece/,
  );
  await expect(verifyTwin(twin, { contract: { openapi: '3.1.0' } })).rejects.toThrow(
    'The contract has no operation, so there is nothing to check.',
  );
});
