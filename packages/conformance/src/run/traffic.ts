import { setTimeout } from 'node:timers/promises';
import type { Operation } from '@sql-sessions/contract/model';
import type { Endpoint } from '../http/endpoint.ts';
import { type Exchange, exchange, type Gathering } from '../http/exchange.ts';
import { header } from '../http/parse-responses.ts';
import type { Secrets } from '../http/secrets.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { Identity } from '../values/credentials.ts';
import type { Schemas } from '../values/schemas.ts';
import { NotExercised } from './failure.ts';
import { type CallOptions, requestOf } from './request-of.ts';

/** `contract`: the call of an operation, so its response must be a documented one. `outside`: anything else. */
export type Scope = 'contract' | 'outside';

export interface Recorded {
  readonly exchange: Exchange;
  readonly scope: Scope;
  readonly operation: Operation;
  /** Id of the check that sent it. */
  readonly check: string;
}

export interface TrafficOptions {
  readonly endpoint: Endpoint;
  readonly schemas: Schemas;
  /** Who the run acts as. */
  readonly caller: Identity;
  readonly secrets: Secrets;
  /** Headers that every request gets. */
  readonly headers: readonly (readonly [string, string])[];
  /** Milliseconds for one request. */
  readonly timeout: number;
  /** Milliseconds after which a response counts as late; undefined: no limit. */
  readonly responseTime: number | undefined;
  /** Requests that one run may send for one operation. */
  readonly maxRequests: number;
  /** Requests per second; undefined: no limit. */
  readonly rate: number | undefined;
  /** Milliseconds for the whole run; undefined: no limit. */
  readonly maxTime: number | undefined;
  readonly restart: (() => Promise<void>) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onRequest: () => void;
}

export interface SendOptions {
  readonly scope: Scope;
  readonly operation: Operation;
  readonly check: string;
  /** Statuses that HTTP itself allows here: such a response needs no shape of the contract. */
  readonly http?: readonly number[];
  readonly responses?: number;
  readonly timeout?: number;
  readonly together?: Gathering | undefined;
}

/** Milliseconds that a run waits in all for a server that limits the rate. */
const MOST_WAITING = 300_000;

/** Sends every request of a run, counts them and remembers what came back. */
export class Traffic {
  readonly recorded: Recorded[] = [];
  readonly #byOperation = new Map<string, Recorded[]>();
  /** Exchanges that a check has found fault with: one cause is one finding. */
  readonly blamed = new Set<Exchange>();
  /** What the run did on its own account, in sentences. */
  readonly notes = new Set<string>();
  readonly options: TrafficOptions;
  /** Path of the base URL, which every target starts with. */
  prefix: string;
  /** The server is gone and nobody can bring it back. */
  dead = false;
  /** Which limit ended the run early; undefined: none. */
  cutShort: string | undefined;
  /** Statuses that a server has instead of the documented success, once that has been reported. */
  readonly #instead = new Map<string, number>();
  readonly #usual = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  readonly #started = Date.now();
  #next = 0;
  #calls = 0;
  /** Until when the server wants no request, and how long it has said so in all. */
  #notBefore = 0;
  #waited = 0;
  sent = 0;

  constructor(options: TrafficOptions) {
    this.options = options;
    this.prefix = options.endpoint.url.pathname.replace(/\/$/, '');
  }

  get interrupted(): boolean {
    return this.options.signal?.aborted ?? false;
  }

  /** What the server responds with to a harmless call, one on ids that nobody has. */
  usual({ id }: Operation): number {
    return this.#usual.get(id) ?? 404;
  }

  /** What was recorded for one operation. */
  recordedOf({ id }: Pick<Operation, 'id'>): readonly Recorded[] {
    return this.#byOperation.get(id) ?? [];
  }

