import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { listen } from '@sql-sessions/testing/listen';

/** What the server does to one request. */
export type Fault =
  /** Answers. A `body` that is not text is sent as JSON; `delay` is in milliseconds. */
  | {
      status: number;
      headers?: Record<string, string>;
      body?: string | object;
      delay?: number;
    }
  /** Breaks the connection (RST) before a response. */
  | 'reset'
  /** Sends a status and part of a body, then breaks the connection. */
  | { resetAfterHeaders: number }
  /** Announces more body than it sends, then closes in good order. */
  | { truncated: number }
  /** Sends a status and part of a body, then nothing more. */
  | { stalledBody: number }
  /** Takes the request and never responses. */
  | 'stalled'
  /** 408 as some proxies send it: a status line, no header worth mentioning, no body. */
  | 'bare 408'
  | { redirectTo: string; status?: number }
  | { html: number };

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface FaultServer extends AsyncDisposable {
  baseUrl: string;
  requests: SeenRequest[];
}

/**
 * A server on a real socket that does to each request what the script says, one entry after the other.
 * Disposing it throws when an entry was not used, or when there were more requests than entries.
 */
export async function playFaults(script: readonly Fault[]): Promise<FaultServer> {
  const planned = [...script];
  const requests: SeenRequest[] = [];
  const surplus: string[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    // Pages of other origins may call it; their preflights are not part of the script.
    for (const name of ['origin', 'methods', 'headers']) {
      response.setHeader(`access-control-allow-${name}`, '*');
    }
    if (method === 'OPTIONS') return void response.writeHead(204).end();
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({ method, url, headers, body });
    const fault = planned.shift();
    if (fault === undefined) {
      surplus.push(`${method} ${url}`);
      response.writeHead(599).end();
    } else {
      perform(fault, response);
    }
  });
  const listening = await listen(server);
  return {
    baseUrl: listening.url,
    requests,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      if (planned.length > 0) throw new Error(`Faults not used: ${JSON.stringify(planned)}`);
      if (surplus.length > 0) throw new Error(`Requests beyond the script: ${surplus.join(', ')}`);
    },
  };
}

/**
 * Milliseconds after which a stalled request is given up in tests: long enough for a busy machine to have sent it.
 */
export const PATIENCE = 2000;

const JSON_TYPE = { 'content-type': 'application/json' };
const PART = '{"error_code":"common.';

function perform(fault: Fault, response: ServerResponse): void {
  const { socket } = response;
  if (fault === 'stalled') return;
  if (fault === 'reset') {
    socket?.resetAndDestroy();
  } else if (fault === 'bare 408') {
    socket?.end('HTTP/1.1 408 Request Time-out\r\nconnection: close\r\n\r\n');
  } else if ('resetAfterHeaders' in fault) {
    response.writeHead(fault.resetAfterHeaders, { ...JSON_TYPE, 'content-length': '100' });
    response.write(PART, () => socket?.resetAndDestroy());
  } else if ('truncated' in fault) {
    response.writeHead(fault.truncated, { ...JSON_TYPE, 'content-length': '100' });
    response.write(PART, () => socket?.end());
  } else if ('stalledBody' in fault) {
    response.writeHead(fault.stalledBody, JSON_TYPE).write(PART);
  } else if ('redirectTo' in fault) {
    response.writeHead(fault.status ?? 307, { location: fault.redirectTo }).end();
  } else if ('html' in fault) {
    response.writeHead(fault.html, { 'content-type': 'text/html' });
    response.end('<html>\n<h1>Bad gateway</h1></html>');
  } else {
    const { status, headers, body, delay = 0 } = fault;
    const isJson = typeof body === 'object';
    setTimeout(() => {
      response.writeHead(status, { ...(isJson ? JSON_TYPE : {}), ...headers });
      response.end(isJson ? JSON.stringify(body) : body);
    }, delay);
  }
}
