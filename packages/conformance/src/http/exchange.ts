import type { Socket } from 'node:net';
import { type Endpoint, hostOfRequests, open } from './endpoint.ts';
import { parseResponses, type WireResponse } from './parse-responses.ts';
import { toBytes, type WireRequest } from './wire-request.ts';

/** What there is instead of a response. `refused`: nobody listens; `closed`: the connection ended without one. */
export type Failure = 'refused' | 'reset' | 'closed' | 'timeout' | 'malformed';

export interface Exchange {
  readonly request: WireRequest;
  readonly startedAt: Date;
  /** Milliseconds from opening the connection to the end of the (last) response. */
  readonly durationMs: number;
  readonly responses: readonly WireResponse[];
  readonly failure: Failure | undefined;
  /** More about the failure, in words. */
  readonly detail: string;
  /** Bytes that came after the last complete response. */
  readonly rest: Buffer;
  /** How many equal ones were sent at the same moment. */
  readonly times: number;
  /** Connections that had sent the beginning of a request only, all the while. */
  readonly held?: { readonly count: number; readonly bytes: Buffer } | undefined;
}

export interface ExchangeOptions {
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /**
   * Responses to wait for. With more than one the exchange ends when they are there, when the server closes, or when it
   * has been silent for a second after the first. Default: 1.
   */
  readonly responses?: number;
  /** Holds the request back until all who share it have a connection, or have failed to get one. */
  readonly together?: Gathering;
}

/** Lets a number of exchanges send at the same moment. */
export class Gathering {
  readonly size: number;
  #missing: number;
  readonly #complete = Promise.withResolvers<void>();

  constructor(size: number) {
    this.size = size;
    this.#missing = size;
  }

  arrive(): Promise<void> {
    this.#missing--;
    if (this.#missing <= 0) this.#complete.resolve();
    return this.#complete.promise;
  }
}

const SILENCE = 1000;
const LARGEST = 8 * 1024 * 1024;

/** Sends one request (or several in one piece of bytes) over a connection of its own. Never rejects. */
export function exchange(
  endpoint: Endpoint,
  request: WireRequest,
  { timeout, responses: wanted = 1, together }: ExchangeOptions,
): Promise<Exchange> {
  const startedAt = new Date();
  const start = performance.now();
  const methods = Array.from({ length: wanted }, () => request.method);
  const chunks: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  let socket: Socket | undefined;
  const opening = new AbortController();
  let silence: NodeJS.Timeout | undefined;
  let size = 0;
  let done = false;

  const finish = (failure?: Failure, detail = '') => {
    if (done) return;
    const bytes = Buffer.concat(chunks);
    const { responses, rest, problem, missing } = parseResponses(
      bytes,
      failure !== 'timeout',
      methods,
    );
    done = true;
    clearTimeout(timer);
    clearTimeout(silence);
    socket?.destroy();
    if (!socket) opening.abort();
    void arrive();
    const enough = responses.length > 0 && failure !== 'malformed';
    const broken = problem ?? (failure === 'timeout' ? missing : undefined);
    const malformed = broken !== undefined && rest.length > 0 && (!enough || failure === undefined);
    resolve({
      request,
      startedAt,
      durationMs: performance.now() - start,
      responses,
      failure: malformed ? 'malformed' : enough ? undefined : failure,
      detail: malformed ? broken : enough ? '' : detail,
      rest,
      times: together?.size ?? 1,
    });
  };
  const timer = setTimeout(() => finish('timeout', `no response in ${timeout} ms`), timeout);
  const arrive = once(() => together?.arrive());
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED')
      finish('refused', 'nobody listens there (connection refused)');
    else finish('reset', `the connection broke (${error.code ?? error.message})`);
  };
  const onEnd = () => finish('closed', 'the server closed the connection without a response');

  open(endpoint, opening.signal).then(async (opened) => {
    socket = opened;
    if (done) return opened.destroy();
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > LARGEST)
        return finish('malformed', `the response is longer than ${LARGEST} bytes`);
      const { responses, problem } = parseResponses(Buffer.concat(chunks), false, methods);
      if (problem !== undefined) finish('malformed', problem);
      else if (responses.length >= wanted) finish();
      else if (responses.length > 0) {
        clearTimeout(silence);
        silence = setTimeout(finish, SILENCE);
      }
    });
    socket.on('end', onEnd);
    socket.on('close', onEnd);
    socket.on('error', onError);
    await arrive();
    socket.write(toBytes(request, hostOfRequests(endpoint)));
  }, onError);
  return promise;
}

function once<T>(action: () => T): () => T {
  let result: { value: T } | undefined;
  return () => {
    result ??= { value: action() };
    return result.value;
  };
}
