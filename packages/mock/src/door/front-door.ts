import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { OperationModel } from '../contract/contract-model.ts';
import { findOperation } from '../contract/find-operation.ts';
import type { LiveContract } from '../contract/live-contract.ts';
import { CONTROL_PATH, type ControlApi } from '../control/control-api.ts';
import type { Player } from '../play/player.ts';
import type { RecordedRequest } from '../record/recorded-request.ts';
import { corsHeaders, isPreflight, preflightHeaders } from './cors.ts';
import { createServer } from './node-http.ts';
import { type Answer, problemAnswer } from './problem.ts';
import { hasBody, readBody } from './read-body.ts';
import { ConnectionGuard, refuse } from './refuse-connection.ts';
import { readTarget, type Target } from './request-target.ts';
import { sendFault } from './send-fault.ts';

export interface FrontDoorOptions {
  contract: LiveContract;
  player: Player;
  control: ControlApi;
  /** Whether browsers may send cookies along. */
  credentials: boolean;
  record(request: Omit<RecordedRequest, 'id'>): void;
}

/** Characters of a body that are recorded. */
const RECORDED_BODY = 2000;

/** The HTTP server of the mock. Whatever arrives, it answers or ends that one connection, and lives on. */
export function createFrontDoor(options: FrontDoorOptions): Server {
  const { contract, control, credentials } = options;
  const server = createServer(
    {
      // Answered here instead, since Node's own answer would not be marked as the mock's.
      requireHostHeader: false,
      headersTimeout: 20_000,
      requestTimeout: 60_000,
      connectionsCheckingInterval: 5_000,
    },
    onRequest,
  );
  const guard = new ConnectionGuard();
  server.on('clientError', (error, socket) => guard.refuse(error, socket));
  server.on('connect', (_request, socket) => {
    const detail = 'The mock is no proxy: it cannot CONNECT.';
    refuse(socket, { status: 501, name: 'unknown-method', detail });
  });
  server.on('checkExpectation', (request, response) => {
    send(request, response, EXPECTATION, {});
  });
  // A connection that cannot be accepted (no file handles left) concerns that connection only.
  server.on('error', () => undefined);

  function onRequest(request: IncomingMessage, response: ServerResponse) {
    guard.follow(request, response);
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    handle(request, response).catch((error: unknown) => fail(request, response, error));
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const target = readTarget(request.url ?? '');
    if (!target) return send(request, response, BAD_TARGET, cors(request, undefined));
    if (target.path === CONTROL_PATH || target.path.startsWith(`${CONTROL_PATH}/`)) {
      return control.handle(request, response, target);
    }
    if (request.headers.host === undefined && request.httpVersion === '1.1') {
      return send(request, response, NO_HOST, cors(request, undefined));
    }
    if ((request.headersDistinct.host?.length ?? 0) > 1) {
      return send(request, response, TWO_HOSTS, cors(request, undefined));
    }
    const method = request.method ?? 'GET';
    if (isPreflight(method, request.headers)) {
      const { model } = contract.current;
      const { allowed } = findOperation(model, method, target.path);
      const headers = preflightHeaders(request.headers, allowed);
      return send(request, response, NO_CONTENT, { ...cors(request, undefined), ...headers });
    }
    return play(request, response, method, target);
  }

  async function play(
    request: IncomingMessage,
    response: ServerResponse,
    method: string,
    target: Target,
  ) {
    const started = performance.now();
    const at = new Date().toISOString();
    const body = hasBody(request) ? await readBody(request) : { text: undefined };
    if (body === 'broken off') return;
    if (body === 'too large') {
      const headers = { ...cors(request, undefined), connection: 'close' };
      return send(request, response, TOO_LARGE, headers);
    }
    const headers = request.headers as Record<string, string>;
    const played = await options.player.play({ method, ...target, headers, text: body.text });
    if (played.delayMs > 0) await wait(played.delayMs, response);

    const { answer, fault, operation } = played;
    const extra = cors(request, operation);
    let status: number | null = answer.status;
    if (response.destroyed) status = null;
    else if (fault) status = sendFault(response, fault, answer, extra);
    else send(request, response, answer, extra);
    options.record({
      at,
      method,
      target: request.url ?? '',
      headers,
      body: body.text === undefined ? null : body.text.slice(0, RECORDED_BODY),
      operation: operation?.id ?? null,
      status,
      fault: fault ?? null,
      mockError: answer.headers['x-mock-error'] ?? null,
      why: played.why,
      tookMs: Math.round((performance.now() - started) * 10) / 10,
    });
  }

  function cors(request: IncomingMessage, operation: OperationModel | undefined) {
    const exposed = operation ? exposedHeaders(operation) : [];
    const headers = corsHeaders(request.headers, { credentials, exposed });
    const { problem } = contract;
    if (problem !== undefined) headers['x-mock-stale'] = toHeaderValue(problem);
    return headers;
  }

  function fail(request: IncomingMessage, response: ServerResponse, error: unknown) {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const detail = `This is a fault of the mock, please report it: ${error}`;
    const answer = { status: 500, name: 'internal', title: 'The mock itself failed', detail };
    send(request, response, problemAnswer(answer), cors(request, undefined));
  }

  return server;
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
  extra: Record<string, string>,
): void {
  const all: Record<string, string> = { ...extra, ...headers };
  // Browsers send a call again on their own where 408 answers it on a connection that was used before.
  if (request.headers.origin !== undefined) all.connection = 'close';
  if (status !== 204 && status !== 304) {
    all['content-length'] = String(body === undefined ? 0 : Buffer.byteLength(body));
  }
  response.writeHead(status, all);
  response.end(request.method === 'HEAD' || status === 204 || status === 304 ? undefined : body);
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

const exposed = new WeakMap<OperationModel, string[]>();

function exposedHeaders(operation: OperationModel): string[] {
  const known = exposed.get(operation);
  if (known) return known;
  const names = [...new Set(operation.answers.flatMap(({ headers }) => headers))];
  exposed.set(operation, names);
  return names;
}

/** Text as a header can carry it: printable ASCII, not too long. */
function toHeaderValue(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 300);
}

const NO_CONTENT: Answer = { status: 204, headers: {}, body: undefined };

const BAD_TARGET = problemAnswer({
  status: 400,
  name: 'bad-target',
  title: 'Not in the contract',
  detail: 'The request target is not a path: it should start with a slash.',
});

const NO_HOST = problemAnswer({
  status: 400,
  name: 'no-host',
  title: 'Bad request',
  detail: 'A request of HTTP/1.1 needs a Host header.',
});

const TWO_HOSTS = problemAnswer({
  status: 400,
  name: 'two-hosts',
  title: 'Bad request',
  detail: 'A request has one Host header (RFC 9112, 3.2).',
});

const TOO_LARGE = problemAnswer({
  status: 413,
  name: 'body-too-large',
  title: 'Body too large',
  detail: 'The mock reads at most 10 MiB of a request body.',
});

const EXPECTATION = problemAnswer({
  status: 417,
  name: 'expectation-failed',
  title: 'Expectation failed',
  detail: 'The mock knows no expectation but 100-continue.',
});
