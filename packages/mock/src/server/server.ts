import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { canHaveBody, type Operation } from '@sql-sessions/contract/model';
import type { Outcome } from '../behavior/behavior.ts';
import type { LiveContract } from '../contract/live-contract.ts';
import { CONTROL_PATH, type ControlApi } from '../control/control-api.ts';
import { decodeBody } from '../http/decode-body.ts';
import { isToken } from '../http/header.ts';
import type { MockResponse } from '../http/message.ts';
import { createServer } from '../http/node-http.ts';
import { type Problem, problemResponse } from '../http/problem.ts';
import { hasBody, readBody } from '../http/read-body.ts';
import { readTarget } from '../http/target.ts';
import { type RecordedRequest, recordedBody, recordedTime } from '../record/recorded-request.ts';
import type { Space, Spaces } from '../spaces.ts';
import { corsHeaders, isPreflight, preflightHeaders, withOwnHeaders } from './cors.ts';
import { findSpace } from './find-space.ts';
import { ConnectionGuard, type Refusal, refuse } from './refuse-connection.ts';
import { sendFault } from './send-fault.ts';

/** A request as the server saw it: nothing in it is masked. */
export type Arrived = Omit<RecordedRequest, 'id' | 'response'> & { response: MockResponse | null };

export interface ServerOptions {
  contract: LiveContract;
  spaces: Spaces;
  control: ControlApi;
  /** Key and certificate for HTTPS. */
  tls: { key: string; cert: string } | undefined;
  /** Whether browsers may send cookies along. */
  credentials: boolean;
  /** Whether responses carry CORS headers. */
  cors: boolean;
  record(space: Space, request: Arrived): void;
}

/** What a request got, to be recorded. */
interface Sent {
  response: MockResponse | null;
  outcome?: Outcome;
  operation?: Operation | undefined;
  body?: string | Uint8Array | undefined;
}

