import { createHash } from 'node:crypto';
import { type Contract, type Operation, responseFor } from '@sql-sessions/contract/model';
import fc from 'fast-check';
import { describeResponse } from '../http/describe-response.ts';
import type { Exchange } from '../http/exchange.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { ForbiddenCall, Setup, StuckSubject, Subject } from '../setup/setup.ts';
import { credentialsOf, type Sent } from '../values/credentials.ts';
import type { Schemas } from '../values/schemas.ts';
import { CheckFailure, type Level, NotExercised } from './failure.ts';
import { judgeDetails, judgeShape } from './judge-response.ts';
import { range, successesOf } from './operations.ts';
import type { CallOptions } from './request-of.ts';
import type { SendOptions, Traffic } from './traffic.ts';

export type Judging = Pick<SendOptions, 'http' | 'responses' | 'timeout' | 'together'> & {
  /** The contract says nothing about the shape of the response. */
  readonly outside?: boolean;
};

export interface CheckContextOptions {
  readonly operation: Operation;
  readonly setup: Setup;
  readonly id: string;
  readonly seed: number;
  readonly runs: number;
  /** Statuses that the server's team expects in this check, beside those of the contract. */
  readonly expected: readonly number[];
}

/** Statuses that say that a request is not acceptable as it is. */
const REFUSALS = [405, 406, 411, 412, 413, 414, 415, 416, 417, 426, 428, 431];
const SHOWN = 5;
const SIDE_BY_SIDE = 8;

/** What one check has at hand while it is tried on one operation. */
export class CheckContext {
  readonly traffic: Traffic;
  readonly operation: Operation;
  readonly setup: Setup;
  /** What was found, with the exchange that shows it. */
  readonly failures: CheckFailure[] = [];
  readonly #options: CheckContextOptions;
  readonly #seed: number;
  readonly #releases: (() => Promise<void>)[] = [];
  readonly #live = new Set<Subject>();
  #calls = 0;

  constructor(traffic: Traffic, options: CheckContextOptions) {
    this.traffic = traffic;
    this.operation = options.operation;
    this.setup = options.setup;
    this.#options = options;
    this.#seed = createHash('sha256')
      .update(`${options.seed} ${options.id} ${options.operation.id}`)
      .digest()
      .readInt32BE();
  }

  get schemas(): Schemas {
    return this.traffic.options.schemas;
  }

  get contract(): Contract {
    return this.schemas.contract;
  }

  /** What the run sends with a call of this operation, in the order of the contract. */
  get credentials(): Sent[] {
    return credentialsOf(this.operation, this.traffic.options.caller);
  }

  get seed(): number {
    return this.#seed;
  }

  get runs(): number {
    return this.#options.runs;
  }

  /** The documented statuses that mean success. */
  get successes(): number[] {
    return [...successesOf(this.operation), ...this.traffic.insteadOfSuccess(this.operation)];
  }

  /** The status of a call on ids that nobody has: 404, unless the server breaks that rule (a check of its own). */
  get usual(): number {
    return this.traffic.usual(this.operation);
  }

  /** Whether the server still responds, if need be after the setup has restarted it. */
  survived(): Promise<boolean> {
    return this.traffic.survived(this.operation);
  }

  /** A token that no server can know, the same in every run with this seed. */
  get unknownToken(): string {
    return createHash('sha256').update(`token ${this.#seed}`).digest('hex');
  }

  /** The request of a call, to be changed and given to `send`. */
  request(options: CallOptions = {}): WireRequest {
    return this.traffic.request(this.operation, options, `${this.#seed} ${this.#calls++}`);
  }

  /** Calls the operation. The response is held against the contract, whatever this check asks about it. */
  call(options: CallOptions = {}, judging: Judging = {}): Promise<Exchange> {
    return this.#send(this.request(options), judging);
  }

  /** Sends a request that is not a call of an operation: the contract has no response for it. */
  send(request: WireRequest, judging: Judging = {}): Promise<Exchange> {
    return this.#send(request, { ...judging, outside: true });
  }

