import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/**
 * Reloads an open page when something else is served now; the browser reconnects by itself after an absence. What is
 * shown is known by the mark in the script's own URL: what is served may change before the script runs.
 */
const SCRIPT = `const look = async () => {
  const response = await fetch('', { cache: 'no-store' });
  if (!(await response.text()).includes(import.meta.url.slice(location.origin.length))) location.reload();
};
const events = new EventSource('/-/changes');
events.onopen = look;
events.onmessage = look;
`;
const SCRIPT_PATH = '-/reload.js';

/** The element that makes a page of this content follow what is served at its path. */
export function reloadScript(content: string): string {
  const mark = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return `<script type="module" src="/${SCRIPT_PATH}?${mark}"></script>`;
}

/** The pages that are open in browsers. */
export class OpenPages {
  #listeners = new Set<ServerResponse>();

  /** Takes a request of the script on a page; returns whether it was one. */
  intercept(path: string, response: ServerResponse): boolean {
    const headers = { 'Cache-Control': 'no-store' };
    if (path === SCRIPT_PATH) {
      response.writeHead(200, { ...headers, 'Content-Type': 'text/javascript; charset=utf-8' });
      response.end(SCRIPT);
      return true;
    }
    if (path !== '-/changes') return false;
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' });
    response.write(':\n\n');
    this.#listeners.add(response);
    response.once('close', () => this.#listeners.delete(response));
    return true;
  }

  /** To be called whenever something else may be served. */
  changed(): void {
    for (const response of this.#listeners) response.write('data: changed\n\n');
  }

  close(): void {
    for (const response of this.#listeners) response.end();
  }
}
