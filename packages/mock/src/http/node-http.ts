import type {
  ClientRequest,
  RequestListener,
  RequestOptions,
  Server,
  ServerOptions,
} from 'node:http';

/**
 * Node's HTTP server. An import of `node:http` reads all that it exports, also what is only there for clients and
 * takes as long to load as our own code does.
 */
const http = process.getBuiltinModule?.('node:http');

export const { STATUS_CODES = {} } = http ?? {};

/** Makes a server of HTTP, or of HTTPS with the `key` and `cert` among its options. */
export function createServer(
  options: ServerOptions & { key?: string; cert?: string },
  listener: RequestListener,
  secure: boolean,
): Server {
  return secure
    ? process.getBuiltinModule('node:https').createServer(options, listener)
    : http.createServer(options, listener);
}

/** Begins a request to a server of HTTP or HTTPS. */
export function beginRequest(url: URL, options: RequestOptions): ClientRequest {
  return url.protocol === 'https:'
    ? process.getBuiltinModule('node:https').request(url, options)
    : http.request(url, options);
}
