import {
  type ContractModel,
  documentedAnswer,
  type OperationModel,
} from '../contract/contract-model.ts';
import type { Choice, Engine, EngineRequest } from '../contract/engine.ts';
import { findOperation } from '../contract/find-operation.ts';
import { type Answer, problemAnswer } from '../door/problem.ts';
import { askEngine } from './ask-engine.ts';
import { ClosedPaths } from './closed-paths.ts';
import type { FaultKind } from './fault-kind.ts';
import { listOperations, readPreferences } from './preferences.ts';
import { createRandom } from './random.ts';
import { readScenario, type Step } from './scenario.ts';
import { Scenarios } from './scenarios.ts';
import { readSettings, type Settings } from './settings.ts';

/** What the player asks of: the contract as it is now. */
export interface PlayedContract {
  readonly model: ContractModel;
  readonly engine: Engine;
  readonly strictEngine: Engine;
}

/** What a request gets. */
export interface Played {
  readonly answer: Answer;
  /** Played instead of the answer. */
  readonly fault: FaultKind | undefined;
  /** Milliseconds to wait before anything is sent. */
  readonly delayMs: number;
  /** The operation of the contract; undefined where the contract has none for the request. */
  readonly operation: OperationModel | undefined;
  /** Why it is this answer and not the usual one, in words; empty for the usual one. */
  readonly why: readonly string[];
}

/** Plays the states of a contract: what is asked for in the request, in a scenario, or set for all calls. */
export class Player {
  readonly scenarios = new Scenarios();
  readonly closed = new ClosedPaths();
  readonly #contract: () => PlayedContract;
  readonly #initial: { settings: Settings; scenario: unknown };
  #settings: Settings;
  #latency = createRandom(1);
  #faults = createRandom(1);

  constructor(contract: () => PlayedContract, settings: Settings, scenario: unknown) {
    this.#contract = contract;
    this.#initial = { settings, scenario };
    this.#settings = settings;
    this.reset();
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Sets a scenario; `null` takes all of them away. */
  setScenario(input: unknown): void {
    if (input === null) this.scenarios.clear();
    else this.scenarios.set(readScenario(input, this.#contract().model));
  }

  /** Changes settings; what is not mentioned stays. A latency or a fault rate that is set starts its series anew. */
  setSettings(input: unknown): void {
    const next = readSettings(input, this.#settings);
    if (next.latency !== this.#settings.latency)
      this.#latency = createRandom(next.latency?.seed ?? 1);
    if (next.faults !== this.#settings.faults) this.#faults = createRandom(next.faults?.seed ?? 1);
    this.#settings = next;
  }

  /** All is as it was at the start: settings, scenario, every session open, every series at its beginning. */
  reset(): void {
    const { settings, scenario } = this.#initial;
    this.#settings = settings;
    this.#latency = createRandom(settings.latency?.seed ?? 1);
    this.#faults = createRandom(settings.faults?.seed ?? 1);
    this.closed.clear();
    this.scenarios.clear();
    if (scenario !== undefined) this.setScenario(scenario);
  }

  async play(request: EngineRequest): Promise<Played> {
    const contract = this.#contract();
    const found = findOperation(contract.model, request.method, request.path);
    const { operation } = found;
    if (!operation) {
      return {
        answer: notInContract(contract.model, request, found.allowed),
        fault: undefined,
        delayMs: 0,
        operation,
        why: ['the contract has no such operation'],
      };
    }
    const delayMs = this.#drawDelay();
    const preferences = readPreferences(operation, request.headers, request.query);
    if ('problem' in preferences) {
      const { problem } = preferences;
      const answer = problemAnswer(problem);
      return { answer, fault: undefined, delayMs, operation, why: [problem.detail] };
    }
    const { choice } = preferences;
    const fault = choice ? undefined : this.#drawFault();
    const engine = this.#settings.strictToken ? contract.strictEngine : contract.engine;
    const ask = (wanted: Choice) => askEngine(engine, request, wanted);
    const usual = await ask(choice ?? {});
    if (fault) {
      return { answer: usual, fault, delayMs, operation, why: [`fault: ${fault}`] };
    }
    if (usual.error !== undefined || usual.violations.length > 0) {
      const answer = usual.error === undefined ? usual : marked(usual, usual.error);
      return { answer, fault: undefined, delayMs, operation, why: usual.violations };
    }
    // Looking whether it is closed and closing it is one step, without an await: of two calls at once, one closes.
    const step = choice ? undefined : this.scenarios.take(operation, found.params);
    const path = decodedPath(request.path);
    const state = choice || step ? undefined : this.#stateOf(path, operation);
    const next = step && 'status' in step ? toChoice(step) : state;
    if (!next && !(step && 'fault' in step)) this.#follow(request.method, path, usual.status);
    const answer = next ? await ask(next) : usual;
    if (next) this.#follow(request.method, path, answer.status);
    return {
      answer: answer.error === undefined ? answer : marked(answer, answer.error),
      fault: step && 'fault' in step ? step.fault : undefined,
      delayMs,
      operation,
      why: choice
        ? ['asked for by the request']
        : step
          ? ['scenario']
          : state
            ? ['closed before']
            : [],
    };
  }

  #stateOf(path: string, operation: OperationModel): Choice | undefined {
    if (!this.#settings.stateful || !this.closed.has(path)) return undefined;
    return documentedAnswer(operation, 404) ? { code: 404 } : undefined;
  }

  #follow(method: string, path: string, status: number): void {
    if (!this.#settings.stateful || status < 200 || status > 299) return;
    if (method === 'DELETE') this.closed.add(path);
    if (method === 'PUT') this.closed.delete(path);
  }

  #drawDelay(): number {
    const { latency } = this.#settings;
    if (!latency) return 0;
    return Math.round(latency.min + this.#latency() * (latency.max - latency.min));
  }

  #drawFault(): FaultKind | undefined {
    const { faults } = this.#settings;
    if (!faults) return undefined;
    // Two numbers for every call, so that the series stays the same whatever kinds are chosen.
    const hit = this.#faults() < faults.rate;
    const which = Math.floor(this.#faults() * faults.kinds.length);
    return hit ? faults.kinds[which] : undefined;
  }
}

function toChoice(step: Extract<Step, { status: number }>): Choice {
  const { status, example } = step;
  return example === undefined ? { code: status } : { code: status, exampleKey: example };
}

function decodedPath(path: string): string {
  return path
    .split('/')
    .map((segment) => encodeURIComponent(decodeURIComponent(segment)))
    .join('/');
}

function notInContract(model: ContractModel, { method, path }: EngineRequest, allowed: string[]) {
  if (allowed.length > 0) {
    return problemAnswer({
      status: 405,
      name: 'method-not-allowed',
      title: 'Not in the contract',
      detail: `The contract has no ${method} for this path. It has ${allowed.join(', ')}.`,
      headers: { allow: allowed.join(', ') },
    });
  }
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return problemAnswer({
    status: 404,
    name: 'unknown-path',
    title: 'Not in the contract',
    detail: `The contract has no path ${shown}. It has ${listOperations(model)}.`,
  });
}

/** What the engine made up, since the contract has no answer: marked as such. */
function marked({ status, headers, body }: Answer, error: string): Answer {
  const name = error.toLowerCase().replaceAll('_', '-');
  return { status, headers: { ...headers, 'x-mock-error': name }, body };
}
