import type { Operation, OperationParameter } from '@sql-sessions/contract/operations';
import { NoAnswerError } from './no-answer-error.ts';

/** What goes where in the request. */
export interface RequestParameters {
  readonly path: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly header: Record<string, unknown>;
  readonly cookie: Record<string, unknown>;
}

/** Holds the arguments of a call against the limits in the operation table, before anything is sent. */
export function checkParameters(
  operation: Operation,
  args: Readonly<Record<string, unknown>> | undefined,
): RequestParameters {
  const sorted: RequestParameters = { path: {}, query: {}, header: {}, cookie: {} };
  const refuse = (name: string, rule: string, value: unknown) =>
    new NoAnswerError(
      'invalid-argument',
      `${operation.id}: ${name} must be ${rule}, but is ${describe(value)}. Nothing was sent.`,
    );
  if (operation.body !== null && args?.body === undefined) {
    throw refuse('body', operation.body, undefined);
  }
  for (const parameter of operation.parameters) {
    const { name, required, rule } = parameter;
    const value = args?.[name];
    if (value === undefined && !required) continue;
    if (!fits(value, parameter)) throw refuse(name, rule, value);
    sorted[parameter.in][name] = value;
  }
  return sorted;
}

function fits(value: unknown, { in: place, schema }: OperationParameter): boolean {
  const types = schema.type === undefined ? [typeof value] : [schema.type].flat();
  if (!types.some((type) => isOfType(value, type))) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (typeof value === 'number') {
    return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
  }
  if (typeof value !== 'string') return typeof value === 'boolean';
  // Whatever the contract allows: these cannot be sent, or would make the URL name something else.
  if (/\p{Surrogate}/u.test(value)) return false;
  if (place === 'path' && /^\.{0,2}$/.test(value)) return false;
  if (place === 'header' && /[^ -~]/.test(value)) return false;
  const length = [...value].length;
  return (
    length >= (schema.minLength ?? 0) &&
    length <= (schema.maxLength ?? Infinity) &&
    (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value))
  );
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'number') return Number.isFinite(value);
  return typeof value === type;
}

/** Not the value itself: the token ends up in the wrong argument now and then. */
function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'string' ? `another text (length ${[...value].length})` : typeof value;
}
