import { type Contract, isJson, type Operation } from '@sql-sessions/contract/model';

import { type Choice, defaultStatus, type Engine } from '../contract/engine.ts';
import { normalPath, type Route, type Router } from '../contract/router.ts';
import { headerSafe } from '../http/header.ts';
import { type MockRequest, type MockResponse, withoutBody } from '../http/message.ts';
import { problemResponse } from '../http/problem.ts';
import { listNames } from './documented.ts';
import type { FaultKind } from './fault-kind.ts';
import { readPreferences } from './preferences.ts';
import { createRandom } from './random.ts';
import { isCovered, readScenario, readTarget, type Step } from './scenario.ts';
import { Scenarios } from './scenarios.ts';
import { readSettings, type Settings } from './settings.ts';
import { State } from './state.ts';

/** What is served: the contract as it is now. */
export interface ServedContract {
  readonly contract: Contract;
  readonly engine: Engine;
  readonly router: Router;
}

/** Sends a request to a real server, and says what of the response the contract does not cover. */
export type Upstream = (
  request: MockRequest,
  operation: Operation | undefined,
) => Promise<{ response: MockResponse; reasons: readonly string[] }>;

/** What a request gets. */
export interface Outcome {
  readonly response: MockResponse;
  /** Instead of the response. */
  readonly fault: FaultKind | undefined;
  /** Milliseconds to wait before anything is sent. */
  readonly delayMs: number;
  /** The operation of the contract; undefined where the contract has none for the request. */
  readonly operation: Operation | undefined;
  /** Why it is this response and not the default one, in words; empty for the default one. */
  readonly reasons: readonly string[];
}

/** What a mock is told to do: scenarios, settings and state, and what calls get by them. */
export class Behavior {
  readonly scenarios = new Scenarios();
  readonly state = new State();
  readonly #served: () => ServedContract;
  readonly #initial: { settings: Settings; scenario: unknown };
  readonly #upstream: Upstream | undefined;
  #settings: Settings;
  #random = { latency: createRandom(1), faults: createRandom(1) };

