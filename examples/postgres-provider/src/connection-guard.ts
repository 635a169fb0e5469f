import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { hangUp, LINGER, sendRawError, sendRawResponse } from './raw-responses.ts';

/** A request whose response is not through yet. */
interface Turn {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Responds to what never becomes a request (broken HTTP, timeouts, CONNECT) in the contract's shape, but never in the
 * place of a response that is still owed to an earlier request on the same connection; and lets no connection keep the
 * server from closing.
 * @returns The handler for Fastify's `clientErrorHandler`.
 */
export function guardConnections(app: FastifyInstance) {
  const open = new Map<Duplex, Set<Turn>>();
  const broken = new WeakSet<Duplex>();
  let closing = false;

  const turnsOf = (socket: Duplex) => [...(open.get(socket) ?? [])];
  /** Whether a request has come in whole, so that it is or will be worked on. */
  const owes = (socket: Duplex) => turnsOf(socket).some(({ request }) => request.complete);

  function track(request: IncomingMessage, response: ServerResponse): void {
    const turn = { request, response };
    const { socket } = request;
    open.get(socket)?.add(turn);
    response.once('close', () => {
      // A body that was not read to its end is still coming in.
      const over = () => open.get(socket)?.delete(turn);
      if (request.complete) over();
      else request.once('close', over);
      if ((closing || broken.has(socket)) && !owes(socket)) hangUp(socket);
    });
  }

  // A caller that closes its half of the connection after its request still gets the response.
  Object.assign(app.server, { httpAllowHalfOpen: true });
  app.server.prependListener('request', track);
  app.server.on('connection', (socket: Socket) => {
    open.set(socket, new Set());
    socket.once('close', () => open.delete(socket));
  });
  app.server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    sendRawError(socket, 400);
  });
  // Without a listener Node responds 417 with an empty body.
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    track(request, response);
    sendRawResponse(response, 400);
  });

  // What still arrives on a connection that has been given up is not done.
  for (const step of ['onRequest', 'preHandler'] as const) {
    app.addHook(step, async ({ raw: { socket } }, reply) => {
      if (!socket.writable) reply.hijack();
    });
  }

  // Once it closes, Node neither counts a connection without a request as idle nor enforces its own time limits.
  app.addHook('preClose', async () => {
    closing = true;
    setTimeout(() => {
      for (const [socket] of open) if (!owes(socket)) socket.destroy();
    }, LINGER).unref();
  });

  return (error: Error & { code?: string }, socket: Duplex): void => {
    if (error.code === 'ECONNRESET' || !socket.writable || broken.has(socket)) return;
    broken.add(socket);
    // Only the code: the error carries the bytes that came in, and the token may be among them.
    app.log.info({ code: error.code }, 'not a request');
    if (owes(socket)) return;
    const responded = turnsOf(socket).some(({ response }) => response.headersSent);
    if (responded) hangUp(socket);
    else sendRawError(socket, error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400);
  };
}
