import type { ServerResponse } from 'node:http';
import type { Space } from '../spaces.ts';

/** A panel that is open. */
export interface Watcher {
  readonly space: Space;
  readonly response: ServerResponse;
}

/** Server-sent events to every panel that is open. */
export class EventStream {
  readonly #open = new Set<Watcher>();

  /** The panels of a space, or all of them. */
  watchers(space?: Space): Watcher[] {
    return [...this.#open].filter((watcher) => space === undefined || watcher.space === space);
  }

  open(space: Space, response: ServerResponse, headers: Record<string, string>): void {
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    const watcher = { space, response };
    this.#open.add(watcher);
    response.once('close', () => this.#open.delete(watcher));
  }

  sendTo({ response }: Watcher, event: string, data: unknown): void {
    // A panel that does not keep up misses events rather than filling the memory.
    if (response.writableLength > 1_000_000) return;
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  close(): void {
    for (const { response } of this.#open) response.end();
  }
}
