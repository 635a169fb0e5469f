import { createServer, type RequestListener } from 'node:http';
import { createServer as createNetServer } from 'node:net';
import { listen } from '@sql-sessions/testing/listen';
import { expect, test } from 'vitest';
import { verify } from '../src/verify.ts';
import { correct } from './server/behavior.ts';
import { contract } from './server/contract.ts';
import { startTwin, verifyTwin } from './server/twin.ts';

const respond =
  (status: number, headers: Record<string, string>, body = ''): RequestListener =>
  (_, response) => {
    response.writeHead(status, { Connection: 'close', ...headers });
    response.end(body);
  };

test.for<[string, RequestListener, RegExp]>([
  [
    'a redirect',
    respond(301, { Location: 'https://other.example/' }),
    /redirects a plain call to https:\/\/other\.example\/ \(301\)/,
  ],
  ['a gateway', respond(502, { 'Content-Type': 'text/html' }), /responds with 502 to a plain call/],
  [
    'another API',
    respond(404, { 'Content-Type': 'text/html' }, '<p>no</p>'),
    /does not look like SQL Sessions family/,
  ],
  [
    'another API in JSON',
    respond(404, { 'Content-Type': 'application/json' }, '{"message":"Not Found"}'),
    /does not look like SQL Sessions family/,
  ],
  [
    'another API that asks for a token',
    respond(401, { 'Content-Type': 'application/json' }, '{"message":"Bad credentials"}'),
    /does not look like SQL Sessions family.* such as 401 .*set SQL_SESSIONS_\w+ to/,
  ],
  [
    'a page for everything',
    respond(200, { 'Content-Type': 'text/html' }, '<!doctype html><p>app'),
    /does not look like SQL Sessions family/,
  ],
  ['a server that is starting', respond(503, {}), /responds with 503 to a plain call/],
  [
    'HTTPS on this port',
    respond(400, {}, 'The plain HTTP request was sent to HTTPS port'),
    /speaks TLS\. Write https/,
  ],
])('%s is told in one sentence', async ([, listener, message]) => {
  await using server = await listen(createServer(listener));
  await expect(verify({ baseUrl: server.url, contract })).rejects.toMatchObject({
    kind: 'server',
    message: expect.stringMatching(message),
  });
});

test('a server that asks for a credential with an undocumented 401 is told apart from another API', async () => {
  const get = { security: [{ key: [] }], responses: { 200: { description: 'OK' } } };
  const closed = {
    openapi: '3.1.0',
    info: { title: 'Closed', version: '1' },
    paths: { '/board': { get } },
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'Key' } } },
  };
  await using server = await listen(
    createServer(({ url }, response) => {
      response.writeHead(url === '/board' ? 401 : 404, { 'Content-Length': '0' }).end();
    }),
  );
  await expect(verify({ baseUrl: server.url, contract: closed })).rejects.toMatchObject({
    kind: 'input',
    message: expect.stringMatching(
      /responds with 401 to a call without a token.*SQL_SESSIONS_TOKEN/,
    ),
  });
});

test('a server that speaks TLS', async () => {
  const alert = Buffer.from([0x15, 3, 3, 0, 2, 2, 0x46]);
  await using server = await listen(
    createNetServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(alert));
    }),
  );
  await expect(verify({ baseUrl: server.url, contract })).rejects.toThrow(
    /speaks TLS\. Write https/,
  );
});

test('a server that does not', async () => {
  await using twin = await startTwin();
  const baseUrl = twin.url.replace('http:', 'https:');
  await expect(verify({ baseUrl, contract })).rejects.toThrow(
    /gave no response: .*does not speak TLS/,
  );
});

test('the path that the base URL lacks is found', async () => {
  await using twin = await startTwin({
    behavior: {
      split: (target) =>
        target.startsWith('/api/') ? correct.split(target.slice(4)) : ['elsewhere'],
      finish: (reply, { segments }) =>
        segments[0] === 'elsewhere'
          ? { status: 404, raw: '<p>no</p>', headers: { 'Content-Type': 'text/html' } }
          : reply,
    },
  });
  const { report } = await verifyTwin(twin, { only: ['success', 'unknown-id'], seed: 1 });
  expect(report).toMatchObject({ ok: true, baseUrl: `${twin.url}/api` });
  expect(report.notes).toEqual([expect.stringContaining('under /api')]);
});

test('an API whose errors have another shape is checked all the same', async () => {
  await using twin = await startTwin({
    behavior: {
      finish: (reply) => (reply.status < 400 ? reply : { ...reply, body: { message: 'no' } }),
    },
  });
  const { report } = await verifyTwin(twin, { only: ['unknown-id', 'response-schema'], seed: 1 });
  expect(report.checks).toMatchObject([{ id: 'unknown-id' }, { outcome: 'failed' }]);
});

