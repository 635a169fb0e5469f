import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  woff2: 'font/woff2',
  xml: 'application/xml; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
};

export type SiteFiles = ReadonlyMap<string, string | Uint8Array>;

export interface SiteServerOptions {
  port: number;
  host: string;
  /** The files to serve at this moment, by their address from the top of the site. */
  files: () => SiteFiles;
  /** Takes a request before the files are looked at; returns whether it did. */
  intercept?: (path: string, response: ServerResponse) => boolean;
}

/**
 * Serves a site that is in memory: only what is in the map can be asked for, so no path leads out of it.
 * Rejects with the system's error (`code` EADDRINUSE and so on) where the port cannot be had.
 */
export async function startSiteServer(
  options: SiteServerOptions,
): Promise<{ server: Server; url: string; close(): Promise<void> }> {
  const compressed = new WeakMap<Uint8Array, Promise<Uint8Array>>();
  const bodies = new Map<string | Uint8Array, Buffer>();
  let known: SiteFiles | undefined;
  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    // The page's own policy cannot say this one.
    response.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const path = pathOf(request.url ?? '/');
    if (path !== null && options.intercept?.(path, response)) return;
    const files = options.files();
    if (files !== known) {
      known = files;
      bodies.clear();
    }
    let name = path;
    if (name !== null && (name === '' || name.endsWith('/'))) name += 'index.html';
    if (name !== null && !files.has(name) && files.has(`${name}/index.html`)) {
      const last = name.slice(name.lastIndexOf('/') + 1);
      response.writeHead(301, { Location: `${encodeURIComponent(last)}/` }).end();
      return;
    }
    const content = name === null ? undefined : files.get(name);
    if (name === null || content === undefined) {
      await send(request, response, 404, '404.html', files.get('404.html') ?? 'Not found');
      return;
    }
    await send(request, response, 200, name, content);
  }

  async function send(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    name: string,
    content: string | Uint8Array,
  ): Promise<void> {
    let body = bodies.get(content);
    if (!body) {
      body = Buffer.from(content);
      bodies.set(content, body);
    }
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 20)}"`;
    response.setHeader(
      'Content-Type',
      TYPES[name.split('.').pop() ?? ''] ?? 'application/octet-stream',
    );
    response.setHeader('Vary', 'Accept-Encoding');
    response.setHeader('ETag', tag);
    response.setHeader(
      'Cache-Control',
      /\.[0-9A-Za-z]{8,10}\.(js|woff2)$/.test(name)
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
    );
    if (status === 200 && request.headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return;
    }
    let sent: Uint8Array = body;
    if (
      /\bgzip\b/.test(String(request.headers['accept-encoding'])) &&
      !/\.(png|woff2)$/.test(name)
    ) {
      let pending = compressed.get(body);
      if (!pending) {
        pending = compress(body, { level: 9 });
        compressed.set(body, pending);
      }
      sent = await pending;
      response.setHeader('Content-Encoding', 'gzip');
    }
    response.writeHead(status, { 'Content-Length': sent.byteLength });
    response.end(request.method === 'HEAD' ? undefined : sent);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { address, port } = server.address() as AddressInfo;
  const shown = address === '0.0.0.0' || address === '::' ? 'localhost' : address;
  return {
    server,
    url: `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}/`,
    close() {
      return new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
    },
  };
}

/** The path of a request without its leading slash, decoded; null where it is malformed. */
function pathOf(url: string): string | null {
  try {
    return decodeURIComponent(url.replace(/[?#].*$/s, '')).replace(/^\//, '');
  } catch {
    return null;
  }
}
