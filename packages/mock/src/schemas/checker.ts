import {
  dereference,
  encodePointer,
  format,
  type Schema as Prepared,
  validate,
} from '@cfworker/json-schema';
import type { Contract, Direction, Schema } from '@sql-sessions/contract/model';
import { BASE, PATTERN, viewSchema } from './view.ts';

/** Says what is wrong with a value, a line for each place; nothing where it is valid. */
export type Check = (value: unknown) => string[];

/** How many of those lines are for people. */
export const TELLING = 20;

/** Gives the check of a schema of the contract. */
export interface Checker {
  (schema: Schema, direction: Direction): Check;
  /**
   * Does ahead, schema by schema, what the first check of a large contract would do at once. No check may be made
   * meanwhile.
   * @param pause is called between two schemas
   */
  prepare(pause: () => Promise<void> | undefined): Promise<void>;
}

type Lookup = Record<string, Prepared | boolean>;

/**
 * References that are followed for a value, for each of its parts and at most, as alternatives in alternatives have no
 * end; and pairs, of items beyond which nobody looks whether two are the same, and of characters in names beyond which
 * no pattern tests these.
 */
const MOST = { each: 10, few: 10_000, all: 500_000, pairs: 10_000_000 };

/** Keywords whose own failure only says that something inside them has failed. */
const OUTER =
  /^(\$ref|properties|items|prefixItems|allOf|additionalProperties|patternProperties|dependentSchemas)$/;

/** What `byte` means in OpenAPI. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

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
  formats.byte = (text) => BASE64.test(text);
  // No format of JSON Schema or OpenAPI, and a test that a long host can keep busy for ever.
  delete formats.url;
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
  let compares = true;
  let testsNames = true;

  function view(schema: Schema, direction: Direction, found: string[]): Prepared {
    return viewSchema(contract, schema, direction, {
      pattern: (pattern) => {
        formats[PATTERN + pattern] ??= matcherOf(pattern);
      },
      name: (name) => found.push(name),
      compares: () => compares,
      testsNames: () => testsNames,
    }) as Prepared;
  }

  /** Prepares a schema that has a name, and returns the names in it; none where that was done before. */
  function prepareNamed(name: string, direction: Direction): string[] {
    const { lookup, names } = prepared[direction];
    if (names.has(name)) return [];
    names.add(name);
    const found: string[] = [];
    const own = view(named.get(name) ?? {}, direction, found);
    dereference(own, lookup, new URL(BASE), `/components/schemas/${encodePointer(name)}`);
    return found;
  }

  function checkOf(schema: Schema, direction: Direction): Check {
    const { lookup, checks } = prepared[direction];
    const known = checks.get(schema);
    if (known) return known;
    const waiting: string[] = [];
    const own = view(schema, direction, waiting);
    count += 1;
    testsNames = true;
    dereference(own, lookup, new URL(`${BASE}/${count}`));
    // Only what can be reached: of a large contract, most is never asked for.
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      waiting.push(...prepareNamed(name, direction));
    }
    const check: Check = (value) => {
      try {
        const { parts, pairs, names } = sizeOf(value);
        compares = pairs <= MOST.pairs;
        testsNames = names <= MOST.pairs;
        return checkValue(value, own, lookup, parts);
      } catch (error) {
        if (error instanceof RangeError) return ['is nested too deeply to be checked'];
        throw error;
      }
    };
    checks.set(schema, check);
    return check;
  }

  return Object.assign(checkOf, {
    async prepare(pause: () => Promise<void> | undefined) {
      for (const name of named.keys()) {
        prepareNamed(name, 'request');
        prepareNamed(name, 'response');
        await pause();
      }
    },
  });
}

function checkValue(value: unknown, schema: Prepared, lookup: Lookup, parts: number): string[] {
  const most = Math.min(MOST.few + MOST.each * parts, MOST.all);
  const run = (short: boolean) =>
    validate(value, schema, '2020-12', counted(lookup, most), short).errors;
  let errors = run(true);
  if (errors.length === 0) return [];
  try {
    errors = run(false);
  } catch (error) {
    // The first of them will have to do.
    if (!(error instanceof RangeError)) throw error;
  }
  const inner = errors.filter(({ keyword }) => !OUTER.test(keyword));
  const lines = (inner.length > 0 ? inner : errors).map(({ instanceLocation, error }) => {
    // They are sentences, and become the end of one.
    const reason = error
      .replace(/"format" "pattern (.*)"/s, 'pattern $1')
      .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())
      .replace(/\.$/, '');
    return `${instanceLocation.slice(2)} ${reason.slice(0, 300)}`.trim();
  });
  return [...new Set(lines)];
}

/** The same schemas, of which only so many may be asked for. */
function counted(lookup: Lookup, most: number): Lookup {
  let left = most;
  return new Proxy(lookup, {
    get(target, name) {
      left -= 1;
      if (left < 0) throw new RangeError(`more than ${most} references`);
      return target[name as string];
    },
  });
}

/** The parts of a value, the pairs of items in its lists, and of characters in its names. */
function sizeOf(value: unknown): { parts: number; pairs: number; names: number } {
  const size = { parts: 0, pairs: 0, names: 0 };
  const visit = (part: unknown) => {
    size.parts += 1;
    if (typeof part !== 'object' || part === null) return;
    if (Array.isArray(part)) size.pairs += part.length ** 2;
    else for (const name of Object.keys(part)) size.names += name.length ** 2;
    Object.values(part).forEach(visit);
  };
  visit(value);
  return size;
}
