import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** Reloads an open page when it is no longer what is served; the browser reconnects by itself after an absence. */
const SCRIPT = `const { page, content } = document.querySelector('script[data-content]').dataset;
new EventSource(\`/-/changes/\${content}/\${page}\`).onmessage = () => location.reload();
`;
const SCRIPT_ADDRESS = '-/reload.js';
const EVENTS = /^-\/changes\/([\w-]+)\/(.*)$/s;

/** The pages that are open in browsers. Each is told when its content is another one than it was served with. */
export class OpenPages {
  #listeners = new Map<ServerResponse, { page: string; content: string }>();
  #contentOf: (page: string) => string;

  /** @param contentOf what {@link contentName} says of the page that is served at an address now */
  constructor(contentOf: (page: string) => string) {
    this.#contentOf = contentOf;
  }

  /** Takes a request of the script on a page; returns whether it was one. */
  intercept(path: string, response: ServerResponse): boolean {
    const headers = { 'Cache-Control': 'no-store' };
    if (path === SCRIPT_ADDRESS) {
      response.writeHead(200, { ...headers, 'Content-Type': 'text/javascript; charset=utf-8' });
      response.end(SCRIPT);
      return true;
    }
    const [, content, page] = EVENTS.exec(path) ?? [];
    if (content === undefined || page === undefined) return false;
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' });
    response.write(':\n\n');
    this.#listeners.set(response, { page, content });
    response.once('close', () => this.#listeners.delete(response));
    // It may have changed between being loaded and asking.
    this.#tell(response);
    return true;
  }

  /** To be called whenever something else may be served. */
  changed(): void {
    for (const response of this.#listeners.keys()) this.#tell(response);
  }

  close(): void {
    for (const response of this.#listeners.keys()) response.end();
  }

  #tell(response: ServerResponse): void {
    const listener = this.#listeners.get(response);
    if (!listener || this.#contentOf(listener.page) === listener.content) return;
    response.write('data: changed\n\n');
  }
}

/** A short name for a content. */
export function contentName(content: string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 16);
}

/** The element that makes a page follow what is served at its address. */
export function reloadScript(page: string, content: string): string {
  return `<script type="module" src="/${SCRIPT_ADDRESS}" data-page="${page}" data-content="${content}"></script>`;
}
