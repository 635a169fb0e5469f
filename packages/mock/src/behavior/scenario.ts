import type { Contract, Operation } from '@sql-sessions/contract/model';
import { FRAMING, isToken } from '../http/header.ts';
import { InputError } from '../input-error.ts';
import { checkInput, show } from './check-input.ts';
import { isDocumented, listNames, listResponses, statusOfExample } from './documented.ts';
import { FAULT_KINDS, type FaultKind, isFaultKind } from './fault-kind.ts';

/** What one call gets: a documented response, what a gateway sends, or no proper response at all. */
export type Step =
  | {
      readonly status: number;
      /** Name of an example of that status. */
      readonly example?: string;
      /** Sent beside, or instead of, those that the contract documents; `Content-Length` and the like are the mock's. */
      readonly headers?: Readonly<Record<string, string>>;
      /**
       * Sent instead of the documented body: text as it is, anything else as JSON. Its type is that of `headers`, else
       * `text/plain`, or the documented one for JSON, which is `application/json` where there is none.
       */
      readonly body?: unknown;
      /** Milliseconds before the response, instead of the latency that is set. */
      readonly latency?: number;
    }
  | { readonly fault: FaultKind; readonly latency?: number };

/**
 * A step as people write it: `404`, `'404'`, `'404:NotFound'`, `'NotFound'`, `'reset'`, or the object. A status that the
 * contract does not document has to be an object: `{ status: 429, headers: { 'retry-after': '2' } }`.
 */
export type StepInput = number | string | Step;

/** What follows the last step: it stays (`last`), the default responses are back (`normal`), or all starts over. */
export type After = 'last' | 'normal' | 'loop';

/** Which calls a scenario is for; nothing set: all that document its steps. */
export interface Target {
  /** Only for this operation. */
  readonly operation?: string;
  /** Only where the path parameters have these values, such as `{ session_id: 's-1' }`. */
  readonly params?: Readonly<Record<string, string>>;
  /** Only where the request carries all of this; `body` is part of its JSON. */
  readonly match?: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
}

export interface Scenario extends Target {
  readonly steps: readonly Step[];
  readonly after: After;
}

export type ScenarioInput =
  | StepInput
  | readonly StepInput[]
  | (Target & { readonly steps: StepInput | readonly StepInput[]; readonly after?: After });

/**
 * Reads a scenario that a person or a program wrote, against the contract.
 * @throws {InputError} that lists what is valid
 */
export function readScenario(input: unknown, contract: Contract): Scenario {
  const isWhole = typeof input === 'object' && input !== null && 'steps' in input;
  const whole = isWhole ? input : { steps: input ?? [] };
  checkInput('ScenarioInput', whole);
  const {
    steps,
    after = 'last',
    ...target
  } = whole as Exclude<ScenarioInput, StepInput | readonly StepInput[]>;
  const operations = operationsFor(target, contract);
  return {
    ...target,
    steps: [steps].flat().map((step) => readStep(step as StepInput, operations)),
    after,
  };
}

/**
 * Reads which scenarios are meant.
 * @throws {InputError} that lists what is valid
 */
export function readTarget(input: unknown, contract: Contract): Target {
  checkInput('ScenarioTarget', input);
  operationsFor(input as Target, contract);
  return input as Target;
}

/** Reads the short form that flags take: steps with commas between them, such as `408,408,200`. */
export function splitSteps(text: string): string[] {
  return text.split(',').map((step) => step.trim());
}

/** Whether the contract documents a step for an operation. */
export function isCovered(step: Step, operation: Operation): boolean {
  return 'fault' in step || isDocumented(operation, step.status, step.example);
}

/** Whether a step can be taken for an operation: it is documented there, or it is for no operation in particular. */
export function canTake(step: Step, operation: Operation): boolean {
  return isCovered(step, operation) || isForeign(step);
}

/** A status that the contract need not document, since it was asked for with all that it takes. */
function isForeign(step: Step): boolean {
  return (
    'status' in step && step.example === undefined && (step.headers ?? step.body) !== undefined
  );
}

function readStep(input: StepInput, operations: readonly Operation[]): Step {
  const step = toStep(input, operations);
  for (const name of Object.keys((step && 'status' in step && step.headers) || {})) {
    if (isToken(name) && !FRAMING.test(name)) continue;
    const why = isToken(name) ? 'the mock sends itself' : 'HTTP cannot carry';
    throw new InputError(`headers has ${show(name)}, which ${why}; leave it out of the step.`);
  }
  if (step && operations.some((operation) => canTake(step, operation))) return step;
  const valid = operations.slice(0, 5).map((one) => `${one.id} documents ${listResponses(one)}`);
  throw new InputError(
    `Unknown step ${show(input)}: ${valid.join('; ')}; faults are ${FAULT_KINDS.join(', ')}; any other status takes headers or a body, such as {"status":429,"headers":{"retry-after":"2"}}.`,
  );
}

function toStep(input: StepInput, operations: readonly Operation[]): Step | undefined {
  if (typeof input === 'number') return { status: input };
  if (typeof input === 'object') return input;
  if (isFaultKind(input)) return { fault: input };
  const [, status, example] = /^(\d{3})(?::(.+))?$/.exec(input) ?? [];
  if (status !== undefined) {
    return { status: Number(status), ...(example !== undefined && { example }) };
  }
  for (const operation of operations) {
    const found = statusOfExample(operation, input);
    if (found !== undefined) return { status: found, example: input };
  }
  return undefined;
}

function operationsFor({ operation: id, params = {} }: Target, { operations }: Contract) {
  const meant = id === undefined ? operations : operations.filter((one) => one.id === id);
  if (meant.length === 0) {
    const ids = operations.map((operation) => operation.id);
    throw new InputError(
      `Unknown operation ${show(id)}; the contract has ${listNames(ids, `${id}`)}.`,
    );
  }
  const known = new Set(
    meant.flatMap(({ parameters }) =>
      parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name),
    ),
  );
  const unknown = Object.keys(params).find((name) => !known.has(name));
  if (unknown === undefined) return meant;
  throw new InputError(
    `Unknown path parameter "${unknown}"; there is ${[...known].join(', ') || 'none'}.`,
  );
}
