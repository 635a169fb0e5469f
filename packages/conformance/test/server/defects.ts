import { createServer as createNetServer, type Socket } from 'node:net';
import { type Behavior, correct, error, jsonOf, type Reply, TOKENS } from './behavior.ts';
import type { TwinOptions } from './twin.ts';
import { withoutFraming } from './without-framing.ts';

export interface Defect extends TwinOptions {
  name: string;
  /** Ids of the checks that must catch it. */
  checks: string[];
  /** Checks that send what the named ones judge. */
  with?: string[];
  /** It takes many seconds to catch, which `pnpm test:slow` has. */
  isSlow?: boolean;
}

type Change = Partial<Behavior>;

export function defect(
  name: string,
  checks: string[],
  behavior: Change,
  also: Partial<Defect> = {},
): Defect {
  return { name, checks, behavior, ...also };
}

/** A defect of all error replies of one status. */
export function badReply(
  name: string,
  checks: string[],
  status: number,
  change: (reply: Reply) => Reply,
  also: Partial<Defect> = {},
): Defect {
  const finish: Behavior['finish'] = (reply) => (reply.status === status ? change(reply) : reply);
  return defect(name, checks, { finish }, { with: ['unknown-id', 'id-characters'], ...also });
}

const ok: Reply = { status: 200 };
const bad = error(400, 'twin.0400', 'ids are 1 to 36 letters, digits or hyphens');

/** A server whose ids follow another rule. */
export function otherIds(name: string, checks: string[], allows: (id: string) => boolean): Defect {
  return defect(name, checks, { allows });
}

const foreign = (sessions: Parameters<Behavior['find']>[0], workspace: string, id: string) =>
  sessions.find((one) => one.workspace === workspace && one.id === id);

