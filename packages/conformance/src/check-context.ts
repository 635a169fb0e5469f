import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { CheckFailure, NotExercised } from './check.ts';
import {
  judgeDetails,
  judgeJson,
  judgeLengths,
  judgeSchema,
  judgeType,
} from './checks/judge-answer.ts';
import type { OperationModel, ParameterModel } from './contract/contract-model.ts';
import type { Exchange, Gathering } from './http/exchange.ts';
import type { WireRequest } from './http/wire-request.ts';
import { describeAnswer } from './report/describe-answer.ts';
import { type CallOptions, requestOf } from './request-of.ts';
import type { ForbiddenCall, Setup, StuckSubject, Subject } from './setup.ts';
import type { Scope, Traffic } from './traffic.ts';

export interface Judging {
  /** Statuses that HTTP itself allows here, beside those of the contract: such an answer needs no contract shape. */
  readonly http?: readonly number[];
  /** Answers to wait for on the connection. */
  readonly answers?: number;
  readonly timeout?: number;
  readonly together?: Gathering;
}

const SHOWN = 5;

/** What one check has at hand while it is tried on one operation. */
export class CheckContext {
  readonly operation: OperationModel;
  readonly setup: Setup;
  /** What was found, with the exchange that shows it. */
  readonly failures: CheckFailure[] = [];
  readonly #traffic: Traffic;
  readonly #id: string;
  readonly #seed: number;
  readonly #runs: number;
  readonly #releases: (() => Promise<void>)[] = [];
  #calls = 0;

  constructor(
    traffic: Traffic,
    {
      operation,
      setup,
      id,
      seed,
      runs,
    }: {
      operation: OperationModel;
      setup: Setup;
      id: string;
      seed: number;
      runs: number;
    },
  ) {
    this.#traffic = traffic;
    this.operation = operation;
    this.setup = setup;
    this.#id = id;
    this.#runs = runs;
    this.#seed = createHash('sha256')
      .update(`${seed} ${id} ${operation.id}`)
      .digest()
      .readInt32BE();
  }

  /** All that was sent so far in this run, by this check and by others. */
  get traffic(): Traffic {
    return this.#traffic;
  }

  get token(): string | undefined {
    return this.#traffic.token;
  }

  get pathParameters(): ParameterModel[] {
    return this.operation.parameters.filter((parameter) => parameter.in === 'path');
  }

  /** The documented statuses that mean success. */
  get successes(): number[] {
    return [...this.operation.responses.keys()].filter((status) => status < 300);
  }

  /** The status of a call on ids that nobody has: 404, unless the server breaks that rule (a check of its own). */
  get usual(): number {
    return this.#traffic.usualStatus;
  }

  /** Whether the server still answers, if need be after the setup has restarted it. */
  survived(): Promise<boolean> {
    return this.#traffic.survived(this.operation);
  }

  /** A token that no server can know, the same in every run with this seed. */
  get unknownToken(): string {
    return createHash('sha256').update(`token ${this.#seed}`).digest('hex');
  }

