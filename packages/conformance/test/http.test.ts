import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { listen } from '@sql-sessions/testing/listen';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toCurl } from '../src/http/curl.ts';
import { exchange } from '../src/http/exchange.ts';
import { parseResponses } from '../src/http/parse-responses.ts';
import { Secrets } from '../src/http/secrets.ts';
import { toBytes, type WireRequest } from '../src/http/wire-request.ts';

const parse = (text: string, { ended = true, methods = ['DELETE'] } = {}) =>
  parseResponses(Buffer.from(text, 'latin1'), ended, methods);

describe('responses', () => {
  test('with a length, and what follows is kept apart', () => {
    const { responses, rest, problem } = parse(
      'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200',
    );
    expect(responses).toMatchObject([
      { status: 404, reason: 'Not Found', body: Buffer.from('{}') },
    ]);
    expect(rest.toString()).toBe('HTTP/1.1 200');
    expect(problem).toBe('the head of the response is not complete');
  });

  test('in chunks with an extension and a trailer', () => {
    const text =
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nX-T: 1\r\n\r\n';
    expect(parse(text).responses[0]?.body.toString()).toBe('abcd');
    for (let cut = 1; cut < text.length; cut++) {
      expect(parse(text.slice(0, cut), { ended: false })).toMatchObject({
        responses: [],
        problem: undefined,
      });
    }
  });

  test('that end with the connection', () => {
    const text = 'HTTP/1.0 200 OK\r\n\r\nall of it';
    expect(parse(text, { ended: false }).responses).toEqual([]);
    expect(parse(text).responses[0]?.body.toString()).toBe('all of it');
  });

  test('after an interim one, to HEAD, and without a body', () => {
    expect(
      parse('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n').responses,
    ).toMatchObject([{ status: 204 }]);
    expect(
      parse('HTTP/1.1 405 No\r\nContent-Length: 9\r\n\r\n', { methods: ['HEAD'] }).responses,
    ).toHaveLength(1);
  });

  test.for([
    ['HTTP/2 200 OK\r\n\r\n', /status line/],
    ['<html>not HTTP at all</html>', /status line/],
    ['HTTP/1.1 200 OK\r\nno colon\r\n\r\n', /header line/],
    ['HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n', /Content-Length/],
    ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', /Content-Length/],
    ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', /both/],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n', /Transfer-Encoding is gzip/],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', /chunk without a size/],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', /last chunk/],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab', /only 2 bytes/],
  ] as const)('that break the framing: %j', ([text, problem]) => {
    expect(parse(text).problem).toMatch(problem);
  });
});

