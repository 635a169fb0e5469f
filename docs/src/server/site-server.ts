import { access, readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';

/** Files that a browser is to show instead of saving them. */
const TEXT = /\.(md|txt|yaml)$/;

export interface SiteServerOptions {
  port: number;
  host: string;
  /** The folder to serve. */
  folder: string;
  /** Takes a request before the files are looked at; returns whether it did. */
  intercept?: (path: string, response: ServerResponse) => boolean;
}

/**
 * Serves a folder of static files on HTTP. Rejects with the system's error (`code` EADDRINUSE and so on) where the
 * port cannot be had.
 */
export async function startSiteServer({
  port,
  host,
  folder,
  intercept,
}: SiteServerOptions): Promise<{ server: Server; url: string; close(): Promise<void> }> {
  const files = sirv(folder, {
    // Looks at the folder at each request: a site may be built anew while it is served.
    dev: true,
    etag: true,
    setHeaders(response, path) {
      if (TEXT.test(path)) response.setHeader('Content-Type', 'text/plain;charset=utf-8');
      const forever = /\.[0-9A-Za-z]{8,10}\.js$/.test(path);
      response.setHeader(
        'Cache-Control',
        forever ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  const server = createServer((request, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    // The page's own policy cannot say this one.
    response.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const path = pathOf(request.url ?? '/');
    if (path === null) missing();
    else if (intercept?.(path, response)) return;
    else if (path === '' || path.endsWith('/')) files(request, response, missing);
    else {
      // Relative links on a page need the slash at the end of its path.
      const slash = `${encodeURIComponent(path.split('/').pop() ?? '')}/`;
      access(join(folder, path, 'index.html')).then(
        () => response.writeHead(301, { Location: slash }).end(),
        () => files(request, response, missing),
      );
    }

    function missing(): void {
      response.writeHead(404, { 'Content-Type': 'text/html;charset=utf-8' });
      readFile(join(folder, '404.html')).then(
        (page) => response.end(page),
        () => response.end('Not found'),
      );
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { address, port: taken } = server.address() as AddressInfo;
  const shown = address === '0.0.0.0' || address === '::' ? 'localhost' : address;
  return {
    server,
    url: `http://${shown.includes(':') ? `[${shown}]` : shown}:${taken}/`,
    close() {
      return new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
    },
  };
}

/** The path of a request without its leading slash, decoded; null where it is malformed or leads elsewhere. */
function pathOf(url: string): string | null {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, '')).replace(/^\//, '');
    return /(^|[\\/])\.\.([\\/]|$)|^[\\/]|\0/.test(path) ? null : path;
  } catch {
    return null;
  }
}
