import type { RecordedRequest } from './recorded-request.ts';

/** How many requests are kept; the oldest go first. */
const LIMIT = 500;

/** The requests that were answered, oldest first. */
export class Recorder {
  readonly #requests: RecordedRequest[] = [];
  #count = 0;

  add(request: Omit<RecordedRequest, 'id'>): RecordedRequest {
    this.#count += 1;
    const recorded = { id: this.#count, ...request };
    this.#requests.push(recorded);
    // In larger steps: moving the whole array for every request would be felt.
    if (this.#requests.length >= LIMIT * 2) this.#requests.splice(0, LIMIT);
    return recorded;
  }

  list(): readonly RecordedRequest[] {
    return this.#requests.slice(-LIMIT);
  }

  clear(): void {
    this.#requests.length = 0;
  }
}
