import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { createEngine, type Engine } from './prism-engine.ts';
import { type Answer, problemAnswer } from './problem.ts';
import { parseBody, readBody } from './read-body.ts';
import { readTarget } from './request-target.ts';

export interface MockOptions {
  /** Path of an OpenAPI 3.1 document, JSON or YAML. Default: the contract of `@sql-sessions/contract`. */
  spec?: string;
  /** Address to listen on. Default: 127.0.0.1 */
  host?: string;
  /** Port to listen on; 0 takes any free one. Default: 4010 */
  port?: number;
}

export interface Mock {
  /** Where the mock answers, without a slash at the end: `http://127.0.0.1:4010`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening, ends every open connection and resolves when nothing is left. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a mock of the contract and resolves when it answers. Nothing is printed.
 * Rejects where the document cannot be used and, with Node's own error (`EADDRINUSE`), where the port is taken.
 */
export async function startMock({
  spec = fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.json')),
  host = '127.0.0.1',
  port = 4010,
}: MockOptions = {}): Promise<Mock> {
  const engine = await createEngine(spec);
  const server = createServer((request, response) => {
    answer(engine, request)
      .catch((error: unknown) =>
        problemAnswer({
          status: 500,
          name: 'internal',
          title: 'The mock itself failed',
          detail: String(error),
        }),
      )
      .then((made) => send(request, response, made));
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;

  async function close() {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
  return {
    url: `http://${shown}:${address.port}`,
    port: address.port,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function answer(engine: Engine, request: IncomingMessage): Promise<Answer> {
  const preflight = preflightHeaders(request.method, request.headers);
  if (preflight) return { status: 204, headers: preflight, body: undefined };
  const { path, query } = readTarget(request.url ?? '/');
  const body = await readBody(request);
  if (body === 'too large') {
    return problemAnswer({
      status: 413,
      name: 'body-too-large',
      title: 'Body too large',
      detail: 'The mock reads at most 10 MiB of a request body.',
    });
  }
  return engine.answer({
    method: request.method ?? 'GET',
    path,
    query,
    headers: request.headers as Record<string, string>,
    body: body === 'none' ? null : parseBody(body.text, request.headers['content-type']),
  });
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
) {
  response.writeHead(status, { ...corsHeaders(request.headers), ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}
