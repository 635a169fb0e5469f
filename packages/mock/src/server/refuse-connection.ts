import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from '../http/node-http.ts';
import { problemResponse } from '../http/problem.ts';

interface ParserError extends Error {
  code?: string;
  /** The bytes that broke the rules. */
  rawPacket?: Buffer;
}

/** What Node's parser refuses, and how the mock says so. All else is a request that is not HTTP. */
const KNOWN: Record<string, { status: number; name: string; detail: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    name: 'headers-too-large',
    detail: 'The request line and the headers are over 16 KiB together.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    name: 'body-too-large',
    detail: 'The chunk extensions of the body are over 16 KiB.',
  },
  HPE_INVALID_METHOD: {
    status: 501,
    name: 'unknown-method',
    detail: 'The request does not start with a method that HTTP knows.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    name: 'request-timeout',
    detail: 'The request did not arrive whole in time.',
  },
};

/** How bytes that are not a request are refused. */
export interface Refusal {
  readonly status: number;
  readonly name: string;
  readonly detail: string;
  /** No body may follow. */
  readonly isHead?: boolean;
  /** The request whose body could not be read to its end. */
  readonly request?: IncomingMessage;
}

type Exchange = [response: ServerResponse, request: IncomingMessage];

/** Refuses bytes that are not a request, after the responses to the requests that came before them. */
export class ConnectionGuard {
  readonly #onRefusal: (refusal: Refusal) => void;
  readonly #open = new WeakMap<Duplex, Exchange[]>();

  /** @param onRefusal is told of each */
  constructor(onRefusal: (refusal: Refusal) => void) {
    this.#onRefusal = onRefusal;
  }

  /** Remembers that a request of this connection has no response yet. */
  follow(request: IncomingMessage, response: ServerResponse): void {
    const here = this.#openOn(request.socket);
    here.push([response, request]);
    this.#open.set(request.socket, here);
  }

  #openOn(socket: Duplex): Exchange[] {
    return (this.#open.get(socket) ?? []).filter(([response]) => !response.closed);
  }

  refuse(error: ParserError, socket: Duplex): void {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const known = KNOWN[error.code ?? ''];
    const detail = `The request cannot be read as HTTP: ${error.message}.`;
    const isHead = error.rawPacket?.toString('latin1', 0, 5) === 'HEAD ';
    const refusal: Refusal = { ...(known ?? { status: 400, name: 'not-http', detail }), isHead };
    const here = this.#openOn(socket);
    if (here.some(([response, request]) => !request.complete && response.headersSent)) {
      // Half a response is on its way to the request that broke: a refusal would be read as part of it.
      socket.destroy();
      return;
    }
    this.#onRefusal(refusal);
    const [last] = here.filter(([, request]) => request.complete).at(-1) ?? [];
    if (last) last.once('close', () => refuse(socket, refusal));
    else refuse(socket, refusal);
  }
}

/** Sends a problem to a bare connection and ends it. */
export function refuse(socket: Duplex, { status, name, detail, isHead }: Refusal): void {
  if (!socket.writable) return;
  const title = STATUS_CODES[status] ?? 'Refused';
  const { headers, body = '' } = problemResponse({ status, name, title, detail });
  const lines = Object.entries({
    ...headers,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'X-Mock-Error',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([header, value]) => `${header}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n`;
  socket.end(isHead ? head : head + body, () => socket.destroy());
}
