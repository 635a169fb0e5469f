import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Session {
  tenant: string;
  workspace: string;
  id: string;
  stuck: boolean;
}

export interface Reply {
  status: number;
  body?: unknown;
  /** Sent instead of `body` as JSON. */
  raw?: string | Buffer;
  headers?: Record<string, string>;
}

export interface Call {
  request: IncomingMessage;
  method: string;
  /** Raw segments of the path. */
  segments: string[];
  token: string | undefined;
}

export type Caller = { tenant: string } | { refusal: Reply };

/** Everything that the small server decides, so that a defect is one other decision. */
export interface Behavior {
  /** Splits a target into the raw segments of its path. */
  split(target: string): string[];
  methodOf(request: IncomingMessage): string;
  tokenOf(request: IncomingMessage): string | undefined;
  authenticate(token: string | undefined): Caller;
  /** What is decided about the path before anything else. */
  route(call: Call): Reply | undefined;
  /** The decoded id; undefined: it cannot be decoded. */
  decode(segment: string): string | undefined;
  allows(id: string): boolean;
  /** In which order the caller and the request are judged. */
  order: readonly ('caller' | 'ids' | 'body')[];
  /** Judges a body that has been read to its end. */
  judgeBody(text: Buffer, type: string | undefined): Reply | undefined;
  largestBody: number;
  find(sessions: Session[], tenant: string, workspace: string, id: string): Session | undefined;
  unknown(sessions: Session[], tenant: string, workspace: string, id: string): Reply;
  close(session: Session, sessions: Session[]): Promise<Reply>;
  fault(): Reply;
  /** Last word about a response before it is sent. */
  finish(reply: Reply, call: Call, sessions: Session[]): Reply;
  send(reply: Reply, response: ServerResponse): void;
}

export const TOKENS = {
  main: 'main-tenant-token-4711',
  second: 'second-tenant-token-0815',
  suspended: 'suspended-tenant-token-42',
};

export function error(status: number, code: string, message: string): Reply {
  return { status, body: { error_code: code, error_msg: message } };
}

/** The value of a text; undefined where it is not JSON. */
export function jsonOf(text: Buffer): object | null | undefined {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}

/** A server that keeps the contract. */
export const correct: Behavior = {
  split: (target) =>
    (target.split('?')[0] ?? '')
      .replace(/^http:\/\/[^/]*/, '')
      .split('/')
      .slice(1),
  methodOf: (request) => request.method ?? '',
  tokenOf: (request) => request.headers['x-auth-token'] as string | undefined,
  authenticate(token) {
    if (token === TOKENS.main) return { tenant: 'main' };
    if (token === TOKENS.second) return { tenant: 'second' };
    if (token !== TOKENS.suspended) {
      const headers = { 'WWW-Authenticate': 'Token realm="sessions"' };
      return { refusal: { ...error(401, 'twin.0401', 'who are you?'), headers } };
    }
    const message = 'this tenant is suspended';
    const title = 'Forbidden';
    const body = {
      error: { code: '403', message, title },
      error_code: 403,
      error_msg: message,
      title,
    };
    return { refusal: { status: 403, body } };
  },
  route({ segments, method }) {
    const [version, workspaces, workspace, sessions, session, ...more] = segments;
    const known = version === 'v1' && workspaces === 'workspaces' && sessions === 'sessions';
    if (!known || !workspace || !session || more.length > 0) {
      return error(404, 'twin.0404', 'there is no such path');
    }
    if (method === 'DELETE') return undefined;
    return {
      ...error(405, 'twin.0405', 'sessions can be closed here'),
      headers: { Allow: 'DELETE' },
    };
  },
  decode(segment) {
    try {
      return decodeURIComponent(segment);
    } catch {
      return undefined;
    }
  },
  allows: (id) => /^[A-Za-z0-9-]{1,36}$/.test(id),
  order: ['caller', 'ids', 'body'],
  judgeBody(text, type) {
    if (text.length === 0) return undefined;
    const refusal = error(400, 'twin.0400', 'send nothing, or an empty JSON object');
    if (!/^application\/json\b/i.test(type ?? '')) return refusal;
    try {
      const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)) as object;
      return JSON.stringify(value) === '{}' && Object.keys(value).length === 0
        ? undefined
        : refusal;
    } catch {
      return refusal;
    }
  },
  largestBody: 16_384,
  find: (sessions, tenant, workspace, id) =>
    sessions.find((one) => one.tenant === tenant && one.workspace === workspace && one.id === id),
  unknown: () => error(404, 'twin.0404', 'there is no such session'),
  async close(session, sessions) {
    if (session.stuck) return error(408, 'twin.0408', 'the session did not end in time');
    const index = sessions.indexOf(session);
    if (index !== -1) sessions.splice(index, 1);
    return { status: 200 };
  },
  fault: () => error(500, 'twin.0500', 'something inside is broken'),
  finish: (reply) => reply,
  send({ status, body, raw, headers = {} }, response) {
    const content = raw ?? (body === undefined ? '' : JSON.stringify(body));
    response.writeHead(status, {
      ...(content.length > 0 && { 'Content-Type': 'application/json' }),
      'Content-Length': String(Buffer.byteLength(content)),
      ...headers,
    });
    response.end(content);
  },
};
