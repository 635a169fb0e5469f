import {
  dereference,
  encodePointer,
  format,
  type Schema as Prepared,
  validate,
} from '@cfworker/json-schema';
import type { Contract, Schema } from '@sql-sessions/contract/model';
import { BASE, type Direction, PATTERN, viewSchema } from './view.ts';

/** Says what is wrong with a value, a line for each place; nothing where it is valid. */
export type Check = (value: unknown) => string[];

/** Gives the check of a schema of the contract. */
export type Checker = (schema: Schema, direction: Direction) => Check;

type Lookup = Record<string, Prepared | boolean>;

/** Keywords whose own failure only says that something inside them has failed. */
const OUTER =
  /^(\$ref|properties|items|prefixItems|allOf|additionalProperties|patternProperties|dependentSchemas)$/;

/**
 * Checks values against the schemas of a contract by interpreting them. Nothing is compiled, so that the first request
 * takes no longer than the others and pages with a strict Content-Security-Policy can do the same.
 * @param matcherOf makes the test of a `pattern`
 */
export function createChecker(
  contract: Contract,
  matcherOf: (pattern: string) => (text: string) => boolean,
): Checker {
  const formats = format as Record<string, (text: string) => boolean>;
  const named = new Map(contract.schemas.map(({ name, schema }) => [name, schema]));
  const prepared = {
    request: {
      lookup: {} as Lookup,
      names: new Set<string>(),
      checks: new WeakMap<Schema, Check>(),
    },
    response: {
      lookup: {} as Lookup,
      names: new Set<string>(),
      checks: new WeakMap<Schema, Check>(),
    },
  };
  let count = 0;

  return (schema, direction) => {
    const { lookup, names, checks } = prepared[direction];
    const known = checks.get(schema);
    if (known) return known;
    const waiting: string[] = [];
    const view = (one: Schema) =>
      viewSchema(contract, one, direction, {
        pattern: (pattern) => {
          formats[PATTERN + pattern] ??= matcherOf(pattern);
        },
        name: (name) => waiting.push(name),
      }) as Prepared;
    const own = view(schema);
    count += 1;
    dereference(own, lookup, new URL(`${BASE}/${count}`));
    // Only what can be reached: of a large contract, most is never asked for.
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (names.has(name)) continue;
      names.add(name);
      const pointer = `/components/schemas/${encodePointer(name)}`;
      dereference(view(named.get(name) ?? {}), lookup, new URL(BASE), pointer);
    }
    const check: Check = (value) => checkValue(value, own, lookup);
    checks.set(schema, check);
    return check;
  };
}

function checkValue(value: unknown, schema: Prepared, lookup: Lookup): string[] {
  try {
    const { errors } = validate(value, schema, '2020-12', lookup, false);
    const inner = errors.filter(({ keyword }) => !OUTER.test(keyword));
    const lines = (inner.length > 0 ? inner : errors).map(({ instanceLocation, error }) => {
      const reason = error.replace(/"format" "pattern (.*)"/s, 'pattern $1').slice(0, 300);
      return `${instanceLocation.slice(2)} ${reason}`.trim();
    });
    return [...new Set(lines)].slice(0, 20);
  } catch (error) {
    if (error instanceof RangeError) return ['is nested too deeply to be checked'];
    throw error;
  }
}