/** The HTTP server of the mock. Whatever arrives, it responds or ends that one connection, and lives on. */
export function createMockServer(options: ServerOptions): Server {
  const { contract, control, spaces, credentials } = options;
  const server = createServer(
    {
      ...options.tls,
      // Refused here instead, since Node's own response would not be marked as the mock's.
      requireHostHeader: false,
      headersTimeout: 20_000,
      requestTimeout: 60_000,
      connectionsCheckingInterval: 5_000,
    },
    onRequest,
    options.tls !== undefined,
  );
  const guard = new ConnectionGuard(recordRefusal);
  server.on('clientError', (error, socket) => guard.refuse(error, socket));
  server.on('connect', (_request, socket) => {
    const detail = 'The mock is not a proxy: it cannot CONNECT.';
    const refusal = { status: 501, name: 'unknown-method', detail };
    refuse(socket, refusal);
    recordRefusal(refusal);
  });
  server.on('checkExpectation', (request, response) => {
    reject(request, response, performance.now(), EXPECTATION);
  });
  // A connection that cannot be accepted (no file handles left) concerns that connection only.
  server.on('error', ignore);
  return server;

  function onRequest(request: IncomingMessage, response: ServerResponse) {
    const started = performance.now();
    guard.follow(request, response);
    request.on('error', ignore);
    response.on('error', ignore);
    handle(request, response, started).catch((error: unknown) => {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      // That of the response that could not be sent.
      response.statusMessage = '';
      const detail = `This is a fault of the mock, please report it: ${error}`;
      reject(request, response, started, {
        status: 500,
        name: 'internal',
        title: 'The mock itself failed',
        detail,
      });
    });
  }

  async function handle(request: IncomingMessage, response: ServerResponse, started: number) {
    const found = findSpace(request.url ?? '', request.headers);
    if (!found) return reject(request, response, started, BAD_SPACE);
    const target = readTarget(found.target);
    if (!target) return reject(request, response, started, BAD_TARGET);
    const space = spaces.get(found.name);
    if (target.path === CONTROL_PATH || target.path.startsWith(`${CONTROL_PATH}/`)) {
      return control.handle(request, response, target, space);
    }
    if (
      target.path === '/' &&
      wantsPage(request) &&
      contract.current.router('GET', '/').allowed.length === 0
    ) {
      response.writeHead(303, { location: `.${CONTROL_PATH}/`, 'content-length': '0' });
      return response.end();
    }
    const hosts = countHosts(request.rawHeaders);
    if (hosts === 0 && request.httpVersion === '1.1')
      return reject(request, response, started, NO_HOST, { space });
    if (hosts > 1) return reject(request, response, started, TWO_HOSTS, { space });
    const method = request.method ?? 'GET';
    if (isPreflight(method, request.headers) && options.cors) {
      const { allowed } = contract.current.router(method, target.path);
      const headers = preflightHeaders(request.headers, allowed);
      send(request, response, NO_CONTENT, { ...extraHeaders(request, undefined), ...headers });
      return record(space, request, started, { response: NO_CONTENT });
    }
    const body = hasBody(request) ? await readBody(request) : undefined;
    if (body === 'broken off') return;
    if (body === 'too large') {
      return reject(request, response, started, TOO_LARGE, {
        space,
        headers: { connection: 'close' },
      });
    }
    const headers = request.headers as Record<string, string>;
    const decoded = body && (await decodeBody(body, headers['content-encoding']));
    const { text, bytes } = decoded ?? {};
    const asked = { method, ...target, headers, text, ...decoded };
    const outcome = await space.behavior.respond(asked);
    if (outcome.delayMs > 0) await wait(outcome.delayMs, response);
    deliver(request, response, space, started, outcome, bytes ?? text);
  }

  function deliver(
    request: IncomingMessage,
    response: ServerResponse,
    space: Space,
    started: number,
    outcome: Outcome,
    body: string | Uint8Array | undefined,
  ) {
    const { fault, operation } = outcome;
    const extra = extraHeaders(request, operation);
    let sent: MockResponse | null = outcome.response;
    if (response.destroyed) sent = null;
    else if (fault) sent = sendFault(response, fault, outcome.response, extra);
    else send(request, response, outcome.response, extra);
    record(space, request, started, { response: sent, outcome, operation, body });
  }

  function record(
    space: Space,
    request: IncomingMessage,
    started: number,
    { response, outcome, operation, body }: Sent,
  ) {
    const headers = outcome ? outcome.response.headers : (response?.headers ?? {});
    options.record(space, {
      at: recordedTime(Date.now() - (performance.now() - started)),
      method: request.method ?? '',
      target: findSpace(request.url ?? '', {})?.target ?? '',
      headers: request.headers as Record<string, string>,
      body: recordedBody(body),
      operation: operation?.id ?? null,
      status: response?.status ?? null,
      response,
      fault: outcome?.fault ?? null,
      mockError: String(headers['x-mock-error'] ?? '') || null,
      reasons: outcome?.reasons ?? [],
      durationMs: Math.round((performance.now() - started) * 10) / 10,
    });
  }

  /** Responds with a problem of the mock's own, and lists that it did. */
  function reject(
    request: IncomingMessage,
    response: ServerResponse,
    started: number,
    problem: Problem,
    {
      space = spaces.default,
      headers = {},
    }: { space?: Space; headers?: Record<string, string> } = {},
  ) {
    const made = problemResponse(problem);
    send(request, response, made, { ...extraHeaders(request, undefined), ...headers });
    record(space, request, started, { response: made });
  }

  function recordRefusal({ status, name, detail, request }: Refusal) {
    options.record(spaces.default, {
      at: recordedTime(Date.now()),
      method: request?.method ?? '',
      target: request?.url ?? '',
      headers: {},
      body: null,
      operation: null,
      status,
      response: null,
      fault: null,
      mockError: name,
      reasons: [detail],
      durationMs: 0,
    });
  }

  function extraHeaders(request: IncomingMessage, operation: Operation | undefined) {
    const exposed = operation ? exposedHeaders(operation) : '';
    const headers: Record<string, string> = options.cors
      ? corsHeaders(request.headers, { credentials, exposed })
      : {};
    const { problem } = contract;
    if (problem !== undefined) headers['x-mock-stale'] = toHeaderValue(problem);
    return headers;
  }
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: MockResponse,
  extra: Record<string, string>,
): void {
  const all = withOwnHeaders(headers, extra);
  // Browsers send a call again on their own where 408 arrives on a connection that was used before.
  if (isFromPage(request)) all.connection = 'close';
  const isFramed = 'content-length' in headers || 'transfer-encoding' in headers;
  if (status !== 204 && status !== 304 && !isFramed) {
    // To a HEAD it is that of the body which a GET would get.
    const length = body !== undefined && canHaveBody('GET', status) ? Buffer.byteLength(body) : 0;
    all['content-length'] = String(length);
  }
  response.writeHead(status, all as Record<string, string | string[]>);
  // Of a text that follows, Node takes the encoding for the headers as well.
  const isPlain = typeof body !== 'string' || /^[\x20-\x7e]*$/.test(Object.values(all).join(''));
  const sent = isPlain ? body : Buffer.from(body);
  response.end(canHaveBody(request.method ?? '', status) ? sent : undefined);
}