  constructor(
    served: () => ServedContract,
    settings: Settings,
    scenario: unknown,
    upstream?: Upstream,
  ) {
    this.#served = served;
    this.#initial = { settings, scenario };
    this.#settings = settings;
    this.#upstream = upstream;
    this.reset();
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Sets a scenario; `null` takes all of them away. */
  setScenario(input: unknown): void {
    if (input === null) this.scenarios.clear();
    else this.scenarios.set(readScenario(input, this.#served().contract));
  }

  /** Takes the scenario of one target away. */
  removeScenario(target: unknown): void {
    this.scenarios.remove(readTarget(target, this.#served().contract));
  }

  /** Changes settings; what is not mentioned stays. A latency or a fault rate that is set starts its series anew. */
  setSettings(input: unknown): void {
    const before = this.#settings;
    this.#settings = readSettings(input, before, this.#served().contract);
    const { latency, faults } = this.#settings;
    if (latency !== before.latency) this.#random.latency = createRandom(latency?.seed ?? 1);
    if (faults !== before.faults) this.#random.faults = createRandom(faults?.seed ?? 1);
  }

  /** All is as it was at the start: settings, scenario, nothing deleted, every series at its beginning. */
  reset(): void {
    const { settings, scenario } = this.#initial;
    this.#settings = settings;
    this.#random = {
      latency: createRandom(settings.latency?.seed ?? 1),
      faults: createRandom(settings.faults?.seed ?? 1),
    };
    this.state.deleted.clear();
    this.scenarios.clear();
    if (scenario !== undefined) this.setScenario(scenario);
  }

  async respond(request: MockRequest): Promise<Outcome> {
    const { contract, engine, router } = this.#served();
    const route = router(request.method, request.path);
    const { operation } = route;
    if (!operation) return this.#notInContract(contract, request, route);
    const settings = this.#settings;
    const delayMs = this.#drawDelay(operation);
    const outcome = (response: MockResponse, reasons: readonly string[], fault?: FaultKind) => ({
      response,
      fault,
      delayMs,
      operation,
      reasons,
    });

    const preferences = readPreferences(operation, request.headers, request.query);
    if ('problem' in preferences) {
      return outcome(problemResponse(preferences.problem), [preferences.problem.detail]);
    }
    const asked = preferences.choice;
    const usual: Choice = { ...(settings.dynamic && { dynamic: true }), ...asked };
    const drawn = asked ? undefined : this.#drawFault();
    const respond = (choice: Choice) => engine.respond(operation, request, choice);
    if (drawn) return outcome(await respond(successOf(operation)), [`fault: ${drawn}`], drawn);
    const broken = settings.validate
      ? await engine.check(operation, request, route.params, settings.strictToken)
      : undefined;
    const from = settings.operations[operation.id]?.from ?? 'upstream';
    const upstream = from === 'upstream' ? this.#upstream : undefined;
    if (broken && !upstream) {
      return outcome(await engine.refuse(operation, request, broken, usual), broken.reasons);
    }

    // Looking whether it is deleted and deleting it is one step, without an await: of two calls at once, one deletes.
    const step = asked
      ? undefined
      : this.scenarios.take({ operation, params: route.params, request });
    const path = normalPath(request.path);
    if (step && 'fault' in step) {
      const response = await respond(successOf(operation));
      return { ...outcome(response, ['scenario'], step.fault), delayMs: step.latency ?? delayMs };
    }
    if (upstream && !asked && !step) {
      const { response, reasons } = await upstream(request, operation);
      return outcome(response, ['upstream', ...(broken?.reasons ?? []), ...reasons]);
    }
    const gone = !asked && !step && settings.stateful && this.state.isGone(operation, path);
    const choice = gone ? { status: 404 } : step ? toChoice(step) : usual;
    if (settings.stateful && !gone) this.#delete(operation, path, choice);
    const isForeign = step !== undefined && !isCovered(step, operation);
    let response = isForeign ? foreignResponse(operation, step) : await respond(choice);
    if (step) response = withStep(response, step, isForeign);
    if (settings.stateful) {
      this.state.follow(contract, operation, path, response);
      response = this.state.withoutDeleted(contract, path, response);
    }
    const reasons = asked
      ? ['asked for by the request']
      : step
        ? ['scenario']
        : gone
          ? ['deleted before']
          : [];
    return { ...outcome(response, reasons), delayMs: step?.latency ?? delayMs };
  }

  /** Before the response is made, which takes time: the next call already finds it deleted. */
  #delete(operation: Operation, path: string, { status }: Choice): void {
    const success = status ?? defaultStatus(operation);
    if (operation.method === 'DELETE' && success >= 200 && success < 300)
      this.state.deleted.add(path);
  }

  async #notInContract(contract: Contract, request: MockRequest, route: Route): Promise<Outcome> {
    const common = { fault: undefined, delayMs: 0, operation: undefined };
    const reasons = ['not in the contract'];
    if (this.#upstream) {
      const { response } = await this.#upstream(request, undefined);
      return { ...common, response, reasons: ['upstream', ...reasons] };
    }
    return { ...common, response: notInContract(contract, request, route.allowed), reasons };
  }

  #drawDelay({ id }: Operation): number {
    const latency = this.#settings.operations[id]?.latency ?? this.#settings.latency;
    if (!latency) return 0;
    return Math.round(latency.min + this.#random.latency() * (latency.max - latency.min));
  }

  #drawFault(): FaultKind | undefined {
    const { faults } = this.#settings;
    if (!faults) return undefined;
    // Two numbers for every call, so that the series stays the same whatever kinds are chosen.
    const hit = this.#random.faults() < faults.rate;
    const which = Math.floor(this.#random.faults() * faults.kinds.length);
    return hit ? faults.kinds[which] : undefined;
  }
}

/** A success with a body where there is one: half of it is something that a client can notice. */
function successOf({ responses }: Operation): { status: number } {
  const successes = responses.filter(({ status }) => status.startsWith('2'));
  const chosen =
    successes.find(({ content }) => content.length > 0) ?? successes[0] ?? responses[0];
  const status = Number(chosen?.status.replace('XX', '00'));
  return { status: Number.isNaN(status) ? 200 : status };
}

function toChoice(step: Extract<Step, { status: number }>): Choice {
  const { status, example } = step;
  return example === undefined ? { status } : { status, example };
}

/** A response that the contract does not document, marked as such. */
function foreignResponse({ id }: Operation, step: Step): MockResponse {
  const status = 'status' in step ? step.status : 500;
  return problemResponse({
    status,
    name: 'not-covered',
    title: 'Not covered by the contract',
    detail: `A scenario asked for status ${status}, which the contract does not document for ${id}.`,
  });
}

/** With the headers and the body of the step. */
function withStep(response: MockResponse, step: Step, isForeign: boolean): MockResponse {
  if ('fault' in step) return response;
  const own = Object.entries(step.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    headerSafe(value),
  ]);
  const { body } = step;
  const isText = typeof body === 'string';
  const documented = isForeign ? '' : `${response.headers['content-type']}`;
  const json = isJson(documented) ? documented : 'application/json';
  const type = { 'content-type': isText ? 'text/plain' : json };
  const headers = {
    ...response.headers,
    ...(body !== undefined && type),
    ...Object.fromEntries(own),
  };
  if (body === undefined) return withoutBody({ ...response, headers });
  return withoutBody({ ...response, headers, body: isText ? body : JSON.stringify(body) });
}

function notInContract(
  contract: Contract,
  { method, path }: MockRequest,
  allowed: readonly string[],
): MockResponse {
  if (allowed.length > 0) {
    return problemResponse({
      status: 405,
      name: 'method-not-allowed',
      title: 'Not in the contract',
      detail: `The contract has no ${method} for this path. It has ${allowed.join(', ')}.`,
      headers: { allow: allowed.join(', ') },
    });
  }
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  const there = contract.operations.map((operation) => `${operation.method} ${operation.path}`);
  return problemResponse({
    status: 404,
    name: 'unknown-path',
    title: 'Not in the contract',
    detail: `The contract has no path ${shown}. It has ${listNames(there, `${method} ${shown}`)}.`,
  });
}
