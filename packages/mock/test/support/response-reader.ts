export interface RawResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

const END = Buffer.from('\r\n\r\n');

/** Reads HTTP responses out of bytes; strict, so that a response that is not HTTP fails the test. */
export class ResponseReader {
  #bytes: Buffer = Buffer.alloc(0);
  readonly #methods: string[];

  /** @param methods of the requests, in their order: HEAD has no body */
  constructor(methods: string[]) {
    this.#methods = methods;
  }

  /** Requests that have no response yet. */
  get pending(): number {
    return this.#methods.length;
  }

  read(chunk: Buffer): RawResponse[] {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const responses: RawResponse[] = [];
    for (let next = this.#next(); next; next = this.#next()) responses.push(next);
    return responses;
  }

  #next(): RawResponse | undefined {
    const end = this.#bytes.indexOf(END);
    if (end < 0) return undefined;
    const [line = '', ...lines] = this.#bytes.subarray(0, end).toString('latin1').split('\r\n');
    const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(line) ?? [];
    if (status === undefined) throw new Error(`This is not an HTTP response: ${line}`);
    const headers: Record<string, string> = {};
    for (const header of lines) {
      const at = header.indexOf(':');
      headers[header.slice(0, at).toLowerCase()] = header.slice(at + 1).trim();
    }
    const noBody = status === '100' || status === '204' || this.#methods[0] === 'HEAD';
    const length = noBody ? 0 : Number(headers['content-length']);
    if (Number.isNaN(length)) throw new Error(`A response without a length: ${line}`);
    const start = end + END.length;
    if (this.#bytes.length < start + length) return undefined;
    const body = this.#bytes.subarray(start, start + length).toString('utf8');
    this.#bytes = this.#bytes.subarray(start + length);
    if (status !== '100') this.#methods.shift();
    return { status: Number(status), headers, body };
  }
}
