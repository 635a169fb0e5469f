import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';

/** Serves the files of a folder on loopback, as any web server would: packed where it has a packed twin (`a.js.gz`). */
export async function serveFiles(folder: string): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(sirv(folder, { dev: true, gzip: true })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