describe('exchanges', () => {
  let server: Awaited<ReturnType<typeof listen>>;
  let base: URL;
  const heard: { method: string; url: string; headers: string[]; body: string }[] = [];

  beforeAll(async () => {
    const responder = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('latin1')) body += chunk;
      heard.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.rawHeaders,
        body,
      });
      if (request.url === '/hang') return;
      if (request.url === '/reset') return void request.socket.resetAndDestroy();
      if (request.url === '/close') return void request.socket.end();
      response.end('heard');
    });
    server = await listen(responder);
    base = new URL(server.url);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const send = (request: Partial<WireRequest>, timeout = 30_000) =>
    exchange(
      { url: base },
      { method: 'DELETE', target: '/a', headers: [], ...request },
      { timeout },
    );

  test('what got no response says the reason', async () => {
    expect(await send({ target: '/hang' }, 200)).toMatchObject({
      failure: 'timeout',
      responses: [],
    });
    expect(await send({ target: '/reset' })).toMatchObject({ failure: 'reset', responses: [] });
    expect(await send({ target: '/close' })).toMatchObject({ failure: 'closed', responses: [] });
    const nobody = await exchange(
      { url: new URL('http://127.0.0.1:1') },
      { method: 'GET', target: '/', headers: [] },
      { timeout: 30_000 },
    );
    expect(nobody).toMatchObject({ failure: 'refused' });
  });

  test('nothing about a request is changed on its way', async () => {
    await send({ target: '//a/../%zz?x=%', headers: [['x-Odd', ' b']], body: '{ }' });
    expect(heard.at(-1)).toMatchObject({ url: '//a/../%zz?x=%', body: '{ }' });
    expect(heard.at(-1)?.headers).toContain('x-Odd');
  });

  const shell = promisify(execFile);
  const secrets = new Secrets({ SQL_SESSIONS_TOKEN: "it's-a-token" });

  test.for<Partial<WireRequest>>([
    { target: '/v1/workspaces/a/sessions/%ZZ' },
    { target: '/a/../b/./c//d' },
    { target: "/quote/'/and/{a,b}/[1-9]" },
    { target: `/${'a'.repeat(4096)}` },
    { headers: [['X-Auth-Token', "it's-a-token"]] },
    { headers: [['X-Auth-Token', "it's-a-toke"]] },
    { headers: [['X-Auth-Token', "it's-a-tokenx"]] },
    { headers: [['X-Auth-Token', '']] },
    { headers: [['X-Long', 'x'.repeat(7000)]] },
    { headers: [['Content-Type', 'application/json']], body: '{"a":"it\'s"}' },
    { headers: [['Content-Type', 'application/json']], body: Buffer.from([0, 255, 37, 92, 10]) },
    { headers: [['Content-Type', 'application/json']], body: `{"a":"${'x'.repeat(20_000)}"}` },
  ])('its command sends the same: %#', async (request) => {
    const full = { method: 'DELETE', target: '/a', headers: [], ...request };
    await send(request);
    const ours = heard.at(-1);
    const command = toCurl({ request: full, times: 1 }, { url: base }, secrets);
    expect(command.length).toBeLessThan(700);
    await shell('sh', ['-c', command], {
      env: { ...process.env, SQL_SESSIONS_TOKEN: "it's-a-token" },
    });
    const theirs = heard.at(-1);
    expect(theirs).toMatchObject({ method: ours?.method, url: ours?.url, body: ours?.body });
    for (const [name, value] of full.headers) {
      expect(theirs?.headers[(theirs.headers.indexOf(name) ?? -2) + 1]).toBe(value);
    }
  });

  test.each([
    ['t', 'the token, -H "X-Token: t"', 'the token, -H "X-Token: ***"'],
    ['t', '/a?b=%20t&c=\\nt', '/a?b=%20***&c=\\n***'],
    ['admin', 'administrators; "admin"; adminx; ADMIN', 'administrators; "***"; ***; ***'],
    ['it-is-a-token', 'xit-is-a-tokenx', 'x***'],
  ])('the token %s is masked in %s', (token, text, masked) => {
    expect(new Secrets({ TOKEN: token }).mask(text)).toBe(masked);
    if (token === 't') expect(new Secrets({ TOKEN: token }).quote('/to/t')).toBe('/to/"$TOKEN"');
  });

  test.for<Partial<WireRequest>>([
    { target: '/with space' },
    { method: 'HEAD' },
    { headers: [['Transfer-Encoding', 'chunked']], body: '0\r\n\r\n' },
    { bytes: Buffer.from("DELETE /%41\\ HTTP/9.9\r\nX: it's-a-token\0\xff\r\n\r\n", 'latin1') },
  ])('what curl cannot send is printed byte by byte: %#', async (request) => {
    const full = { method: 'DELETE', target: '/a', headers: [], ...request };
    const [print = ''] = toCurl({ request: full, times: 1 }, { url: base }, secrets).split(
      / \| nc [\d.]+ \d+$/,
    );
    const { stdout } = await shell('sh', ['-c', print], {
      env: { ...process.env, SQL_SESSIONS_TOKEN: "it's-a-token" },
      encoding: 'buffer',
    });
    expect(stdout.equals(toBytes(full, base.host))).toBe(true);
  });
});
