import type { ServerResponse } from 'node:http';

/** Reloads an open page when it is no longer what is served; the browser reconnects by itself after an absence. */
const SCRIPT = `const content = () => fetch('', { cache: 'no-store' }).then((response) => response.text());
const events = new EventSource('/-/changes');
const shown = content();
const look = async () => (await content()) !== (await shown) && location.reload();
events.onopen = look;
events.onmessage = look;
`;
const SCRIPT_ADDRESS = '-/reload.js';

/** The element that makes a page follow what is served at its address. */
export const RELOAD = `<script type="module" src="/${SCRIPT_ADDRESS}"></script>`;

/** The pages that are open in browsers. */
export class OpenPages {
  #listeners = new Set<ServerResponse>();

  /** Takes a request of the script on a page; returns whether it was one. */
  intercept(path: string, response: ServerResponse): boolean {
    const headers = { 'Cache-Control': 'no-store' };
    if (path === SCRIPT_ADDRESS) {
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
