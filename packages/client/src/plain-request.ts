/**
 * What openapi-fetch takes for a `Request`: it keeps URL and options as they are, so that the real `fetch` can be called
 * with them. (Node's `Request` forgets the signal that it was made with.)
 */
export class PlainRequest {
  constructor(url: string, init: object) {
    Object.assign(this, init, { url });
  }

  /** A middleware may give another request back; the client looks at what it says. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof (value as Request | undefined)?.method === 'string';
  }
}