/** Resolves after the time, or as soon as the client has gone. */
function wait(milliseconds: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    response.once('close', done);
  });
}

const exposed = new WeakMap<Operation, string>();

/** The names of the headers that an operation documents, each with a comma in front of it. */
function exposedHeaders(operation: Operation): string {
  const known = exposed.get(operation);
  if (known !== undefined) return known;
  const names = operation.responses.flatMap(({ headers }) => headers.map(({ name }) => name));
  const text = [...new Set(names)]
    .filter(isToken)
    .map((name) => `, ${name}`)
    .join('');
  exposed.set(operation, text);
  return text;
}

/** Whether a browser sent it for a page; through a proxy, only the second of these headers is left of a plain GET. */
function isFromPage({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
}

function ignore(): void {}

/** How many of the headers are `Host`, of which Node keeps one. */
function countHosts(namesAndValues: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < namesAndValues.length; at += 2)
    if (namesAndValues[at]?.toLowerCase() === 'host') count += 1;
  return count;
}

function wantsPage({ method, headers: { accept = '' } }: IncomingMessage): boolean {
  return method === 'GET' && accept.includes('text/html');
}

/** Text as a header can carry it: printable ASCII, not too long. */
function toHeaderValue(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 300);
}

const NO_CONTENT: MockResponse = { status: 204, headers: {}, body: undefined };

const BAD_SPACE: Problem = {
  status: 400,
  name: 'bad-space',
  title: 'Bad request',
  detail:
    'The name of a space has 1 to 100 letters, digits, dots, hyphens and underscores, and is neither . nor ..',
};

const BAD_TARGET: Problem = {
  status: 400,
  name: 'bad-target',
  title: 'Not in the contract',
  detail: 'The request target is not a path: it must start with a slash.',
};

const NO_HOST: Problem = {
  status: 400,
  name: 'no-host',
  title: 'Bad request',
  detail: 'A request of HTTP/1.1 needs a Host header.',
};

const TWO_HOSTS: Problem = {
  status: 400,
  name: 'two-hosts',
  title: 'Bad request',
  detail: 'A request has one Host header (RFC 9112, 3.2).',
};

const TOO_LARGE: Problem = {
  status: 413,
  name: 'body-too-large',
  title: 'Body too large',
  detail: 'The mock reads at most 10 MiB of a request body.',
};

const EXPECTATION: Problem = {
  status: 417,
  name: 'expectation-failed',
  title: 'Expectation failed',
  detail: 'The mock knows no expectation but 100-continue.',
};
