import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { errorBody } from './error-body.ts';

/** Milliseconds in which a caller can still read an answer, or finish a request that it has begun to send. */
const LINGER = 2000;

/**
 * Answers what never becomes a request (broken HTTP, time-outs, CONNECT) in the contract's shape, never in the place of
 * an answer that is still owed to an earlier request on the same connection; and lets no connection keep the server
 * from closing.
 * @returns The handler for Fastify's `clientErrorHandler`.
 */
export function guardConnections(app: FastifyInstance) {
  const open = new Set<Socket>();
  const owed = new WeakMap<Duplex, number>();
  const broken = new WeakSet<Duplex>();
  let closing = false;

  app.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  app.addHook('preHandler', async ({ raw: { socket } }) => {
    owed.set(socket, (owed.get(socket) ?? 0) + 1);
  });
  app.addHook('onResponse', async ({ raw: { socket } }) => {
    const left = (owed.get(socket) ?? 1) - 1;
    owed.set(socket, left);
    if (left === 0 && (closing || broken.has(socket))) hangUp(socket);
  });
  // Once it closes, Node neither counts a connection without a request as idle nor enforces its own time limits.
  app.addHook('preClose', async () => {
    closing = true;
    const silent = [...open].filter(({ bytesRead }) => bytesRead === 0);
    for (const socket of silent) socket.destroy();
    setTimeout(() => {
      for (const socket of open) if (!owed.get(socket)) socket.destroy();
    }, LINGER).unref();
  });

  app.server.on('connect', (_request: IncomingMessage, socket: Duplex) => answer(socket, 400));
  // Without a listener Node answers 417 with an empty body.
  app.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.stringify(errorBody(400));
    response.writeHead(400, headersFor(body)).end(body);
  });

  return (error: Error & { code?: string }, socket: Duplex): void => {
    if (error.code === 'ECONNRESET' || !socket.writable || broken.has(socket)) return;
    broken.add(socket);
    // Only the code: the error carries the bytes that came in, and the token may be among them.
    app.log.info({ code: error.code }, 'not a request');
    if (owed.get(socket)) return;
    answer(socket, error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400);
  };
}

function answer(socket: Duplex, status: number): void {
  const body = JSON.stringify(errorBody(status));
  const headers = Object.entries(headersFor(body)).map(([name, value]) => `${name}: ${value}\r\n`);
  hangUp(socket, `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('')}\r\n${body}`);
}

function headersFor(body: string) {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
}

/**
 * Closes our half at once and the rest a little later: a reset would take the answer away from a caller that is still
 * sending.
 */
function hangUp(socket: Duplex, last = ''): void {
  const timer = setTimeout(() => socket.destroy(), LINGER);
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => undefined);
  socket.end(last);
  socket.resume();
}