test('a 429 is waited for and said', async () => {
  let count = 0;
  await using twin = await startTwin({
    behavior: {
      finish: (reply) =>
        ++count % 3 === 0 ? { status: 429, headers: { 'Retry-After': '0' } } : reply,
    },
  });
  const { report } = await verifyTwin(twin, { only: ['unknown-id', 'response-status'], seed: 1 });
  expect(report.ok).toBe(true);
  expect(report.notes).toEqual([expect.stringContaining('429')]);
});

test.for<[string, () => unknown, RegExp]>([
  ['nothing', () => undefined, /The setup returned nothing: expected an object/],
  ['an unknown field', () => ({ lives: 1 }), /unknown field "lives": expected some of token,/],
  ['a field of the wrong type', () => ({ live: 'x' }), /`live` is "x": expected a function/],
  [
    'secrets that are no texts',
    () => ({ secrets: [1] }),
    /`secrets` is \[1\]: expected a list of str/,
  ],
  [
    'no second tenant',
    () => ({ secondTenant: null }),
    /`secondTenant` is null: expected an object/,
  ],
  [
    'a tenant with an unknown field',
    () => ({ secondTenant: { tokn: 'x', live: async () => undefined } }),
    /`secondTenant` has an unknown field "tokn": expected some of token, credentials, live/,
  ],
  [
    'a token that is no text',
    () => ({ secondTenant: { token: 7, live: async () => undefined } }),
    /`token` is 7: expected a string/,
  ],
  [
    'a list of what is no text',
    () => ({ requiresToken: [1] }),
    /expected a boolean or list of str/,
  ],
  [
    'an unknown operation',
    () => ({ requiresToken: ['gett'] }),
    /`requiresToken` has the unknown operation "gett": expected some of endSession/,
  ],
  [
    'a token of two lines',
    () => ({ badToken: 'a\nb' }),
    /`badToken` cannot be sent: expected one line of text/,
  ],
  ['an unknown promise', () => ({ retries: 'maybe' }), /`retries` is "maybe": expected "success"/],
  ['a rejection', () => Promise.reject(new Error('no database')), /The setup failed: no database/],
  ['a hang', () => new Promise(() => undefined), /The setup did not settle in 0\.2 s/],
])('a setup that returns %s ends the run before it begins', async ([, setup, message]) => {
  await using twin = await startTwin();
  await expect(
    verifyTwin(twin, { setup: setup as never, setupTimeout: 200 }),
  ).rejects.toMatchObject({ kind: 'server', message: expect.stringMatching(message) });
});

test.for<[string, () => Promise<unknown>, RegExp]>([
  [
    'a wrong name',
    async () => ({ params: { workspace_id: 'a', session_id: 'a', id: 'a' } }),
    /parameter "id", which endSession does not have: its parameters are workspace_id, session_id/,
  ],
  [
    'an id beyond the limits',
    async () => ({ params: { workspace_id: 'a', session_id: 'a b' } }),
    /session_id = "a b" for endSession, which breaks the contract/,
  ],
  ['no params', async () => ({}), /returned no `params`/],
  [
    'an id too few',
    async () => ({ params: { session_id: 'a' } }),
    /`live` returned no workspace_id for endSession: expected a value for each parameter of its path/,
  ],
  [
    'a body that the contract refuses',
    async () => ({ params: { workspace_id: 'a', session_id: 'a' }, body: { a: 1 } }),
    /`live` returned a body for endSession that breaks the contract: it must NOT have/,
  ],
  [
    'an unknown field',
    async () => ({ params: { workspace_id: 'a', session_id: 'a' }, isopen: () => true }),
    /unknown field "isopen" for endSession/,
  ],
  [
    'a value that JSON does not have',
    async () => ({ params: { workspace_id: 'a', session_id: 1n } }),
    /session_id = 1n for endSession, which breaks the contract/,
  ],
  ['a hang', () => new Promise(() => undefined), /`live` did not settle in 0\.2 s/],
])(
  'a subject with %s ends the run, and is never held against the server',
  async ([, live, message]) => {
    await using twin = await startTwin();
    const { report } = await verifyTwin(twin, {
      setup: () => ({ ...twin.capabilities, live: live as never }),
      setupTimeout: 200,
      only: ['success', 'unknown-id'],
    });
    expect(report).toMatchObject({ ok: false, summary: { failed: 0, 'not-exercised': 2 } });
    expect(report.error).toMatch(message);
  },
);

test('one cause is one finding', async () => {
  await using twin = await startTwin({
    behavior: {
      async close(session, sessions) {
        await correct.close(session, sessions);
        return {
          status: session.stuck ? 408 : 204,
          ...(session.stuck && { body: { error_code: 'twin.0408', error_msg: 'late' } }),
        };
      },
    },
  });
  const { report } = await verifyTwin(twin, { seed: 1, runs: 3 });
  const broken = report.checks.filter(
    ({ outcome, level }) => outcome === 'failed' && level === 'contract',
  );
  expect(broken.map(({ id }) => id)).toEqual(['success']);
});
