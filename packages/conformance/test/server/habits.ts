import { STATUS_CODES } from 'node:http';
import { type Behavior, correct, error, jsonOf, type Reply, TOKENS } from './behavior.ts';
import type { TwinOptions } from './twin.ts';

export interface Habit extends TwinOptions {
  name: string;
}

const habit = (name: string, behavior: Partial<Behavior>): Habit => ({ name, behavior });

const forbidden = () => (correct.authenticate(TOKENS.suspended) as { refusal: Reply }).refusal;
const isKnown = (token = '') => Object.values(TOKENS).includes(token);

/** Changes every response of some statuses. */
const finish = (name: string, statuses: readonly number[], change: (reply: Reply) => Reply) =>
  habit(name, { finish: (reply) => (statuses.includes(reply.status) ? change(reply) : reply) });

const ALL = [200, 400, 401, 403, 404, 405, 408, 500];
const header = (name: string, value: () => string) =>
  finish(`sends ${name}`, ALL, (reply) => ({
    ...reply,
    headers: { ...reply.headers, [name]: value() },
  }));

const extra =
  (field: object) =>
  (reply: Reply): Reply =>
    typeof reply.body === 'object' ? { ...reply, body: { ...reply.body, ...field } } : reply;

/** Routes otherwise where the condition holds. */
const route = (name: string, isMeant: (url: string) => boolean, reply: () => Reply) =>
  habit(name, {
    route: (call) => (isMeant(call.request.url ?? '') ? reply() : correct.route(call)),
  });

/** Writes each response byte by byte, as a server without a library does. */
const raw = (name: string, write: (head: string[], body: string) => string) =>
  habit(`byte by byte: ${name}`, {
    send({ status, body, raw: text, headers = {} }, response) {
      const content = `${text ?? (body === undefined ? '' : JSON.stringify(body))}`;
      const head = [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        `Date: ${new Date().toUTCString()}`,
        ...(content === '' ? [] : ['Content-Type: application/json']),
        ...Object.entries(headers).map(([key, value]) => `${key}: ${value}`),
      ];
      response.socket?.end(write(head, content));
    },
  });

const whole = (head: string[], body: string) =>
  [...head, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', '', body].join(
    '\r\n',
  );

let count = 0;