  #send(request: WireRequest, { outside = false, ...judging }: Judging): Promise<Exchange> {
    return this.traffic.send(request, {
      ...judging,
      scope: outside ? 'outside' : 'contract',
      operation: this.operation,
      check: this.#options.id,
    });
  }

  fail(message: string, exchange?: Exchange, level?: Level): never {
    throw new CheckFailure(message, exchange, level);
  }

  /** Fails unless the response has one of the statuses. `reason` completes "…, because". */
  expectStatus(
    exchange: Exchange,
    statuses: readonly number[],
    reason: string,
    level?: Level,
  ): number {
    const status = exchange.responses[0]?.status;
    const allowed = [...statuses, ...this.#options.expected];
    if (status !== undefined && exchange.failure === undefined && allowed.includes(status))
      return status;
    return this.fail(
      `expected ${describeStatuses(statuses)}, got ${describeResponse(exchange)}: ${reason}`,
      exchange,
      level,
    );
  }

  /** Fails unless the response is one of the documented kind, with a body and headers as the contract has them. */
  expectShape(exchange: Exchange): void {
    const problem = judgeShape(exchange, this.operation, this.schemas);
    if (problem !== undefined) this.fail(problem, exchange);
  }

  /** Fails if the response tells about the server's inside. */
  expectNoDetails(exchange: Exchange): void {
    const problem = judgeDetails(exchange, this.setup.secrets ?? []);
    if (problem !== undefined) this.fail(problem, exchange, 'hardening');
  }

  /** Fails unless the response is a 4xx, or the server refused to go on with the connection where `orClosed` is set. */
  expectRefusal(
    exchange: Exchange,
    reason: string,
    {
      orClosed = false,
      also = [] as readonly number[],
      level = undefined as Level | undefined,
    } = {},
  ): void {
    const status = exchange.responses[0]?.status;
    if (orClosed && (exchange.failure === 'closed' || exchange.failure === 'reset')) return;
    const allowed = [...also, ...this.#options.expected];
    if (exchange.failure === undefined && status !== undefined) {
      if ((status >= 400 && status < 500) || allowed.includes(status)) return;
    }
    this.fail(`expected a 4xx, got ${describeResponse(exchange)}: ${reason}`, exchange, level);
  }

  /** Fails unless the server still responds to a harmless call. */
  async expectAlive(after: Exchange): Promise<void> {
    if (await this.traffic.isAlive(this.operation)) return;
    this.fail('the server does not respond any more after this request', after, 'contract');
  }

  /**
   * Tries every case, also after a failure, and collects what fails.
   * @param options.together Cases that disturb no other, each on a subject of its own, go side by side. Where one fails
   *   they are tried again one by one, so that each finding stands beside the request that caused it.
   */
  async each<T>(
    cases: Iterable<T>,
    attempt: (one: T) => Promise<void>,
    { together = false } = {},
  ): Promise<void> {
    const left = [...cases];
    while (left.length > 0) {
      const batch = left.splice(0, together ? SIDE_BY_SIDE : 1);
      const first = await Promise.all(batch.map((one) => this.#caught(() => attempt(one))));
      let found = first.filter((one) => one !== undefined);
      if (found.length === 0) continue;
      if (batch.length > 1 && (await this.survived())) {
        const again: CheckFailure[] = [];
        for (const one of batch) {
          const failure = await this.#caught(() => attempt(one));
          if (failure) again.push(failure);
          if (failure && !(await this.survived())) break;
        }
        // What only happens side by side is a finding all the same.
        if (again.length > 0) found = again;
      }
      this.failures.push(...found.slice(0, SHOWN - this.failures.length));
      if (this.failures.length >= SHOWN || !(await this.survived())) return;
    }
  }

  /**
   * Tries a rule on many random values, side by side, and, where it fails, on ever smaller ones.
   * @param examples Values that are tried in every run where no random one fails: those are as small as they get.
   */
  async property<T>(
    values: fc.Arbitrary<T>,
    attempt: (value: T) => Promise<void>,
    examples: readonly T[] = [],
  ): Promise<void> {
    const parameters = { seed: this.#seed, numRuns: this.runs };
    const tried = fc.sample(values, parameters);
    const first = await this.#firstFailure(tried, attempt);
    if (!first) {
      await this.each(examples, attempt, { together: true });
      return;
    }
    let smallest = first;
    let costly = first.exchange?.failure === undefined ? 0 : 1;
    if (costly > 0 && !(await this.survived())) costly = Number.POSITIVE_INFINITY;
    const rule = fc.asyncProperty(values, async (value) => {
      // A server that hangs or dies is not asked for its smallest victim for ever.
      if (costly >= 2) return;
      const failure = await this.#caught(() => attempt(value));
      if (!failure) return;
      smallest = failure;
      if (failure.exchange?.failure !== undefined) {
        costly++;
        if (!(await this.survived())) costly = Number.POSITIVE_INFINITY;
      }
      throw failure;
    });
    const result = await fc.check(rule, parameters);
    if (result.failed && !(result.errorInstance instanceof CheckFailure))
      throw result.errorInstance;
    this.failures.push(smallest);
  }

  /** What an attempt found. Its exchange is found fault with, whether or not the finding is shown in the end. */
  async #caught(attempt: () => Promise<void>): Promise<CheckFailure | undefined> {
    try {
      await attempt();
      return undefined;
    } catch (error) {
      if (!(error instanceof CheckFailure)) throw error;
      if (error.exchange) this.traffic.blamed.add(error.exchange);
      return error;
    }
  }

  async #firstFailure<T>(values: readonly T[], attempt: (value: T) => Promise<void>) {
    for (let at = 0; at < values.length; at += SIDE_BY_SIDE) {
      const found = await Promise.all(
        values.slice(at, at + SIDE_BY_SIDE).map((value) => this.#caught(() => attempt(value))),
      );
      const failure = found.find((one) => one !== undefined);
      if (failure) return failure;
    }
    return undefined;
  }

  /** A subject on which the operation succeeds; released when the check is over. */
  async live(): Promise<Subject> {
    const subject = this.#keep(await this.setup.live?.(this.operation), 'live');
    this.#live.add(subject);
    return subject;
  }

  /** A live subject where the setup has one. */
  async liveIfAny(): Promise<Subject | undefined> {
    return this.setup.live && (await this.live().catch(absent));
  }

  /** Fails if any of the check's live subjects is gone: none of them was named. */
  async expectAllOpen(exchange: Exchange, reason: string, level: Level = 'contract') {
    const subjects = [...this.#live];
    const open = await Promise.all(subjects.map(async (one) => (await one.isOpen?.()) ?? true));
    const gone = subjects.filter((_, index) => !open[index]);
    for (const one of gone) this.#live.delete(one);
    if (gone.length > 0) this.fail(`a subject is gone: ${reason}`, exchange, level);
  }

  async stuck(): Promise<StuckSubject> {
    return this.#keep(await this.setup.stuck?.(this.operation), 'stuck');
  }

  async innerFault(): Promise<StuckSubject> {
    return this.#keep(await this.setup.innerFault?.(this.operation), 'innerFault');
  }

  async foreign(): Promise<Subject> {
    return this.#keep(await this.setup.secondTenant?.live(this.operation), 'secondTenant.live');
  }

  async forbidden(): Promise<ForbiddenCall> {
    return this.#keep(await this.setup.forbidden?.(this.operation), 'forbidden');
  }

  /** Fails if the subject is gone: whatever the response says, the contract does not let this request touch it. */
  async expectUntouched(subject: Subject | undefined, exchange: Exchange, reason: string) {
    if (!subject?.isOpen || (await subject.isOpen())) return;
    this.fail(`the subject is gone: ${reason}`, exchange, 'contract');
  }

  /** Like `expectUntouched`; not exercised where the setup cannot tell. */
  async expectOpen(subject: Subject, exchange: Exchange, reason: string): Promise<void> {
    if (!subject.isOpen) throw new NotExercised('the setup gives its subjects no `isOpen`');
    await this.expectUntouched(subject, exchange, reason);
  }

  async expectGone(subject: Subject, exchange: Exchange, reason: string): Promise<void> {
    if (!subject.isOpen) throw new NotExercised('the setup gives its subjects no `isOpen`');
    if (await subject.isOpen()) {
      this.fail(`the subject is still there: ${reason}`, exchange, 'contract');
    }
  }

  /** Every status that the contract has, by its number, range or `default`, but those of a refused or failed call. */
  get understood(): number[] {
    const numbers = new Set(this.operation.responses.map(({ status }) => Number(status)));
    const all = range(200, 499);
    const documented = all.filter((status) => responseFor(this.operation, status));
    // What only a range or `default` documents need not be meant for a request that was understood.
    return (documented.length > 0 ? documented : all).filter(
      (status) =>
        ![400, 408, 422].includes(status) && (numbers.has(status) || !REFUSALS.includes(status)),
    );
  }

  async release(): Promise<void> {
    for (const release of this.#releases.splice(0).reverse()) await release();
  }

  #keep<T extends object>(found: T | undefined, capability: string): T {
    if (!found)
      throw new NotExercised(`the setup has no \`${capability}\` for ${this.operation.id}`);
    const { release } = found as Partial<Subject>;
    if (release) this.#releases.push(() => release.call(found));
    return found;
  }
}

function absent(error: unknown): undefined {
  if (!(error instanceof NotExercised)) throw error;
}

function describeStatuses(statuses: readonly number[]): string {
  if (statuses.length === 0) return 'no response';
  if (statuses.length > 9) {
    const classes = new Set(statuses.map((status) => `${`${status}`[0]}xx`));
    const isRefusal = statuses.some((status) => status >= 400) && !statuses.includes(400);
    return `a ${[...classes].join(' or ')}${isRefusal ? ' that does not refuse the request' : ''}`;
  }
  return [...new Set(statuses)].join(' or ');
}
