import type { RecordedRequest } from './recorded-request.ts';

/** How many requests are kept; the oldest go first. */
const LIMIT = 500;

/** The requests that were responded to, oldest first. */
export class Recorder {
  readonly #requests: RecordedRequest[] = [];

  add(request: RecordedRequest): void {
    this.#requests.push(request);
    // In larger steps: moving the whole array for every request would be felt.
    if (this.#requests.length >= LIMIT * 2) this.#requests.splice(0, LIMIT);
  }

  list(): readonly RecordedRequest[] {
    return this.#requests.slice(-LIMIT);
  }

  clear(): void {
    this.#requests.length = 0;
  }
}
