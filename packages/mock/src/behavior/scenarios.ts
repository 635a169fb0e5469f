import type { Operation } from '@sql-sessions/contract/model';
import { decode } from '../contract/router.ts';
import type { MockRequest } from '../http/message.ts';
import { canTake, type Scenario, type Step, type Target } from './scenario.ts';

/** A scenario and how many of its steps were taken. */
export interface RunningScenario extends Scenario {
  readonly taken: number;
}

interface Running {
  scenario: Scenario;
  taken: number;
}

/** A call, as scenarios look at it. */
export interface Call {
  readonly operation: Operation;
  /** Path parameters as they were sent: with their escapes. */
  readonly params: ReadonlyMap<string, string>;
  readonly request: MockRequest;
}

/** The scenarios that are set: at most one for everything, and one for each narrower target. */
export class Scenarios {
  #running: Running[] = [];

  /** Sets a scenario; one with the same target is replaced. */
  set(scenario: Scenario): void {
    this.remove(scenario);
    this.#running.push({ scenario, taken: 0 });
    this.#running.sort((a, b) => narrowness(b.scenario) - narrowness(a.scenario));
  }

  /** Takes the scenario with this very target away. */
  remove(target: Target): void {
    const key = keyOf(target);
    this.#running = this.#running.filter(({ scenario }) => keyOf(scenario) !== key);
  }

  clear(): void {
    this.#running = [];
  }

  get isEmpty(): boolean {
    return this.#running.length === 0;
  }

  /** All of them, the narrowest first: that is the order in which they are tried. */
  list(): RunningScenario[] {
    return this.#running.map(({ scenario, taken }) => ({ ...scenario, taken }));
  }

  /** The step that this call takes, which is used up by it; undefined where no scenario is for it. */
  take(call: Call): Step | undefined {
    const running = this.#running.find(
      ({ scenario, taken }) =>
        (scenario.after !== 'normal' || taken < scenario.steps.length) && applies(scenario, call),
    );
    if (!running) return undefined;
    const { steps, after } = running.scenario;
    const index =
      after === 'loop' ? running.taken % steps.length : Math.min(running.taken, steps.length - 1);
    running.taken += 1;
    return steps[index];
  }
}

function applies({ operation: id, params = {}, match = {}, steps }: Scenario, call: Call): boolean {
  const { operation, request } = call;
  if (id !== undefined && id !== operation.id) return false;
  const { headers = {}, query = {}, body } = match;
  return (
    Object.entries(params).every(([name, value]) => decode(call.params.get(name)) === value) &&
    Object.entries(headers).every(
      ([name, value]) => request.headers[name.toLowerCase()] === value,
    ) &&
    Object.entries(query).every(([name, value]) => request.query.getAll(name).includes(value)) &&
    (body === undefined || isPart(body, parsed(request.text))) &&
    steps.every((step) => canTake(step, operation))
  );
}

/** Whether a value holds another: every property of it, every element in its place. */
export function isPart(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null) return part === whole;
  if (typeof whole !== 'object' || whole === null || Array.isArray(part) !== Array.isArray(whole))
    return false;
  return Object.entries(part).every(
    ([key, value]) =>
      Object.hasOwn(whole, key) && isPart(value, (whole as Record<string, unknown>)[key]),
  );
}

export function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return text;
  }
}

/** The same text for the same target, in whatever order and letter case it is written. */
function keyOf({ operation, params = {}, match: { headers = {}, query = {}, body } = {} }: Target) {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const target = { operation, params, headers: Object.fromEntries(lower), query, body };
  return JSON.stringify(target, (_, one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort())
      : one,
  );
}

function narrowness({ operation, params = {}, match = {} }: Scenario): number {
  const { headers = {}, query = {}, body } = match;
  const matched = Object.keys({ ...headers, ...query }).length + Number(body !== undefined);
  return (Object.keys(params).length + matched) * 2 + (operation === undefined ? 0 : 1);
}
