import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorBody } from './error-body.ts';

/** Milliseconds in which a caller can still read a response, or finish a request that it has begun to send. */
export const LINGER = 2000;

/** Writes an error in the contract's shape to a connection that has no request, and hangs up. */
export function sendRawError(socket: Duplex, status: number): void {
  const body = JSON.stringify(errorBody(status));
  const headers = Object.entries(headersFor(body)).map(([name, value]) => `${name}: ${value}\r\n`);
  hangUp(socket, `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('')}\r\n${body}`);
}

/** Responds to a request that Fastify does not see, likewise. */
export function sendRawResponse(response: ServerResponse, status: number): void {
  const body = JSON.stringify(errorBody(status));
  response.writeHead(status, headersFor(body)).end(body);
}

/**
 * Closes our half at once and the rest a little later: a reset would take the response away from a caller that is still
 * sending.
 */
export function hangUp(socket: Duplex, last = ''): void {
  const timer = setTimeout(() => socket.destroy(), LINGER);
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => undefined);
  socket.end(last);
  socket.resume();
}

function headersFor(body: string) {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
}
