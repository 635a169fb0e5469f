import { dereference, format, type Schema as Prepared, validate } from '@cfworker/json-schema';
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
  const onPattern = (pattern: string) => {
    formats[PATTERN + pattern] ??= matcherOf(pattern);
  };
  const lookups = new Map<Direction, Lookup>();
  const lookupOf = (direction: Direction): Lookup => {
    const known = lookups.get(direction);
    if (known) return known;
    const schemas = contract.schemas.map(({ name, schema }) => [
      name,
      viewSchema(contract, schema, direction, onPattern),
    ]);
    const root = { $id: BASE, components: { schemas: Object.fromEntries(schemas) } };
    const made = dereference(root as Prepared);
    lookups.set(direction, made);
    return made;
  };
  const checks = { request: new WeakMap<Schema, Check>(), response: new WeakMap<Schema, Check>() };
  let count = 0;

  return (schema, direction) => {
    const known = checks[direction].get(schema);
    if (known) return known;
    const lookup = lookupOf(direction);
    const own = viewSchema(contract, schema, direction, onPattern) as Prepared;
    count += 1;
    dereference(own, lookup, new URL(`${BASE}/${count}`));
    const check: Check = (value) => checkValue(value, own, lookup);
    checks[direction].set(schema, check);
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
