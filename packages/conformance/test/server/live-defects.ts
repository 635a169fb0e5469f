import type { IncomingMessage } from 'node:http';
import {
  type Behavior,
  type Call,
  correct,
  error,
  type Reply,
  type Session,
  TOKENS,
} from './behavior.ts';
import { badReply, type Defect, defect, otherIds } from './defects.ts';

const ok: Reply = { status: 200 };

/** The session that a call names, whatever else is wrong with the call. */
const named = ({ segments }: Call, sessions: readonly Session[]) =>
  sessions.find(({ id }) => segments.some((segment) => segment.includes(id)));

function remove(session: Session | undefined, sessions: Session[]): void {
  const index = session ? sessions.indexOf(session) : -1;
  if (index !== -1) sessions.splice(index, 1);
}

/** Closes the session although it says no. */
const closesBehind = (status: number, checks: string[]) =>
  defect(`closes the session behind a ${status}`, checks, {
    finish(reply, call, sessions) {
      if (reply.status === status) remove(named(call, sessions), sessions);
      return reply;
    },
  });

/** Finds a workspace by another rule than equality. */
const findsWorkspace = (name: string, like: (own: string, sent: string) => boolean) =>
  defect(name, ['id-exact'], {
    find: (sessions, tenant, workspace, id) =>
      sessions.find(
        (one) => one.tenant === tenant && one.id === id && like(one.workspace, workspace),
      ),
  });

/** Finds a session by another rule than equality. */
const finds = (
  name: string,
  like: (session: Session, id: string) => boolean,
  allows: Behavior['allows'] = correct.allows,
) =>
  defect(name, ['id-exact'], {
    allows,
    find: (sessions, tenant, workspace, id) =>
      sessions.find((one) => one.tenant === tenant && one.workspace === workspace && like(one, id)),
  });

/** Takes another method for DELETE. */
const takes = (name: string, checks: string[], isMeant: (request: IncomingMessage) => boolean) =>
  defect(name, checks, {
    methodOf: (request) => (isMeant(request) ? 'DELETE' : (request.method ?? '')),
    judgeBody: (text, type) =>
      /urlencoded/.test(type ?? '') ? undefined : correct.judgeBody(text, type),
  });

const query = (name: string) => (request: IncomingMessage) =>
  new URLSearchParams(request.url?.split('?')[1]).get(name) === 'DELETE';
const header = (name: string) => (request: IncomingMessage) => request.headers[name] === 'DELETE';

/** Closes a neighbor of the named session as well. */
const closesNeighbor = (name: string, distance: number) =>
  defect(name, ['only-the-named'], {
    async close(session, sessions) {
      const other = sessions[sessions.indexOf(session) + distance];
      const reply = await correct.close(session, sessions);
      remove(other, sessions);
      return reply;
    },
  });

/** Says more in its 404 than it should. */
const tells = (what: string, message: string) =>
  badReply(`tells ${what}`, ['response-no-details'], 404, () => error(404, 'twin.0404', message));

const refusesType = (name: string, pattern: RegExp) =>
  defect(name, ['body-documented'], {
    judgeBody: (text, type) =>
      text.length > 0 && pattern.test(type ?? '')
        ? error(400, 'twin.0400', 'which type?')
        : correct.judgeBody(text, type),
  });

const acceptsToken = (name: string, isFine: (token: string) => boolean, checks = ['token-bad']) =>
  defect(name, checks, {
    authenticate: (token = '') => correct.authenticate(isFine(token) ? TOKENS.main : token),
  });

const counter = (every: number) => {
  let count = 0;
  return () => ++count % every === 0;
};