  /** The request of a call, to be changed and given to `send`. */
  request(options: CallOptions = {}): WireRequest {
    const token = options.token === undefined ? (this.token ?? null) : options.token;
    const label = `${this.#seed} ${this.#calls++}`;
    return requestOf(this.operation, { ...options, token }, this.#traffic.prefix, label);
  }

  /** Calls the operation. The answer is held against the contract, whatever this check asks about it. */
  call(options: CallOptions = {}, judging: Judging = {}): Promise<Exchange> {
    return this.#send(this.request(options), 'contract', judging);
  }

  /** Sends a request that is no call of an operation: the contract has no answer for it. */
  send(request: WireRequest, judging: Judging = {}): Promise<Exchange> {
    return this.#send(request, 'outside', judging);
  }

  #send(request: WireRequest, scope: Scope, judging: Judging): Promise<Exchange> {
    return this.#traffic.send(request, {
      ...judging,
      scope,
      operation: this.operation,
      check: this.#id,
    });
  }

  fail(message: string, exchange?: Exchange): never {
    throw new CheckFailure(message, exchange);
  }

  /** Fails unless the answer has one of the statuses. `why` completes "…, because". */
  expectStatus(exchange: Exchange, statuses: readonly number[], why: string): number {
    const status = exchange.answers[0]?.status;
    if (status !== undefined && exchange.failure === undefined && statuses.includes(status))
      return status;
    const expected = statuses.length === 0 ? 'no answer' : statuses.join(' or ');
    return this.fail(`expected ${expected}, got ${describeAnswer(exchange)}: ${why}`, exchange);
  }

  /** Fails unless the answer has the documented content type and is readable. */
  expectType(exchange: Exchange): void {
    const problem = judgeType(exchange, this.operation) ?? judgeJson(exchange, this.operation);
    if (problem !== undefined) this.fail(problem, exchange);
  }

  /** Fails unless the answer has the documented content type and a body of the documented schema. */
  expectShape(exchange: Exchange): void {
    const problem =
      judgeType(exchange, this.operation) ??
      judgeJson(exchange, this.operation) ??
      judgeSchema(exchange, this.operation) ??
      judgeLengths(exchange, this.operation);
    if (problem !== undefined) this.fail(problem, exchange);
  }

  /** Fails if the answer tells about the server's inside. */
  expectNoDetails(exchange: Exchange): void {
    const problem = judgeDetails(exchange, this.setup.secrets ?? []);
    if (problem !== undefined) this.fail(problem, exchange);
  }

  /** Fails unless the answer is a 4xx, or the server refused to go on with the connection where `orClosed` is set. */
  expectRefusal(exchange: Exchange, why: string, { orClosed = false } = {}): void {
    const status = exchange.answers[0]?.status;
    if (orClosed && (exchange.failure === 'closed' || exchange.failure === 'reset')) return;
    if (exchange.failure === undefined && status !== undefined && status >= 400 && status < 500)
      return;
    this.fail(`expected a 4xx, got ${describeAnswer(exchange)}: ${why}`, exchange);
  }

  /** Fails unless the server still answers a harmless call. */
  async expectAlive(after: Exchange): Promise<void> {
    if (await this.#traffic.isAlive(this.operation)) return;
    this.fail('the server does not answer any more after this request', after);
  }

  /** Tries every case, also after a failure, and collects what fails. */
  async each<T>(cases: Iterable<T>, attempt: (one: T) => Promise<void>): Promise<void> {
    for (const one of cases) {
      try {
        await attempt(one);
      } catch (error) {
        if (!(error instanceof CheckFailure)) throw error;
        this.failures.push(error);
        if (this.failures.length >= SHOWN || !(await this.#traffic.survived(this.operation)))
          return;
      }
    }
  }

  /**
   * Tries a rule on many random values and, where it fails, on ever smaller ones.
   * @param examples Values that are tried in every run where no random one fails: those are as small as they get.
   */
  async property<T>(
    values: fc.Arbitrary<T>,
    attempt: (value: T) => Promise<void>,
    examples: readonly T[] = [],
  ): Promise<void> {
    let smallest: CheckFailure | undefined;
    let costly = 0;
    const rule = fc.asyncProperty(values, async (value) => {
      // A server that hangs or dies is not asked for its smallest victim for ever.
      if (costly >= 2) return;
      try {
        await attempt(value);
      } catch (error) {
        if (!(error instanceof CheckFailure)) throw error;
        smallest = error;
        if (error.exchange?.failure !== undefined) {
          costly++;
          if (!(await this.#traffic.survived(this.operation))) costly = Number.POSITIVE_INFINITY;
        }
        throw error;
      }
    });
    const result = await fc.check(rule, { seed: this.#seed, numRuns: this.#runs });
    if (smallest) {
      this.failures.push(smallest);
      return;
    }
    if (result.failed) throw result.errorInstance;
    for (const example of examples) {
      const before = this.failures.length;
      await this.each([example], attempt);
      if (this.failures.length > before) return;
    }
  }

  /** A subject on which the operation succeeds; released when the check is over. */
  async live(): Promise<Subject> {
    return this.keep(await this.setup.live?.(this.operation), 'live');
  }

  async stuck(): Promise<StuckSubject> {
    return this.keep(await this.setup.stuck?.(this.operation), 'stuck');
  }

  async innerFault(): Promise<StuckSubject> {
    return this.keep(await this.setup.innerFault?.(this.operation), 'innerFault');
  }

  async foreign(): Promise<Subject> {
    return this.keep(await this.setup.secondTenant?.live(this.operation), 'secondTenant.live');
  }

  async forbidden(): Promise<ForbiddenCall> {
    return this.keep(await this.setup.forbidden?.(this.operation), 'forbidden');
  }

  /** Fails if the subject is gone. Not exercised where the setup cannot tell. */
  async expectOpen(subject: Subject, exchange: Exchange, why: string): Promise<void> {
    if (!subject.isOpen) throw new NotExercised('the setup gives its subjects no `isOpen`');
    if (!(await subject.isOpen())) this.fail(`the subject is gone: ${why}`, exchange);
  }

  async expectGone(subject: Subject, exchange: Exchange, why: string): Promise<void> {
    if (!subject.isOpen) throw new NotExercised('the setup gives its subjects no `isOpen`');
    if (await subject.isOpen()) this.fail(`the subject is still there: ${why}`, exchange);
  }

  async release(): Promise<void> {
    for (const release of this.#releases.splice(0).reverse()) await release();
  }

  private keep<T extends object>(found: T | undefined, capability: string): T {
    if (!found)
      throw new NotExercised(`the setup has no \`${capability}\` for ${this.operation.id}`);
    const { release } = found as Partial<Subject>;
    if (release) this.#releases.push(() => release.call(found));
    return found;
  }
}
