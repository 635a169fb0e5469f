import {
  type ContractModel,
  documentedAnswer,
  listAnswers,
  type OperationModel,
  statusOfExample,
} from '../contract/contract-model.ts';
import { InputError } from '../input-error.ts';
import { FAULT_KINDS, type FaultKind, isFaultKind } from './fault-kind.ts';

/** What one call gets: a documented answer, or no proper answer at all. */
export type Step =
  | { readonly status: number; readonly example?: string }
  | { readonly fault: FaultKind };

/** A step as people write it: `404`, `'404'`, `'404:NotFound'`, `'NotFound'`, `'reset'`, or the object. */
export type StepInput = number | string | Step;

/** What follows the last step: it stays (`last`), the usual answers are back (`normal`), or all starts over. */
export type After = 'last' | 'normal' | 'loop';

export interface Scenario {
  readonly steps: readonly Step[];
  readonly after: After;
  /** Only for this operation. Default: for every one that documents all the steps. */
  readonly operation?: string;
  /** Only where the path parameters have these values, such as `{ session_id: 's-1' }`. */
  readonly params?: Readonly<Record<string, string>>;
}

export type ScenarioInput =
  | StepInput
  | readonly StepInput[]
  | {
      readonly steps: StepInput | readonly StepInput[];
      readonly after?: After;
      readonly operation?: string;
      readonly params?: Readonly<Record<string, string>>;
    };

const AFTER: readonly string[] = ['last', 'normal', 'loop'] satisfies After[];

/**
 * Reads a scenario that a person or a program wrote, against the contract.
 * @throws {InputError} that lists what is valid
 */
export function readScenario(input: unknown, model: ContractModel): Scenario {
  const whole = isRecord(input) && 'steps' in input ? input : { steps: input };
  const unknown = Object.keys(whole).find(
    (key) => !['steps', 'after', 'operation', 'params'].includes(key),
  );
  if (unknown !== undefined) {
    throw new InputError(
      `A scenario has no "${unknown}"; it has steps, after, operation and params.`,
    );
  }
  const { steps: given, after = 'last', operation, params } = whole as Record<string, unknown>;
  if (typeof after !== 'string' || !AFTER.includes(after)) {
    throw new InputError(`after is ${show(after)}; it can be ${AFTER.join(', ')}.`);
  }
  const operations = operationsFor(operation, model);
  const names = readParams(params, operations);
  const list = Array.isArray(given) ? given : [given];
  if (list.length === 0 || list.length > 1000) {
    throw new InputError('A scenario has 1 to 1000 steps, such as [408, 408, 200].');
  }
  return {
    steps: list.map((step) => readStep(step, operations)),
    after: after as After,
    ...(operation !== undefined && { operation: String(operation) }),
    ...(names && { params: names }),
  };
}

/** Reads the short form that flags take: steps with commas between them, such as `408,408,200`. */
export function splitSteps(text: string): string[] {
  return text.split(',').map((step) => step.trim());
}

/** Whether a step can be played for an operation: its status and its example are documented there. */
export function isDocumented(step: Step, operation: OperationModel): boolean {
  if ('fault' in step) return true;
  const answer = documentedAnswer(operation, step.status);
  if (!answer) return false;
  return step.example === undefined || answer.examples.includes(step.example);
}

function readStep(input: unknown, operations: readonly OperationModel[]): Step {
  const step = toStep(input, operations);
  if (step && operations.some((operation) => isDocumented(step, operation))) return step;
  const valid = operations.map(
    (operation) => `${operation.id} documents ${listAnswers(operation)}`,
  );
  throw new InputError(
    `${show(input)} is no step: ${valid.join('; ')}; faults are ${FAULT_KINDS.join(', ')}.`,
  );
}

function toStep(input: unknown, operations: readonly OperationModel[]): Step | undefined {
  if (typeof input === 'number') return { status: input };
  if (typeof input === 'string') {
    if (isFaultKind(input)) return { fault: input };
    const [, status, example] = /^(\d{3})(?::(.+))?$/.exec(input) ?? [];
    if (status !== undefined) return withExample(Number(status), example);
    for (const operation of operations) {
      const found = statusOfExample(operation, input);
      if (found !== undefined) return { status: found, example: input };
    }
    return undefined;
  }
  if (!isRecord(input)) return undefined;
  const { fault, status, example } = input;
  if (isFaultKind(fault)) return { fault };
  if (typeof status !== 'number') return undefined;
  if (example !== undefined && typeof example !== 'string') return undefined;
  return withExample(status, example);
}

function withExample(status: number, example: string | undefined): Step {
  return example === undefined ? { status } : { status, example };
}

function operationsFor(id: unknown, { operations }: ContractModel): readonly OperationModel[] {
  if (id === undefined) return operations;
  const found = operations.filter((operation) => operation.id === id);
  if (found.length > 0) return found;
  const ids = operations.map((operation) => operation.id).join(', ');
  throw new InputError(`There is no operation ${show(id)}; the contract has ${ids}.`);
}

function readParams(
  params: unknown,
  operations: readonly OperationModel[],
): Record<string, string> | undefined {
  if (params === undefined) return undefined;
  if (!isRecord(params)) throw new InputError('params is an object, such as {"session_id":"s-1"}.');
  const known = new Set(
    operations.flatMap(({ path }) => [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name)),
  );
  for (const [name, value] of Object.entries(params)) {
    if (!known.has(name)) {
      throw new InputError(
        `There is no path parameter "${name}"; there is ${[...known].join(', ')}.`,
      );
    }
    if (typeof value !== 'string') throw new InputError(`The value of ${name} is a string.`);
  }
  return params as Record<string, string>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