export const basicDefects: Defect[] = [
  // Outcomes
  defect('refuses to close at all', ['success'], {
    close: async () => error(404, 'twin.0404', 'no'),
  }),
  defect('says closed and does not close', ['removed-for-real'], { close: async () => ok }),
  defect('closes the whole workspace', ['only-the-named'], {
    close: async ({ workspace }, sessions) => {
      for (const one of sessions.filter((other) => other.workspace === workspace)) {
        sessions.splice(sessions.indexOf(one), 1);
      }
      return ok;
    },
  }),
  defect('ignores the workspace', ['every-id-counts'], {
    find: (sessions, tenant, _, id) =>
      sessions.find((one) => one.tenant === tenant && one.id === id),
  }),
  defect('ignores the session id', ['every-id-counts'], {
    find: (sessions, tenant, workspace) =>
      sessions.find((one) => one.tenant === tenant && one.workspace === workspace),
  }),
  (() => {
    const closed = new Set<string>();
    const close: Behavior['close'] = async (session, sessions) => {
      closed.add(session.id);
      return correct.close(session, sessions);
    };
    return defect('responds with 200 on the second close', ['retry-as-declared'], {
      close,
      unknown: (sessions, tenant, workspace, id) =>
        closed.has(id) ? ok : correct.unknown(sessions, tenant, workspace, id),
    });
  })(),
  (() => {
    const closed = new Set<string>();
    return defect('fails on the second close', ['retry-is-safe'], {
      close: async (session, sessions) => {
        closed.add(session.id);
        return correct.close(session, sessions);
      },
      unknown: (sessions, tenant, workspace, id) =>
        closed.has(id) ? correct.fault() : correct.unknown(sessions, tenant, workspace, id),
    });
  })(),
  (() => {
    const closing = new Map<string, () => void>();
    return defect('fails when the same session is closed twice at once', ['parallel'], {
      close: async (session, sessions) => {
        const first = closing.get(session.id);
        first?.();
        if (first) return correct.fault();
        // It is busy with the first close until a second one comes in between.
        await new Promise<void>((resolve) => closing.set(session.id, resolve));
        return correct.close(session, sessions);
      },
    });
  })(),
  badReply('responds with 504 when time is over', ['timeout-status'], 408, (reply) => ({
    ...reply,
    status: 504,
  })),
  badReply('responds with 503 for an inner fault', ['inner-fault-status'], 500, (reply) => ({
    ...reply,
    status: 503,
  })),
  badReply('shows a stack trace in a 500', ['inner-fault-status'], 500, () =>
    error(500, 'twin.0500', 'Error: no\n    at close (server.js:12:34)'),
  ),
  badReply('shows its SQL in a 500', ['inner-fault-status'], 500, () =>
    error(500, 'twin.0500', 'failed: SELECT pid FROM pg_stat_activity WHERE usename = $1'),
  ),
  badReply(
    'shows a path in a 408',
    ['response-no-details'],
    408,
    () => error(408, 'twin.0408', 'see /var/log/twin/errors.log'),
    { with: ['timeout-status'] },
  ),
  badReply('shows a host in a 500', ['inner-fault-status'], 500, () =>
    error(500, 'twin.0500', 'connect ECONNREFUSED 10.1.2.3:5432'),
  ),
  badReply('shows a secret of the setup', ['response-no-details'], 404, () =>
    error(404, 'twin.0404', 'not on db-17-primary'),
  ),

  // Tokens
  defect('skips the token', ['token-missing', 'token-bad'], {
    authenticate: () => ({ tenant: 'main' }),
  }),
  defect('takes any token', ['token-bad'], {
    authenticate: (token) => (token ? { tenant: 'main' } : correct.authenticate(token)),
  }),
  defect('compares the beginning of the token', ['token-bad'], {
    authenticate: (token) =>
      correct.authenticate(token?.startsWith(TOKENS.main) ? TOKENS.main : token),
  }),
  defect('takes the token from a cookie', ['token-elsewhere'], {
    tokenOf: (request) =>
      /x-auth-token=([^;]+)/i.exec(request.headers.cookie ?? '')?.[1] ?? correct.tokenOf(request),
  }),
  defect('takes the token from Authorization', ['token-elsewhere'], {
    tokenOf: (request) =>
      request.headers.authorization?.replace('Bearer ', '') ?? correct.tokenOf(request),
  }),
  defect('validates before it asks who calls', ['token-before-validation'], {
    order: ['ids', 'body', 'caller'],
  }),
  defect('knows one spelling of the header', ['token-header-case'], {
    tokenOf: (request) => request.rawHeaders[request.rawHeaders.indexOf('X-Auth-Token') + 1],
  }),
  defect('closes sessions of other tenants', ['tenant-isolation'], {
    find: (sessions, _tenant, workspace, id) => foreign(sessions, workspace, id),
  }),
  defect('responds with 403 for sessions of other tenants', ['tenant-isolation'], {
    unknown: (sessions, tenant, workspace, id) =>
      foreign(sessions, workspace, id)
        ? (correct.authenticate(TOKENS.suspended) as { refusal: Reply }).refusal
        : correct.unknown(sessions, tenant, workspace, id),
  }),
  defect('words its 404 differently for other tenants', ['tenant-isolation'], {
    unknown: (sessions, tenant, workspace, id) =>
      foreign(sessions, workspace, id)
        ? error(404, 'twin.0404', 'there is no such session of yours')
        : correct.unknown(sessions, tenant, workspace, id),
  }),
  badReply('gives 403 the shape of other errors', ['forbidden-shape'], 403, () =>
    error(403, 'twin.0403', 'suspended'),
  ),
  defect(
    'asks for a token that it says it does not need',
    ['token-optional'],
    {},
    { requiresToken: false },
  ),

  // Methods
  badReply(
    'leaves Allow out of its 405',
    ['method-allow-header'],
    405,
    ({ headers: _, ...reply }) => reply,
  ),
  badReply('fails on other methods', ['method-not-allowed'], 405, () => correct.fault()),
  defect('takes methods it does not know for its own', ['method-unknown'], {
    methodOf: (request) => (request.method === 'TRACE' ? 'DELETE' : (request.method ?? '')),
    unknown: () => ok,
  }),
  defect('lets a header change the method', ['method-override-ignored'], {
    methodOf: (request) => String(request.headers['x-http-method-override'] ?? request.method),
  }),

  // Paths
  defect('fails on an empty segment', ['path-empty-segment'], {
    route: (call) => (call.segments.includes('') ? correct.fault() : correct.route(call)),
  }),
  defect('fails on doubled slashes', ['path-doubled-slash'], {
    route: (call) => (call.request.url?.includes('//') ? correct.fault() : correct.route(call)),
  }),
  defect('climbs the path', ['path-climbing'], {
    route: (call) => (call.segments.includes('..') ? ok : correct.route(call)),
  }),
  defect('serves a page for every unknown path', ['path-unknown'], {
    route(call) {
      const reply = correct.route(call);
      return reply?.status === 404 ? { status: 200, raw: '<!doctype html>' } : reply;
    },
  }),

  // Ids
  otherIds(
    'allows 37 characters',
    ['id-too-long'],
    (id) => correct.allows(id.slice(0, 36)) && id.length < 38,
  ),
  otherIds('allows ids of any length', ['id-too-long'], (id) => /^[A-Za-z0-9-]+$/.test(id)),
  otherIds('allows underscores', ['id-characters'], (id) =>
    correct.allows(id.replaceAll('_', '-')),
  ),
  otherIds('allows letters of every script', ['id-unicode'], (id) =>
    /^[\p{L}\p{N}-]{1,36}$/u.test(id),
  ),
  otherIds(
    'looks at the beginning of the id only',
    ['id-characters', 'id-control-characters'],
    (id) => /^[A-Za-z0-9-]/.test(id),
  ),
  otherIds('looks at the first line of the id only', ['id-control-characters'], (id) =>
    /^[A-Za-z0-9-]{1,36}$/m.test(id),
  ),
  otherIds(
    'wants two characters at least',
    ['id-limits-accepted'],
    (id) => correct.allows(id) && id.length > 1,
  ),
  otherIds(
    'wants 35 characters at most',
    ['id-limits-accepted'],
    (id) => correct.allows(id) && id.length < 36,
  ),
  otherIds('allows small letters only', ['id-limits-accepted'], (id) =>
    /^[a-z0-9-]{1,36}$/.test(id),
  ),
  defect('trims ids', ['id-not-trimmed'], { decode: (segment) => correct.decode(segment)?.trim() }),
  defect('ends ids at a NUL', ['id-not-trimmed', 'id-control-characters'], {
    decode: (segment) => correct.decode(segment)?.split('\0')[0],
  }),
  defect('decodes ids twice', ['id-encoded-twice'], {
    decode: (segment) => correct.decode(correct.decode(segment) ?? '%'),
  }),
  defect('does not decode ids', ['id-encoded-form'], { decode: (segment) => segment }),
  defect('fails on escaped slashes', ['id-encoded-slash'], {
    decode: (segment) => (/%2f/i.test(segment) ? decodeURIComponent('%') : correct.decode(segment)),
  }),
  defect('serves whatever a URL parser makes of escaped dots', ['id-encoded-dots'], {
    split: (target) => correct.split(URL.parse(target, 'http://twin')?.pathname ?? target),
    unknown: () => ok,
    route: (call) => (call.segments.length < 5 ? ok : correct.route(call)),
  }),
  defect('fails on malformed escapes', ['id-malformed-escape'], { decode: decodeURIComponent }),
  defect(
    'dies of malformed escapes',
    ['id-malformed-escape'],
    {},
    {
      wrap(server) {
        server.prependListener('request', (request) => {
          if (!/%(?![0-9a-f]{2})/i.test(request.url ?? '')) return;
          request.socket.destroy();
          server.close();
        });
        return server;
      },
    },
  ),
  defect('responds with 200 for unknown ids', ['unknown-id'], { unknown: () => ok }),
  badReply('responds with 422 for 400', ['id-characters'], 400, (reply) => ({
    ...reply,
    status: 422,
  })),

  // Headers
  defect('responds in HTML to who accepts it', ['header-accept'], {
    finish: (reply, { request }) =>
      request.headers.accept?.includes('html')
        ? { ...reply, raw: '<p>no</p>', headers: { 'Content-Type': 'text/html' } }
        : reply,
  }),
  defect(
    'takes a request without a host',
    ['header-host'],
    {},
    { http: { requireHostHeader: false } },
  ),
  defect('fails on long headers', ['header-long'], {
    finish: (reply, { request }) =>
      String(request.headers['x-long']).length > 5000 ? correct.fault() : reply,
  }),

  // Bodies
  defect('refuses the documented body', ['body-documented'], {
    judgeBody: (text) => (text.length > 0 ? bad : undefined),
  }),
  defect('refuses chunks', ['body-documented'], {
    finish: (reply, { request }) => (request.headers['transfer-encoding'] ? bad : reply),
  }),
  defect('wants a body where a type is announced', ['body-absent'], {
    judgeBody: (text, type) => (type && text.length === 0 ? bad : correct.judgeBody(text, type)),
  }),
  defect('fails on broken JSON', ['body-broken-json'], {
    judgeBody(text, type) {
      if (text.length > 0) JSON.parse(text.toString());
      return correct.judgeBody(text, type);
    },
  }),
  defect(
    'hangs on broken JSON',
    ['body-broken-json'],
    {
      judgeBody: (text, type) =>
        text.toString() === '{' ? error(599, 'never', 'never') : correct.judgeBody(text, type),
      send: (reply, response) => (reply.status === 599 ? undefined : correct.send(reply, response)),
    },
    { timeout: 1500 },
  ),
  defect('fails on a body of another shape', ['body-rules'], {
    judgeBody: (text, type) =>
      text.toString() === 'null' ? correct.fault() : correct.judgeBody(text, type),
  }),
  defect('takes every body without members for an empty object', ['body-rules'], {
    judgeBody(text, type) {
      const json = text.length > 0 ? jsonOf(text) : undefined;
      return json !== undefined && Object.keys(json ?? {}).length === 0
        ? undefined
        : correct.judgeBody(text, type);
    },
  }),
  defect('judges the members of an object, and lets any other value pass', ['body-rules'], {
    judgeBody(text, type) {
      const json = text.length > 0 ? jsonOf(text) : undefined;
      return json === undefined || (typeof json === 'object' && json && !Array.isArray(json))
        ? correct.judgeBody(text, type)
        : undefined;
    },
  }),
  defect('takes broken JSON for no body', ['body-broken-json'], {
    judgeBody: (text, type) =>
      jsonOf(text) === undefined ? undefined : correct.judgeBody(text, type),
  }),
  defect('fails on a large body', ['body-large'], {
    largestBody: 10_000_000,
    judgeBody: (text, type) =>
      text.length > 500_000 ? correct.fault() : correct.judgeBody(text, type),
  }),
  (() => {
    let named = '';
    return defect('takes ids from the body', ['body-cannot-redirect'], {
      judgeBody(text, type) {
        named = /"session_id":"([^"]+)"/.exec(text.toString())?.[1] ?? '';
        return named === '' ? correct.judgeBody(text, type) : undefined;
      },
      find: (sessions, tenant, workspace, id) =>
        sessions.find((one) => one.id === named) ?? correct.find(sessions, tenant, workspace, id),
    });
  })(),

  // Connections
  defect(
    'believes two lengths',
    ['smuggling-two-lengths'],
    {},
    { http: { insecureHTTPParser: true } },
  ),
  defect(
    'does not know where a request ends',
    [
      'connection-in-step',
      'smuggling-two-lengths',
      'smuggling-bad-length',
      'smuggling-transfer-coding',
      'smuggling-chunks',
    ],
    {},
    { wrap: () => withoutFraming() },
  ),
  defect(
    'responds whatever the request line is',
    ['request-line'],
    {},
    { wrap: () => withoutFraming() },
  ),
  defect(
    'serves one caller after the other',
    ['slow-callers'],
    {},
    { wrap: oneAtATime, timeout: 1500 },
  ),
  (() => {
    const waiting: (() => void)[] = [];
    let timer: NodeJS.Timeout | undefined;
    const flush = () => {
      for (const send of waiting.splice(0)) send();
    };
    const send: Behavior['send'] = (reply, response) => {
      // Nobody is served while more callers come in.
      clearTimeout(timer);
      timer = setTimeout(flush, 200);
      const full = waiting.length >= 20;
      waiting.push(() => correct.send(full ? { status: 503 } : reply, response));
    };
    return defect('has room for twenty callers', ['burst'], { send }, { isSlow: true });
  })(),

  // Every reply
  badReply('sends problem+json', ['response-content-type'], 404, (reply) => ({
    ...reply,
    headers: { 'Content-Type': 'application/problem+json' },
  })),
  badReply('sends JSON as HTML', ['response-content-type'], 400, (reply) => ({
    ...reply,
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  })),
  badReply('sends JSON in another encoding', ['response-json'], 404, () => ({
    status: 404,
    raw: Buffer.from('{"error_code":"twin.0404","error_msg":"caf\xe9"}', 'latin1'),
  })),
  badReply('sends text where JSON belongs', ['response-json'], 404, () => ({
    status: 404,
    raw: 'not found',
  })),
  badReply('sends an empty error', ['response-json'], 404, () => ({
    status: 404,
    headers: { 'Content-Type': 'application/json' },
  })),
  badReply('has an error_code of 37 characters', ['response-schema'], 404, () =>
    error(404, 'c'.repeat(37), 'no such session'),
  ),
  badReply('has an error_code of 7 characters', ['response-schema'], 404, () =>
    error(404, 'no.0404', 'no such session'),
  ),
  badReply('has an error_msg of 4097 characters', ['response-schema'], 404, () =>
    error(404, 'twin.0404', 'x'.repeat(4097)),
  ),
  badReply('has an integer where a string belongs', ['response-schema'], 404, () => ({
    status: 404,
    body: { error_code: 404, error_msg: 'no such session' },
  })),
  badReply('leaves error_msg out', ['response-schema'], 400, () => ({
    status: 400,
    body: { error_code: 'twin.0400' },
  })),
  badReply('wraps its errors in a list', ['response-schema'], 404, ({ body }) => ({
    status: 404,
    body: [body],
  })),
  defect(
    'quotes the token in a response',
    ['response-no-token'],
    {
      finish: (reply, { token }) =>
        reply.status === 404 ? error(404, 'twin.0404', `not yours, ${token}`) : reply,
    },
    { with: ['unknown-id'] },
  ),
  badReply('announces fewer bytes than it sends', ['response-framing'], 404, (reply) => ({
    ...reply,
    raw: `${JSON.stringify(reply.body)}more`,
    headers: { 'Content-Length': String(JSON.stringify(reply.body).length) },
  })),
];

/** Serves a connection only when the one before it is over. */
function oneAtATime(server: Parameters<NonNullable<TwinOptions['wrap']>>[0]) {
  let last = Promise.resolve();
  return createNetServer((socket: Socket) => {
    socket.on('error', () => undefined);
    const turn = last;
    last = turn.then(() => {
      if (socket.destroyed) return;
      server.emit('connection', socket);
      return new Promise((resolve) => {
        socket.once('close', () => resolve());
      });
    });
  });
}
