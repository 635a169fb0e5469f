import { METHODS } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { operations } from '@sql-sessions/contract';
import document from '@sql-sessions/contract/openapi.json' with { type: 'json' };
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseResponses, rawRequest } from './support/raw-request.ts';
import {
  type Database,
  OURS,
  type Provider,
  startDatabase,
  startProvider,
  TOKENS,
} from './support/stage.ts';

let database: Database;
let provider: Provider;

beforeAll(async () => {
  database = await startDatabase();
  provider = await startProvider(database, { requestTimeout: 1000 });
});

afterAll(async () => {
  await provider[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const ajv = new Ajv2020({ strict: false }).addSchema(document, 'contract');
/** The schemas of errors: 405 is not documented, and has the same one as most. */
const schemaOf = (status: number) => (status === 403 ? 'ForbiddenError' : 'Error');

/** The one response to some bytes, after a check that its body is what the contract says for its status. */
async function ask(...parts: string[]) {
  const responses = parseResponses(await rawRequest(provider.url, ...parts));
  expect(responses).toHaveLength(1);
  const [response = { status: 0, head: '', body: '' }] = responses;
  inShape(response);
  return response;
}

function inShape({ status, head, body }: { status: number; head: string; body: string }) {
  expect(Object.keys({ ...operations.closeSession.responses, 405: {} })).toContain(`${status}`);
  expect(head).toMatch(/^content-type: application\/json; charset=utf-8\r$/im);
  const valid = ajv.compile({ $ref: `contract#/components/schemas/${schemaOf(status)}` });
  expect(valid(JSON.parse(body)), body).toBe(true);
}

const path = (session: string) => `/v1/workspaces/${OURS}/sessions/${session}`;
const TOKEN = `X-Auth-Token: ${TOKENS.ours}\r\n`;
const request = (target: string, { method = 'DELETE', headers = TOKEN, body = '' } = {}) =>
  `${method} ${target} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n${headers}\r\n${body}`;

describe('an id beyond its limits is the documented 400', () => {
  const ids = {
    'no id': '',
    '37 letters': 'a'.repeat(37),
    '4096 letters': 'a'.repeat(4096),
    dots: '..',
    'encoded dots': '%2e%2e',
    'an encoded slash': 'a%2Fb',
    'an underscore': 'a_b',
    NUL: 'a%00',
    'CR and LF': 'a%0d%0aX-Y:z',
    'a letter that is not ASCII': 'caf%C3%A9',
    'a broken escape': '%ZZ',
    'an escape that is not UTF-8': '%ff',
    'a single quote': "a'b",
  };
  for (const [name, id] of Object.entries(ids)) {
    test(name, async () => {
      expect((await ask(request(path(id)))).status).toBe(400);
      expect((await ask(request(`/v1/workspaces/${id}/sessions/abc`))).status).toBe(400);
    });
  }

  test('and it says which rule, in the words of the contract, without the value', async () => {
    for (const id of ['sec_ret', 'secret'.repeat(500)]) {
      const { body } = await ask(request(path(id)));
      expect(JSON.parse(body).solution_msg).toBe(
        'session_id must be a string of 1 to 36 characters that matches ^[A-Za-z0-9-]+$',
      );
      expect(body).not.toContain(id);
    }
  });
});

test('ids at their limits are looked up', async () => {
  for (const id of ['a', 'Z'.repeat(36), '-'.repeat(36), '%61bc']) {
    expect((await ask(request(path(id)))).status).toBe(404);
  }
});

describe('bodies', () => {
  const json = (body: string, type = 'application/json') =>
    request(path('abc'), {
      headers: `${TOKEN}Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`,
      body,
    });

  test('none and the documented { } are accepted', async () => {
    expect((await ask(json('{ }'))).status).toBe(404);
    expect((await ask(json('{ }', 'application/json; charset=utf-8'))).status).toBe(404);
    expect((await ask(json(''))).status).toBe(404);
    const chunked = {
      headers: `${TOKEN}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n`,
    };
    expect(
      (await ask(request(path('abc'), { ...chunked, body: '3\r\n{ }\r\n0\r\n\r\n' }))).status,
    ).toBe(404);
  });

  test('anything else is 400', async () => {
    for (const body of [
      '{',
      'null',
      '[]',
      '{"a":1}',
      '{"__proto__":{}}',
      ' ',
      `{${' '.repeat(2000)}}`,
    ]) {
      expect((await ask(json(body))).status, body).toBe(400);
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense', 'a/b/c']) {
      expect((await ask(json('{}', type))).status, type).toBe(400);
    }
  });

  test('a megabyte is refused, and the response arrives although it is still being sent', async () => {
    expect((await ask(json('x'.repeat(1024 * 1024)))).status).toBe(400);
    expect((await ask(json('x'.repeat(1024 * 1024)).replace(TOKEN, ''))).status).toBe(401);
  });
});

describe('tokens', () => {
  test('none, a wrong one, two, an empty one: 401, before anything else is judged', async () => {
    for (const headers of ['', 'X-Auth-Token: nobody\r\n', TOKEN + TOKEN, 'X-Auth-Token:\r\n']) {
      for (const id of ['abc', 'a_b', '%ZZ']) {
        const { status, body } = await ask(request(path(id), { headers }));
        expect([status, body]).toEqual([
          401,
          JSON.stringify(document.components.examples.Unauthorized.value),
        ]);
      }
    }
  });

  test('that of a suspended tenant: 403 in its own shape', async () => {
    const headers = `X-Auth-Token: ${TOKENS.suspended}\r\n`;
    for (const id of ['abc', 'a_b', '%ZZ']) {
      const { status, body } = await ask(request(path(id), { headers }));
      expect(status).toBe(403);
      expect(JSON.parse(body)).toEqual(document.components.examples.Forbidden.value);
    }
  });
});

test('every other method is 405 with Allow', async () => {
  const methods = METHODS.filter((method) => !['DELETE', 'CONNECT'].includes(method));
  for (const method of methods) {
    const raw = await rawRequest(provider.url, request(path('abc'), { method }));
    expect(raw, method).toMatch(/^HTTP\/1.1 405 .*^allow: DELETE\r$/ims);
    if (method === 'HEAD') expect(raw).toMatch(/\r\n\r\n$/);
    else parseResponses(raw).forEach(inShape);
  }
});

test('other paths are 404', async () => {
  const paths = [
    '/',
    '/v1',
    `/${path('abc')}`,
    `${path('abc')}/`,
    path('abc/x'),
    '*',
    path('abc').toUpperCase(),
  ];
  for (const target of paths) {
    expect((await ask(request(target))).status, target).toBe(404);
  }
});

test('a whole URL as the target is understood', async () => {
  const session = await database.open();
  const raw = await rawRequest(provider.url, request(`http://here${path(session.id)}?a=b`));
  expect(raw).toMatch(/^HTTP\/1.1 200 /);
  expect(await session.ended).toBe('57P01');
});

describe('what is not a request gets a response in the same shape', () => {
  const broken = {
    'not HTTP': 'hello\r\n\r\n',
    'no Host': `DELETE ${path('abc')} HTTP/1.1\r\nConnection: close\r\n${TOKEN}\r\n`,
    'two Hosts': request(path('abc'), { headers: `${TOKEN}Host: there\r\n` }),
    'a header of 20 KB': request(path('abc'), { headers: `X: ${'x'.repeat(20_000)}\r\n` }),
    'an id of 20 KB': request(path('x'.repeat(20_000))),
    'a header of 2 MB': request(path('abc'), { headers: `X: ${'x'.repeat(2_000_000)}\r\n` }),
    'two lengths': request(path('abc'), { headers: 'Content-Length: 1\r\nContent-Length: 2\r\n' }),
    'length and chunks': request(path('abc'), {
      headers: `${TOKEN}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n`,
      body: '0\r\n\r\n',
    }),
    'a space before the colon': request(path('abc'), { headers: 'X-Auth-Token : x\r\n' }),
    'a chunk that is none': request(path('abc'), {
      headers: `${TOKEN}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n`,
      body: 'zz\r\n',
    }),
    'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    CONNECT: request('here:80', { method: 'CONNECT' }),
    'an expectation': request(path('abc'), { headers: `${TOKEN}Expect: the-moon\r\n` }),
  };
  for (const [name, bytes] of Object.entries(broken)) {
    test(name, async () => {
      expect((await ask(bytes)).status).toBe(400);
    });
  }

  test('a header that never ends, and a body that never comes: 408', async () => {
    const [header, body] = await Promise.all([
      ask(`DELETE ${path('abc')} HTTP/1.1\r\nHost: here\r\nX: `),
      ask(request(path('abc'), { headers: `${TOKEN}Content-Length: 3\r\n`, body: '{' })),
    ]);
    expect([header.status, body.status]).toEqual([408, 408]);
  });

  test('and never in the place of a response that is owed', async () => {
    const [late, same] = [await database.open(), await database.open()];
    const keepAlive = (id: string) => request(path(id)).replace('Connection: close\r\n', '');
    // Nonsense right behind a request, in the same packet: with "keep-alive", and after "close".
    for (const [session, bytes] of [
      [late, keepAlive(late.id)],
      [same, request(path(same.id))],
    ] as const) {
      const responses = parseResponses(await rawRequest(provider.url, `${bytes}nonsense\r\n\r\n`));
      expect(responses.map(({ status }) => status)).toEqual([200]);
      expect(await session.ended).toBe('57P01');
    }
    const refused = keepAlive('abc').replace(TOKEN, '');
    const raw = await rawRequest(provider.url, `${refused}nonsense\r\n\r\n`);
    expect(parseResponses(raw).map(({ status }) => status)).toEqual([401]);
  });

  test('nor twice to one request', async () => {
    const chunked = `${TOKEN}Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n`;
    const bytes = request('/', { headers: chunked }).replace('Connection: close\r\n', '');
    const raw = await rawRequest(provider.url, bytes, 'this is no chunk\r\n');
    expect(parseResponses(raw).map(({ status }) => status)).toEqual([404]);
  });
});

test('a caller that closes its half of the connection gets its response', async () => {
  const session = await database.open();
  const { hostname, port } = new URL(provider.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.end(request(path(session.id)).replace('Connection: close\r\n', ''));
  const [response] = parseResponses(await text(socket));
  expect(response?.status).toBe(200);
  expect(await session.ended).toBe('57P01');
});

test('a request that arrives after its timeout is not done', async () => {
  const session = await database.open();
  const headers = `${TOKEN}Content-Type: application/json\r\nContent-Length: 3\r\n`;
  const raw = await rawRequest(
    provider.url,
    request(path(session.id), { headers, body: '{' }),
    ' }',
  );
  expect(parseResponses(raw).map(({ status }) => status)).toEqual([408]);
  // Whatever came of the late half has had its turn before these.
  await Promise.all(Array.from({ length: 20 }, () => provider.close('abc')));
  expect((await session.client.query('select 1 as alive')).rows).toEqual([{ alive: 1 }]);
  await session.client.end();
});

test('one log line per response with its status, and the token in none of them', async () => {
  await provider.close('log-me');
  await ask(`DELETE ${path('abc')} HTTP/1.1\r\nHost: here\r\n${TOKEN}bad header\r\n\r\n`);
  await ask(request(`${path('abc')}?token=${TOKENS.ours}`));
  const lines = provider
    .log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { reqId } = lines.find(({ req }) => req?.path === path('log-me'));
  const done = lines.filter((line) => line.reqId === reqId && line.res);
  expect(done).toMatchObject([
    { level: 30, res: { statusCode: 404 }, responseTime: expect.any(Number) },
  ]);
  for (const token of Object.values(TOKENS)) expect(provider.log()).not.toContain(token);
});