export const liveDefects: Defect[] = [
  closesBehind(400, ['body-broken-json']),
  closesBehind(401, ['token-missing', 'token-bad']),
  closesBehind(403, ['forbidden-shape']),
  closesBehind(405, ['method-not-allowed']),
  finds('knows no letter case', (one, id) => one.id.toLowerCase() === id.toLowerCase()),
  finds('takes the beginning of an id for the id', (one, id) => one.id.startsWith(id)),
  finds('takes the end of an id for the id', (one, id) => one.id.endsWith(id)),
  finds('overlooks what follows the id', (one, id) => id.startsWith(one.id)),
  finds('overlooks what stands before the id', (one, id) => id.endsWith(one.id)),
  finds('overlooks hyphens', (one, id) => one.id.replaceAll('-', '') === id.replaceAll('-', '')),
  finds(
    'takes a star for any id',
    (one, id) => one.id === id || id === '*',
    (id) => correct.allows(id) || id === '*',
  ),
  finds(
    'looks for ids with LIKE',
    (one, id) => new RegExp(`^${id.replaceAll('%', '.*')}$`).test(one.id),
    (id) => /^[A-Za-z0-9%-]{1,36}$/.test(id),
  ),
  finds(
    'looks for ids with a regular expression',
    (one, id) => new RegExp(`^${id}$`).test(one.id),
    (id) => /^[A-Za-z0-9.*-]{1,36}$/.test(id),
  ),
  findsWorkspace(
    'knows no letter case of workspaces',
    (own, sent) => own.toLowerCase() === sent.toLowerCase(),
  ),
  findsWorkspace('takes the beginning of a workspace', (own, sent) => own.startsWith(sent)),
  findsWorkspace('overlooks what follows the workspace', (own, sent) => sent.startsWith(own)),
  findsWorkspace('takes a hyphen for any workspace', (own, sent) => sent === '-' || own === sent),
  finds('takes 0 for any id', (one, id) => one.id === id || id === '0'),
  defect('takes an empty id for any id', ['path-empty-segment'], {
    route: (call) => (call.segments[4] === '' ? undefined : correct.route(call)),
    allows: (id) => id === '' || correct.allows(id),
    find: (sessions, tenant, workspace, id) =>
      sessions.find(
        (one) =>
          one.tenant === tenant && one.workspace === workspace && (id === '' || one.id === id),
      ),
  }),
  defect('takes an empty workspace for any', ['path-empty-segment'], {
    route: (call) => (call.segments[2] === '' ? undefined : correct.route(call)),
    allows: (id) => id === '' || correct.allows(id),
    find: (sessions, tenant, workspace, id) =>
      sessions.find(
        (one) =>
          one.tenant === tenant &&
          (workspace === '' || one.workspace === workspace) &&
          one.id === id,
      ),
  }),
  defect('resolves dot segments', ['path-dot-segments'], {
    split: (target) => correct.split(URL.parse(target, 'http://twin')?.pathname ?? target),
  }),
  defect('drops path parameters', ['path-dot-segments'], {
    split: (target) => correct.split(target.replace(/\/\.\.;(?=\/)/, '')),
  }),
  takes('closes with a GET', ['method-not-allowed'], ({ method }) => method === 'GET'),
  takes('closes with a PATCH', ['method-not-allowed'], ({ method }) => method === 'PATCH'),
  takes('closes with OPTIONS', ['method-not-allowed'], ({ method }) => method === 'OPTIONS'),
  takes(
    'closes with a method in small letters',
    ['method-unknown'],
    ({ method }) => method === 'TRACE',
  ),
  takes('knows X-HTTP-Method', ['method-override-ignored'], header('x-http-method')),
  takes('knows X-Method-Override', ['method-override-ignored'], header('x-method-override')),
  takes('knows _method in the query', ['method-override-ignored'], query('_method')),
  takes('knows _METHOD in the query', ['method-override-ignored'], query('_METHOD')),
  takes('knows _method in a form', ['method-override-ignored'], ({ headers }) =>
    /urlencoded/.test(headers['content-type'] ?? ''),
  ),
  closesNeighbor('closes the session opened before as well', -1),
  closesNeighbor('closes the session opened next as well', 1),
  (() => {
    const lies = counter(10);
    return defect('lies in every tenth 200', ['removed-for-real'], {
      close: async (session, sessions) => (lies() ? ok : correct.close(session, sessions)),
    });
  })(),
  defect('responds before it closes', ['removed-for-real'], {
    async close(session, sessions) {
      setTimeout(() => remove(session, sessions), 500);
      return ok;
    },
  }),
  defect('says closed where it ran out of time', ['timeout-status'], {
    close: async (session, sessions) => (session.stuck ? ok : correct.close(session, sessions)),
  }),
  (() => {
    const gone = new Set<Session>();
    return defect('fails for good after a timeout', ['timeout-status'], {
      async close(session, sessions) {
        if (session.stuck) gone.add(session);
        return gone.has(session) && !session.stuck
          ? correct.fault()
          : correct.close(session, sessions);
      },
    });
  })(),
  (() => {
    let broken = false;
    return defect('does not recover from a fault', ['inner-fault-status'], {
      finish(reply) {
        const stays = broken ? correct.fault() : reply;
        broken ||= reply.status === 500;
        return stays;
      },
    });
  })(),
  defect('responds with 204 to a close', ['success'], {
    async close(session, sessions) {
      await correct.close(session, sessions);
      return { status: 204 };
    },
  }),
  defect('redirects after a close', ['success'], {
    async close(session, sessions) {
      await correct.close(session, sessions);
      return { status: 303, headers: { Location: '/' } };
    },
  }),

  // Tokens
  acceptsToken('knows no letter case of tokens', (token) => token.toLowerCase() === TOKENS.main),
  acceptsToken(
    'takes the beginning of a token',
    (token) => token.length > 5 && TOKENS.main.startsWith(token),
  ),
  acceptsToken('takes an empty token', (token) => token === '', ['token-missing']),
  acceptsToken('takes "null" for a token', (token) => token === 'null'),
  acceptsToken('pastes the token into SQL', (token) => token.includes("' OR '")),
  acceptsToken('takes long tokens', (token) => token.length > 1000),
  acceptsToken('takes tokens with a letter more', (token) => token.slice(0, -1) === TOKENS.main),
  defect('fails on a token of punctuation', ['token-bad'], {
    authenticate: (token) =>
      token?.includes("'") ? { refusal: correct.fault() } : correct.authenticate(token),
  }),
  defect('responds with 400 to a missing token', ['token-missing'], {
    authenticate: (token) =>
      token ? correct.authenticate(token) : { refusal: error(400, 'twin.0400', 'which token?') },
  }),
  defect('responds with 404 to a wrong token', ['token-bad'], {
    authenticate: (token) =>
      token === undefined || Object.values(TOKENS).includes(token)
        ? correct.authenticate(token)
        : { refusal: error(404, 'twin.0404', 'nothing here') },
  }),
  defect('takes the token from X-Api-Key', ['token-elsewhere'], {
    tokenOf: (request) => (request.headers['x-api-key'] as string) ?? correct.tokenOf(request),
  }),
  defect('tells strangers what exists', ['token-oracle'], {
    finish: (reply, call, sessions) =>
      reply.status === 401 && named(call, sessions)
        ? { ...error(401, 'twin.0401', 'not yours'), headers: reply.headers ?? {} }
        : reply,
  }),
  defect('has a header for one tenant only', ['tenant-isolation'], {
    finish: (reply, call, sessions) =>
      reply.status === 404 && named(call, sessions)
        ? { ...reply, headers: { 'X-Shard': '7' } }
        : reply,
  }),
  defect('has another error_code for other tenants', ['tenant-isolation'], {
    finish: (reply, call, sessions) =>
      reply.status === 404 && named(call, sessions)
        ? error(404, 'twin.1404', 'there is no such session')
        : reply,
  }),
  defect('closes for other tenants of the same workspace', ['tenant-isolation'], {
    find: (sessions, _, workspace, id) =>
      sessions.find((one) => one.workspace === workspace && one.id === id),
    authenticate: (token) =>
      token === TOKENS.second ? { tenant: 'main' } : correct.authenticate(token),
  }),
  badReply(
    'leaves WWW-Authenticate out of its 401',
    ['response-authenticate'],
    401,
    ({ headers: _, ...reply }) => reply,
    {
      with: ['token-missing'],
    },
  ),

  // Details
  tells('a panic of Rust', "thread 'main' panicked at src/close.rs:42:9"),
  tells('an unwrapped Result of Rust', 'called `Result::unwrap()` on an `Err` value: Elapsed'),
  tells('an error of MySQL', 'You have an error in your SQL syntax; check the manual'),
  tells('a duplicate entry of MySQL', "Duplicate entry '7' for key 'PRIMARY'"),
  tells('an error of Go', 'runtime error: invalid memory address or nil pointer dereference'),
  tells('a goroutine', 'goroutine 17 [running]:'),
  tells('a line of Go', 'sessions/close.go:81'),
  tells('an exception of .NET', 'System.NullReferenceException: Object reference not set'),
  tells('an exception of Java', 'java.lang.IllegalStateException: Connection is closed'),
  tells('a line of Java', 'at SessionService.close(SessionService.java:57)'),
  tells('a traceback of Python', 'Traceback (most recent call last)'),
  tells('an error of Ruby', "undefined method `close' for nil:NilClass"),
  tells(
    'a type error of JavaScript',
    "TypeError: Cannot read properties of undefined (reading 'id')",
  ),
  tells('a property of undefined', "Cannot read properties of undefined (reading 'id')"),
  tells('an error of Elixir', '** (KeyError) key :id not found in: %{}'),
  tells('an exception of Kotlin', 'kotlin.UninitializedPropertyAccessException: lateinit property'),
  tells('a nil of Swift', 'Unexpectedly found nil while unwrapping an Optional value'),
  tells('an error of gRPC', 'rpc error: code = Unavailable desc = transport is closing'),
  tells('an error of Redis', 'WRONGTYPE Operation against a key holding the wrong kind of value'),
  tells('an error of MongoDB', 'E11000 duplicate key error collection: db.sessions'),
  tells('an error of SQLite', 'SQLITE_BUSY: database is locked'),
  tells('an error of SQL Server', "Msg 208, Level 16: Invalid object name 'sessions'"),
  tells('a deadlock', 'deadlock detected'),
  tells('a resource of a cloud', 'arn:aws:rds:eu-west-1:000000000000:db:sessions'),
  tells('an error of Oracle', 'ORA-00942: table or view does not exist'),
  tells('a path of Windows', 'C:\\Services\\sessions\\close.cs is locked'),
  tells('a host of a cluster', 'no route to db-3.sessions.svc.cluster.local'),
  tells('a private address', 'connect ETIMEDOUT 192.168.7.12'),

  // Bodies and headers
  refusesType('refuses charset=utf-8', /charset/),
  refusesType('knows one spelling of the media type', /Application/),
  defect('refuses a line break behind the body', ['body-documented'], {
    judgeBody: (text, type) =>
      text.at(-1) === 10 ? error(400, 'twin.0400', 'what?') : correct.judgeBody(text, type),
  }),
  defect('refuses spaces in the body', ['body-documented'], {
    judgeBody: (text, type) =>
      text.includes(' ') ? error(400, 'twin.0400', 'what?') : correct.judgeBody(text, type),
  }),
  defect('wants a body', ['body-absent'], {
    judgeBody: (text, type) =>
      text.length === 0 ? error(400, 'twin.0400', 'which body?') : correct.judgeBody(text, type),
  }),
  defect('refuses a body that the schema allows', ['body-accepted'], {
    judgeBody: (text) => (text.length > 0 ? error(400, 'twin.0400', 'no body, please') : undefined),
  }),
  defect('fails on a body of a nonsense type', ['body-wrong-type'], {
    judgeBody: (text, type) => (type === ';;=' ? correct.fault() : correct.judgeBody(text, type)),
  }),
  defect('fails on an empty Accept', ['header-accept'], {
    finish: (reply, { request }) => (request.headers.accept === '' ? correct.fault() : reply),
  }),
  defect(
    'keeps callers waiting that expect 100-continue',
    ['header-expect'],
    {},
    {
      timeout: 1500,
      wrap(server) {
        server.on('checkContinue', () => undefined);
        return server;
      },
    },
  ),
  defect(
    'hangs up on HTTP/1.0',
    ['header-http-1.0'],
    {},
    {
      wrap(server) {
        server.prependListener('request', (request) => {
          if (request.httpVersion === '1.0') request.socket.destroy();
        });
        return server;
      },
    },
  ),
  defect('does not know the absolute form', ['header-absolute-form'], {
    split: (target) => (target.split('?')[0] ?? '').split('/').slice(1),
  }),
  defect('chooses one of two hosts', ['header-host'], {}, { lenientHost: true }),

  // Ids
  otherIds('allows dots', ['id-characters'], (id) => /^[A-Za-z0-9.-]{1,36}$/.test(id)),
  otherIds('allows spaces', ['id-characters'], (id) => /^[A-Za-z0-9 -]{1,36}$/.test(id)),
  otherIds('allows a line break at the end', ['id-control-characters'], (id) =>
    correct.allows(id.replace(/\n$/, '')),
  ),
  otherIds('allows digits of every script', ['id-unicode'], (id) =>
    /^[A-Za-z\p{N}-]{1,36}$/u.test(id),
  ),
  otherIds('folds letters of every script', ['id-unicode'], (id) => /^[a-z0-9-]{1,36}$/iu.test(id)),
  otherIds('normalizes ids', ['id-unicode'], (id) => correct.allows(id.normalize('NFKC'))),
  otherIds(
    'refuses hyphens',
    ['id-limits-accepted'],
    (id) => /^[A-Za-z0-9]{1,36}$/.test(id) || id.includes('-ws') || id.startsWith('Session-'),
  ),
  otherIds(
    'refuses digits alone',
    ['id-limits-accepted'],
    (id) => correct.allows(id) && !/^\d+$/.test(id),
  ),
  otherIds(
    'refuses a hyphen at the end',
    ['id-limits-accepted'],
    (id) => correct.allows(id) && !id.endsWith('-'),
  ),
  otherIds('allows 36 bytes and any length of letters', ['id-too-long'], (id) =>
    /^[A-Za-z0-9-]{1,40}$/.test(id),
  ),
  defect(
    'takes minutes for ids that repeat a letter',
    ['id-limits-accepted'],
    {
      send: (reply, response) =>
        /a{31}/.test(response.req.url ?? '') ? undefined : correct.send(reply, response),
    },
    { timeout: 1500, isSlow: true },
  ),
  defect('closes what an escaped NUL hides', ['id-not-trimmed'], {
    decode: (segment) => correct.decode(segment)?.replace(/\0.*$/, ''),
  }),
  defect('cuts a suffix off ids', ['id-not-trimmed'], {
    decode: (segment) => correct.decode(segment)?.replace(/\.json$/, ''),
  }),
  defect('responds with 403 to unknown ids', ['unknown-id'], {
    unknown: () => (correct.authenticate(TOKENS.suspended) as { refusal: Reply }).refusal,
  }),
  defect('responds with 410 to unknown ids', ['unknown-id'], {
    unknown: () => error(410, 'twin.0410', 'gone'),
  }),

  // Every response
  badReply('has a byte order mark', ['response-json'], 404, ({ body }) => ({
    status: 404,
    raw: `\ufeff${JSON.stringify(body)}`,
  })),
  badReply('writes JSON by hand', ['response-json'], 404, () => ({
    status: 404,
    raw: "{'error_code': 'twin.0404'}",
  })),
  badReply('has null for a text', ['response-schema'], 404, () => ({
    status: 404,
    body: { error_code: 'twin.0404', error_msg: null },
  })),
  badReply('has a solution of one letter', ['response-schema'], 404, ({ body }) => ({
    status: 404,
    body: { ...(body as object), solution_msg: '?' },
  })),
  badReply('names its fields otherwise', ['response-schema'], 404, () => ({
    status: 404,
    body: { code: 'twin.0404', message: 'no such session' },
  })),
  badReply('sends Latin-1', ['response-content-type'], 404, (reply) => ({
    ...reply,
    headers: { 'Content-Type': 'application/json; charset=iso-8859-1' },
  })),
  badReply('names no content type', ['response-content-type'], 404, (reply) => ({
    ...reply,
    headers: { 'Content-Type': '' },
  })),
  badReply('announces more bytes than it sends', ['response-framing'], 404, (reply) => ({
    ...reply,
    headers: { 'Content-Length': '500' },
  })),
  defect(
    'does not tell the date',
    ['response-date'],
    {
      send(reply, response) {
        response.sendDate = false;
        correct.send(reply, response);
      },
    },
    { with: ['unknown-id'] },
  ),
  defect(
    'takes its time',
    ['response-in-time'],
    {
      send: (reply, response) => void setTimeout(() => correct.send(reply, response), 300),
    },
    { with: ['unknown-id'], responseTime: 200 },
  ),
  badReply('lists the wrong methods in Allow', ['method-allow-header'], 405, (reply) => ({
    ...reply,
    headers: { Allow: 'GET' },
  })),
];