  insteadOfSuccess({ id }: Operation): number[] {
    return [this.#instead.get(id) ?? []].flat();
  }

  learnSuccess({ id }: Operation, status: number): void {
    this.#instead.set(id, status);
  }

  /** The request of a call. A label makes ids of its own out of the run's seed. */
  request(operation: Operation, options: CallOptions, label?: string): WireRequest {
    const { schemas, headers, caller } = this.options;
    return requestOf(operation, options, {
      schemas,
      prefix: this.prefix,
      headers,
      caller,
      label: label ?? `alive ${this.#calls++}`,
    });
  }

  async send(request: WireRequest, options: SendOptions): Promise<Exchange> {
    const { timeout = this.options.timeout, responses = 1, together } = options;
    for (;;) {
      await this.#permit(options.operation);
      const done = await exchange(this.options.endpoint, request, {
        timeout,
        responses,
        ...(together && { together }),
      });
      const [response] = done.responses;
      // A gateway that limits the rate says nothing about the server behind it.
      const limited = response?.status === 429;
      const scope =
        limited || options.http?.includes(response?.status ?? 0) ? 'outside' : options.scope;
      const { operation, check } = options;
      const recorded = { exchange: done, scope, operation, check };
      this.recorded.push(recorded);
      const own = this.#byOperation.get(operation.id);
      if (own) own.push(recorded);
      else this.#byOperation.set(operation.id, [recorded]);
      if (!limited) return done;
      this.#wait(millisecondsOf(header(response, 'retry-after')));
    }
  }

  /** Takes what came back for nothing that the server said of the contract: it was from another place. */
  forget(): void {
    this.#byOperation.clear();
    this.#usual.clear();
  }

  /** Whether a harmless call gets a response, whatever it is. */
  async isAlive(operation: Operation): Promise<Exchange | undefined> {
    const request = this.request(operation, {});
    const done = await this.send(request, { scope: 'contract', operation, check: 'alive' });
    if (done.responses[0] && !this.#usual.has(operation.id)) {
      this.#usual.set(operation.id, done.responses[0].status);
    }
    // What is not HTTP is a response all the same.
    return done.responses.length > 0 || done.rest.includes('HTTP/') ? done : undefined;
  }

  /** Like `isAlive`, and brings a dead server back where the setup can. */
  async survived(operation: Operation): Promise<boolean> {
    if (this.dead) return false;
    if (await this.isAlive(operation)) return true;
    await this.options.restart?.();
    if (this.options.restart && (await this.isAlive(operation))) return true;
    this.dead = true;
    return false;
  }

  async #permit({ id }: Operation): Promise<void> {
    const { maxRequests, maxTime, rate } = this.options;
    while (this.#notBefore > Date.now() && !this.interrupted)
      await this.#pause(this.#notBefore - Date.now());
    if (this.interrupted) throw new NotExercised('the run was interrupted');
    if (this.dead) throw new NotExercised('the server stopped responding earlier in this run');
    const count = this.#counts.get(id) ?? 0;
    if (count >= maxRequests) this.#cut(`the run has sent its ${maxRequests} requests for ${id}`);
    if (maxTime !== undefined && Date.now() - this.#started > maxTime) {
      this.#cut(`the run has used its ${maxTime / 1000} s`);
    }
    this.#counts.set(id, count + 1);
    this.sent++;
    this.options.onRequest();
    if (rate === undefined) return;
    const now = Date.now();
    const slot = Math.max(now, this.#next);
    this.#next = slot + 1000 / rate;
    if (slot > now) await this.#pause(slot - now);
  }

  #cut(reason: string): never {
    this.cutShort ??= reason;
    throw new NotExercised(reason);
  }

  /** Waits, but not on after an interruption. */
  async #pause(time: number): Promise<void> {
    const { signal } = this.options;
    await setTimeout(time, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }

  /** Has every request wait, those that are side by side for the same time. */
  #wait(time: number): void {
    const from = Math.max(Date.now(), this.#notBefore);
    const until = Date.now() + time;
    this.#waited += Math.max(0, until - from);
    const left = this.#started + (this.options.maxTime ?? Number.POSITIVE_INFINITY) - Date.now();
    if (this.#waited > MOST_WAITING || time > left) {
      const most = Math.min(MOST_WAITING, this.options.maxTime ?? MOST_WAITING) / 1000;
      this.#cut(
        `the server limits the rate (429), and waiting for it takes more than ${most} s: give a --rate that it allows`,
      );
    }
    this.#notBefore = Math.max(from, until);
    this.notes.add(
      'The server limits the rate (429): the run waited as `Retry-After` says, and went on.',
    );
  }
}

/** What `Retry-After` says, in seconds or as a date (RFC 9110, 10.2.3); a second where it says nothing. */
function millisecondsOf(retryAfter = ''): number {
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : Number.NaN;
  const date = /GMT$/.test(retryAfter) ? Date.parse(retryAfter) - Date.now() : Number.NaN;
  return Math.max(1000, seconds * 1000 || date || 0);
}
