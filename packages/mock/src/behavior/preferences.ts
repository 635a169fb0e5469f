import { type Operation, responseFor } from '@sql-sessions/contract/model';
import type { Choice } from '../contract/engine.ts';
import type { Problem } from '../http/problem.ts';
import { exampleNames, listResponses, statusOfExample } from './documented.ts';

type Preferences = Partial<Record<'code' | 'example' | 'dynamic' | 'seed', string>>;

/**
 * The response that a request asks for, in the `Prefer` header (`code=404, example=NotFound`) or else in its query
 * (`?__code=404&__example=NotFound`), as in Prism. Undefined where it asks for none.
 * A wish that the contract cannot fulfil is a problem that lists what it can.
 */
export function readPreferences(
  operation: Operation,
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
    const detail = `dynamic is "${dynamic}"; it must be true or false.`;
    return { problem: { status: 422, name: 'bad-preference', title: 'Bad preference', detail } };
  }
  const status = code === undefined ? undefined : Number(code);
  const response = status === undefined ? undefined : responseFor(operation, status);
  if (status !== undefined && !response) {
    return { problem: unknownWish('unknown-status', `The status ${status}`, operation) };
  }
  const wanted =
    status ?? (example === undefined ? undefined : statusOfExample(operation, example));
  const known = response
    ? example === undefined || exampleNames(response).includes(example)
    : example === undefined || wanted !== undefined;
  if (!known) {
    const where = status === undefined ? '' : ` of status ${status}`;
    return {
      problem: unknownWish('unknown-example', `The example "${example}"${where}`, operation),
    };
  }
  return {
    choice: {
      ...(wanted !== undefined && { status: wanted }),
      ...(example !== undefined && { example }),
      ...(dynamic !== undefined && { dynamic: dynamic === 'true' }),
      ...(seed !== undefined && { seed }),
    },
  };
}

/** One preference of a `Prefer` header (RFC 7240): a name, a value perhaps, parameters perhaps. */
const PREFERENCE = /(?:^|,)\s*([\w-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s,;"]*)))?(?:\s*;[^,]*)?/g;

function preferencesOf(
  { prefer }: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Preferences {
  const found: Preferences = {};
  if (prefer) {
    for (const [, name = '', quoted, plain] of prefer.matchAll(PREFERENCE)) {
      const key = name.toLowerCase();
      // Of several, the first counts; one without a value is true.
      if (isPreference(key)) found[key] ??= quoted ?? plain ?? 'true';
    }
    return found;
  }
  if (query.size === 0) return found;
  for (const name of ['code', 'example', 'dynamic', 'seed'] as const) {
    const values = query.getAll(`__${name}`);
    // Given twice, nobody can fulfil it; the text says so in the problem.
    if (values.length > 0) found[name] = values.join(' and ');
  }
  return found;
}

function isPreference(name: string): name is keyof Preferences {
  return ['code', 'example', 'dynamic', 'seed'].includes(name);
}

function unknownWish(name: string, what: string, operation: Operation): Problem {
  return {
    status: 422,
    name,
    title: 'Not in the contract',
    detail: `${what} is not documented for ${operation.id}. It documents ${listResponses(operation)}.`,
  };
}
