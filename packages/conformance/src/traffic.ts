import { NotExercised } from './check.ts';
import type { OperationModel } from './contract/contract-model.ts';
import { type Exchange, exchange, type Gathering } from './http/exchange.ts';
import type { WireRequest } from './http/wire-request.ts';
import { requestOf } from './request-of.ts';

/** `contract`: the call of an operation, so its answer must be a documented one. `outside`: anything else. */
export type Scope = 'contract' | 'outside';

export interface Recorded {
  readonly exchange: Exchange;
  readonly scope: Scope;
  readonly operation: OperationModel;
  /** Id of the check that sent it. */
  readonly check: string;
}

export interface TrafficOptions {
  readonly baseUrl: URL;
  readonly token: string | undefined;
  /** Milliseconds for one request. */
  readonly timeout: number;
  /** Requests that one run may send. */
  readonly maxRequests: number;
  readonly restart: (() => Promise<void>) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onRequest: () => void;
}

/** Sends every request of a run, counts them and remembers what came back. */
export class Traffic {
  readonly recorded: Recorded[] = [];
  readonly baseUrl: URL;
  readonly token: string | undefined;
  /** Path of the base URL, which every target starts with. */
  readonly prefix: string;
  /** The server is gone and nobody can bring it back. */
  dead = false;
  /** What the server answered to the first harmless call, one on ids that nobody has. */
  usualStatus = 404;
  #sent = 0;
  readonly #options: TrafficOptions;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.baseUrl = options.baseUrl;
    this.token = options.token;
    this.prefix = options.baseUrl.pathname.replace(/\/$/, '');
  }

  get interrupted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  get sent(): number {
    return this.#sent;
  }

  async send(
    request: WireRequest,
    {
      scope,
      operation,
      check,
      http = [],
      answers = 1,
      timeout = this.#options.timeout,
      together,
    }: {
      scope: Scope;
      operation: OperationModel;
      check: string;
      http?: readonly number[];
      answers?: number;
      timeout?: number;
      together?: Gathering | undefined;
    },
  ): Promise<Exchange> {
    if (this.interrupted) throw new NotExercised('the run was interrupted');
    if (this.dead) throw new NotExercised('the server stopped answering earlier in this run');
    if (this.#sent >= this.#options.maxRequests) {
      throw new NotExercised(`the run has sent its ${this.#options.maxRequests} requests`);
    }
    this.#sent++;
    this.#options.onRequest();
    const done = await exchange(this.baseUrl, request, {
      timeout,
      answers,
      ...(together && { together }),
    });
    const status = done.answers[0]?.status ?? 0;
    this.recorded.push({
      exchange: done,
      scope: http.includes(status) ? 'outside' : scope,
      operation,
      check,
    });
    return done;
  }

  /** Whether a harmless call is answered, with anything. */
  async isAlive(operation: OperationModel): Promise<boolean> {
    const label = `alive ${this.#sent}`;
    const request = requestOf(operation, { token: this.token ?? null }, this.prefix, label);
    const done = await this.send(request, { scope: 'contract', operation, check: 'alive' });
    return done.answers.length > 0;
  }

  /** Like `isAlive`, and brings a dead server back where the setup can. */
  async survived(operation: OperationModel): Promise<boolean> {
    if (this.dead) return false;
    if (await this.isAlive(operation)) return true;
    await this.#options.restart?.();
    if (this.#options.restart && (await this.isAlive(operation))) return true;
    this.dead = true;
    return false;
  }
}