/** What a correct server may do all the same. */
export const habits: readonly Habit[] = [
  habit('403 for a missing and for a wrong token', {
    authenticate: (token) =>
      isKnown(token) ? correct.authenticate(token) : { refusal: forbidden() },
  }),
  habit('403 for a wrong token only', {
    authenticate: (token) =>
      token && !isKnown(token) ? { refusal: forbidden() } : correct.authenticate(token),
  }),
  habit('validation before authentication', { order: ['ids', 'body', 'caller'] }),
  habit('ids before, the body after authentication', { order: ['ids', 'caller', 'body'] }),
  habit('bodies before anything else', { order: ['body', 'caller', 'ids'] }),
  habit('bodies are not read', { judgeBody: () => undefined }),
  habit('bodies are parsed and not judged', {
    judgeBody: (text, type) =>
      jsonOf(text) !== undefined ? undefined : correct.judgeBody(text, type),
  }),
  habit('members that are not documented are dropped', {
    judgeBody: (text, type) =>
      correct.judgeBody(Buffer.from(`${text}`.replace(/^\{.*\}$/s, '{}')), type),
  }),
  habit('null is no body', {
    judgeBody: (text, type) => (`${text}` === 'null' ? undefined : correct.judgeBody(text, type)),
  }),
  finish('404 for other methods', [405], () => error(404, 'twin.0404', 'nothing here')),
  finish('501 for other methods', [405], () => ({ status: 501 })),
  finish('405 without a body', [405], ({ headers = {} }) => ({ status: 405, headers })),
  route(
    '400 for dot segments',
    (url) => /%2e|\/\.\.?(\/|$)/i.test(url),
    () => error(400, 'twin.0400', 'dots'),
  ),
  route(
    'redirects to a clean path',
    (url) => /\/\/|%2e|\/\.\.?(\/|$)/i.test(url),
    () => ({
      status: 308,
      headers: { Location: '/' },
    }),
  ),
  route(
    '404 for escaped slashes',
    (url) => /%2f|%5c/i.test(url),
    () => error(404, 'twin.0404', 'no'),
  ),
  route(
    'HTML for a malformed target',
    (url) => /%(?![0-9a-f]{2})|%00/i.test(url),
    () => ({
      status: 400,
      raw: '<h1>Bad Request</h1>',
      headers: { 'Content-Type': 'text/html' },
    }),
  ),
  route(
    '414 for long targets',
    (url) => url.length > 1500,
    () => ({ status: 414 }),
  ),
  route(
    'more operations than the contract',
    (url) => url === '/',
    () => ({ status: 200, raw: 'hello' }),
  ),
  habit('closed after a 408', {
    async close(session, sessions) {
      if (!session.stuck) return correct.close(session, sessions);
      setTimeout(() => correct.close({ ...session, stuck: false }, sessions), 0);
      return error(408, 'twin.0408', 'it did not end in time');
    },
  }),
  header('Server', () => 'twin/1.0'),
  header('X-Request-Id', () => `${++count}`),
  header('X-Amz-Trace', () => `${++count}`),
  header('ETag', () => `"${++count}"`),
  header('Cache-Control', () => 'no-store'),
  header('Strict-Transport-Security', () => 'max-age=31536000'),
  header('Set-Cookie', () => `lb=${++count}; HttpOnly`),
  header('Vary', () => 'Accept, Accept-Encoding'),
  header('X-RateLimit-Remaining', () => `${++count}`),
  finish('more fields in errors', ALL, extra({ documentation: 'https://docs.example' })),
  finish('a trace id in errors', ALL, (reply) => extra({ trace_id: `${++count}` })(reply)),
  finish('a solution in errors', [400, 404], extra({ solution_msg: 'look at the id' })),
  finish('the longest message', [404], () => error(404, 'twin.0404', 'x'.repeat(4096))),
  finish('the shortest code', [404], () => error(404, '12345678', 'no')),
  finish('letters of every script in messages', [404], () =>
    error(404, 'twin.0404', '見つかりません'),
  ),
  finish('charset=utf-8', ALL, (reply) => ({
    ...reply,
    headers: {
      ...reply.headers,
      ...(reply.body !== undefined && { 'Content-Type': 'application/json; charset=utf-8' }),
    },
  })),
  finish('Charset="UTF-8"', ALL, (reply) => ({
    ...reply,
    headers: {
      ...reply.headers,
      ...(reply.body !== undefined && { 'Content-Type': 'Application/JSON; Charset="UTF-8"' }),
    },
  })),
  finish('pretty JSON', ALL, (reply) => ({
    ...reply,
    ...(reply.body !== undefined && { raw: JSON.stringify(reply.body, null, 2) }),
  })),
  finish('a body with the success', [200], () => ({ status: 200, body: { closed: true } })),
  finish('a text with the success', [200], () => ({
    status: 200,
    raw: 'OK',
    headers: { 'Content-Type': 'text/plain' },
  })),
  habit('bodies are not read', { judgeBody: () => undefined }),
  habit('415 for other types', {
    judgeBody: (text, type) =>
      text.length > 0 && !/^application\/json\b/i.test(type ?? '')
        ? { status: 415 }
        : correct.judgeBody(text, type),
  }),
  habit('chunked responses', {
    send({ status, body, raw, headers = {} }, response) {
      const type = { ...((body ?? raw) !== undefined && { 'Content-Type': 'application/json' }) };
      response.writeHead(status, { ...type, ...headers });
      response.end(raw ?? (body === undefined ? '' : JSON.stringify(body)));
    },
  }),
  raw('closes every connection', whole),
  raw('HTTP/1.0', ([line = '', ...head], body) =>
    whole([line.replace('/1.1', '/1.0'), ...head], body),
  ),
  raw('a body that ends with the connection', (head, body) =>
    [...head, 'Connection: close', '', body].join('\r\n'),
  ),
  raw('no reason phrase', ([line = '', ...head], body) =>
    whole([line.slice(0, 13), ...head], body),
  ),
  raw('names of headers in small letters', ([line = '', ...head], body) =>
    whole([line, ...head.map((one) => one.replace(/^[^:]+/, (name) => name.toLowerCase()))], body),
  ),
  raw('names of headers in capitals, no space behind the colon', ([line = '', ...head], body) =>
    whole(
      [
        line,
        ...head.map((one) => one.replace(/^([^:]+): /, (_, name) => `${name.toUpperCase()}:`)),
      ],
      body,
    ),
  ),
  raw('a line break behind the JSON', (head, body) => whole(head, body && `${body}\n`)),
  raw('chunks with extensions and a trailer', (head, body) =>
    [
      ...head,
      'Transfer-Encoding: chunked',
      '',
      ...(body === '' ? [] : [`${Buffer.byteLength(body).toString(16)};a=b`, body]),
      '0',
      'X-Trailer: 1',
      '\r\n',
    ].join('\r\n'),
  ),
  raw(
    'a 103 before each response',
    (head, body) => `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${whole(head, body)}`,
  ),
  {
    name: 'success for a second close',
    retries: 'success',
    behavior: (() => {
      const closed = new Set<string>();
      const key = (workspace: string, id: string) => `${workspace} ${id}`;
      return {
        async close(session, sessions) {
          if (!session.stuck) closed.add(key(session.workspace, session.id));
          return correct.close(session, sessions);
        },
        unknown: (sessions, tenant, workspace, id) =>
          closed.has(key(workspace, id)) && workspace === `${tenant}-ws`
            ? { status: 200 }
            : correct.unknown(sessions, tenant, workspace, id),
      } satisfies Partial<Behavior>;
    })(),
  },
  habit('429 now and then', {
    // Before anything is done.
    route: (call) =>
      ++count % 97 === 0
        ? { ...error(429, 'twin.0429', 'slower'), headers: { 'Retry-After': '0' } }
        : correct.route(call),
  }),
];
