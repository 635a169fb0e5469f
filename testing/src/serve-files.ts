import { createServer } from 'node:http';
import sirv from 'sirv';
import { listen } from './listen.ts';

/** Serves the files of a folder on loopback, as any web server would: packed where it has a packed twin (`a.js.gz`). */
export async function serveFiles(folder: string): ReturnType<typeof listen> {
  const listening = await listen(createServer(sirv(folder, { dev: true, gzip: true })));
  return { ...listening, url: `${listening.url}/` };
}
