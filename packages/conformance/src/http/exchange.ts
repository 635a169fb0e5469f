import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Answer, parseAnswers } from './parse-answers.ts';
import { toBytes, type WireRequest } from './wire-request.ts';

/** Why there is no proper answer. `refused`: nobody listens; `closed`: the connection ended without one. */
export type Failure = 'refused' | 'reset' | 'closed' | 'timeout' | 'malformed';

export interface Exchange {
  readonly request: WireRequest;
  readonly startedAt: Date;
  /** Milliseconds from opening the connection to the end of the (last) answer. */
  readonly duration: number;
  readonly answers: readonly Answer[];
  readonly failure: Failure | undefined;
  /** More about the failure, in words. */
  readonly detail: string;
  /** Bytes that came after the last complete answer. */
  readonly rest: Buffer;
}

export interface ExchangeOptions {
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /**
   * Answers to wait for. With more than one the exchange ends when they are there, when the server closes, or when it
   * has been silent for a second after the first. Default: 1.
   */
  readonly answers?: number;
  /** Holds the request back until all who share it have a connection, or have failed to get one. */
  readonly together?: Gathering;
}

/** Lets a number of exchanges send at the same moment. */
export class Gathering {
  #missing: number;
  readonly #complete = Promise.withResolvers<void>();

  constructor(size: number) {
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
  base: URL,
  request: WireRequest,
  { timeout, answers: wanted = 1, together }: ExchangeOptions,
): Promise<Exchange> {
  const startedAt = new Date();
  const start = performance.now();
  const methods = Array.from({ length: wanted }, () => request.method);
  const chunks: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  const socket = open(base);
  let silence: NodeJS.Timeout | undefined;
  let size = 0;
  let done = false;

  const finish = (failure?: Failure, detail = '') => {
    if (done) return;
    const bytes = Buffer.concat(chunks);
    const { answers, rest, problem } = parseAnswers(bytes, failure !== 'timeout', methods);
    done = true;
    clearTimeout(timer);
    clearTimeout(silence);
    socket.destroy();
    void arrive();
    const enough = answers.length > 0 && failure !== 'malformed';
    const broken = problem !== undefined && rest.length > 0 && (!enough || failure === undefined);
    resolve({
      request,
      startedAt,
      duration: performance.now() - start,
      answers,
      failure: broken ? 'malformed' : enough ? undefined : failure,
      detail: broken ? problem : enough ? '' : detail,
      rest,
    });
  };
  const timer = setTimeout(() => finish('timeout', `no answer in ${timeout} ms`), timeout);

  const arrive = once(() => together?.arrive());
  socket.on('connect', async () => {
    await arrive();
    socket.write(toBytes(request, base.host));
  });
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LARGEST) {
      finish('malformed', `the answer is longer than ${LARGEST} bytes`);
      return;
    }
    const { answers, problem } = parseAnswers(Buffer.concat(chunks), false, methods);
    if (problem !== undefined) finish('malformed', problem);
    else if (answers.length >= wanted) finish();
    else if (answers.length > 0) {
      clearTimeout(silence);
      silence = setTimeout(finish, SILENCE);
    }
  });
  socket.on('end', () => {
    finish('closed', 'the server closed the connection without an answer');
  });
  socket.on('close', () => {
    finish('closed', 'the server closed the connection without an answer');
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED')
      finish('refused', 'nobody listens there (connection refused)');
    else finish('reset', `the connection broke (${error.code ?? error.message})`);
  });
  return promise;
}

function once<T>(action: () => T): () => T {
  let result: { value: T } | undefined;
  return () => {
    result ??= { value: action() };
    return result.value;
  };
}

/** Opens a connection to the server, over TLS for https. */
export function open(base: URL): Socket {
  const host = base.hostname.replace(/^\[|\]$/g, '');
  if (base.protocol === 'https:') {
    return connectTls({ host, port: Number(base.port || 443), servername: host });
  }
  return connectPlain({ host, port: Number(base.port || 80) });
}
