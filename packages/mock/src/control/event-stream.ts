import type { ServerResponse } from 'node:http';

/** Server-sent events to every panel that is open. */
export class EventStream {
  readonly #open = new Set<ServerResponse>();

  get isWatched(): boolean {
    return this.#open.size > 0;
  }

  open(response: ServerResponse, headers: Record<string, string>): void {
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    this.#open.add(response);
    response.once('close', () => this.#open.delete(response));
  }

  send(event: string, data: unknown): void {
    for (const response of this.#open) this.sendTo(response, event, data);
  }

  sendTo(response: ServerResponse, event: string, data: unknown): void {
    // A panel that does not keep up misses events rather than filling the memory.
    if (response.writableLength > 1_000_000) return;
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  close(): void {
    for (const response of this.#open) response.end();
  }
}
