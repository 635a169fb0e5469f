import {
  type ContractModel,
  documentedAnswer,
  listAnswers,
  type OperationModel,
  statusOfExample,
} from '../contract/contract-model.ts';
import type { Choice } from '../contract/engine.ts';
import type { Problem } from '../door/problem.ts';
import { parsePrefer } from './parse-prefer.ts';

type Preferences = Partial<Record<'code' | 'example' | 'dynamic' | 'seed', string>>;

/**
 * The answer that a request asks for, in the `Prefer` header (`code=404, example=NotFound`) or else in its query
 * (`?__code=404&__example=NotFound`), as in Prism. Undefined where it asks for none.
 * A wish that the contract cannot fulfil is a problem that lists what it can.
 */
export function readPreferences(
  operation: OperationModel,
  headers: Readonly<Record<string, string>>,
  query: URLSearchParams,
): { choice: Choice | undefined } | { problem: Problem } {
  const { code, example, dynamic, seed } = preferencesOf(headers, query);
  if (code === undefined && example === undefined && dynamic === undefined && seed === undefined) {
    return { choice: undefined };
  }
  if (code !== undefined && !/^\d{3}$/.test(code)) {
    return { problem: unknownWish('unknown-status', `The status "${code}"`, operation) };
  }
  if (dynamic !== undefined && dynamic !== 'true' && dynamic !== 'false') {
    const detail = `dynamic is "${dynamic}"; it can be true or false.`;
    return { problem: { status: 422, name: 'bad-preference', title: 'Bad preference', detail } };
  }
  const status = code === undefined ? undefined : Number(code);
  const answer = status === undefined ? undefined : documentedAnswer(operation, status);
  if (status !== undefined && !answer) {
    return { problem: unknownWish('unknown-status', `The status ${status}`, operation) };
  }
  const wanted =
    status ?? (example === undefined ? undefined : statusOfExample(operation, example));
  const known = answer
    ? example === undefined || answer.examples.includes(example)
    : example === undefined || wanted !== undefined;
  if (!known) {
    const where = status === undefined ? '' : ` of status ${status}`;
    return {
      problem: unknownWish('unknown-example', `The example "${example}"${where}`, operation),
    };
  }
  return {
    choice: {
      ...(wanted !== undefined && { code: wanted }),
      ...(example !== undefined && { exampleKey: example }),
      ...(dynamic !== undefined && { dynamic: dynamic === 'true' }),
      ...(seed !== undefined && { seed }),
    },
  };
}

function preferencesOf(
  { prefer }: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Preferences {
  if (prefer) return parsePrefer(prefer);
  if (query.size === 0) return {};
  const found: Preferences = {};
  for (const name of ['code', 'example', 'dynamic', 'seed'] as const) {
    const values = query.getAll(`__${name}`);
    // Given twice, it is no wish that could be fulfilled; the text says so in the problem.
    if (values.length > 0) found[name] = values.join(' and ');
  }
  return found;
}

function unknownWish(name: string, what: string, operation: OperationModel): Problem {
  return {
    status: 422,
    name,
    title: 'Not in the contract',
    detail: `${what} is not documented for ${operation.id}. It documents ${listAnswers(operation)}.`,
  };
}

/** Where the contract has no such operation, in words that help to find the right one. */
export function listOperations({ operations }: ContractModel): string {
  return operations.map(({ method, path }) => `${method} ${path}`).join(', ');
}
