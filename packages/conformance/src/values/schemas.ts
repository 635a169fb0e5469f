import {
  type Contract,
  compilePattern,
  type Direction,
  type Example,
  followSchema,
  hiddenFields,
  mapSubschemas,
  nameOfSchema,
  type Schema,
  standaloneSchema,
  tellApart,
  testOfPattern,
} from '@sql-sessions/contract/model';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';

/** What stands for a `pattern`: a test that no text of a server keeps busy for long. */
function patternOf(pattern: string) {
  if (!compilePattern(pattern)) throw new SyntaxError(`${pattern} is no regular expression`);
  const tooLong = (text: string) => {
    throw new RangeError(`its pattern ${pattern} could take for ever on ${text.length} characters`);
  };
  return { test: testOfPattern(pattern, RE2JS, tooLong), toString: () => pattern };
}

const regExp = Object.assign(patternOf, { code: '' });
const OPTIONS = {
  allErrors: true,
  strict: false,
  logger: false,
  verbose: true,
  // 19.99 is a multiple of 0.01, whatever the platform's arithmetic says.
  multipleOfPrecision: 9,
  code: { regExp },
} as const;
/** Checks schemas themselves. One for all: what it checks with takes longer to compile than most contracts. */
const META = new Ajv2020(OPTIONS);

/** Named schemas that a value is held against before it is given up: alternatives in alternatives have no end. */
const MOST_LOOKS = 1_000_000;
/** Stands in every named schema, and counts. */
const LOOK = 'x-look';
const looks = { left: 0 };

type Exemplified = {
  readonly schema?: Schema | undefined;
  readonly examples: readonly Pick<Example, 'value'>[];
};

function createAjv(options: object): Ajv2020 {
  const ajv = addFormats.default(new Ajv2020({ ...OPTIONS, validateSchema: false, ...options }));
  // The format that comes along takes any integer.
  const validate = (value: number) => Number.isInteger(value) && Math.abs(value) <= 2 ** 63;
  // And `url` is no format of JSON Schema or OpenAPI; the test that comes along can take for ever.
  ajv.addFormat('int64', { type: 'number', validate }).addFormat('url', true);
  return ajv.addKeyword({
    keyword: LOOK,
    validate() {
      looks.left -= 1;
      if (looks.left < 0) throw new RangeError('it has too many alternatives for a value so deep');
      return true;
    },
  });
}

/** Judges values by the schemas of a contract, each compiled once. */
export class Schemas {
  readonly contract: Contract;
  /** Schemas that cannot be judged, in sentences. */
  readonly problems = new Set<string>();
  readonly #ajv = createAjv({});
  readonly #loose = createAjv({ coerceTypes: true });
  readonly #ways: Readonly<Record<Direction, OneWay>>;
  readonly #looselyCompiled = new WeakMap<Schema, ValidateFunction>();
  readonly #made = new WeakMap<object, Map<string, unknown>>();

  constructor(contract: Contract) {
    this.contract = contract;
    this.#ways = { request: oneWay(contract, 'request'), response: oneWay(contract, 'response') };
  }

  /**
   * What is wrong with a value; empty: nothing. Nothing asks for a field that does not travel this way. A request may
   * have one all the same, to no effect; a response must not.
   */
  errors(schema: Schema, value: unknown, direction: Direction = 'request'): readonly ErrorObject[] {
    const way = this.#ways[direction];
    const validate = this.#compile(this.#ajv, way.compiled, schema, () =>
      standaloneSchema(way, way.view(schema)),
    );
    return this.#judge(validate, value) ? [] : (validate.errors ?? []);
  }

  /** Examples of a contract that keep its own schema: many a contract has others as well. */
  validExamples({ schema, examples }: Exemplified): unknown[] {
    return examples.flatMap(({ value }) =>
      value === undefined || (schema && !this.accepts(schema, value)) ? [] : [value],
    );
  }

  /** Whether there is a way to read the texts inside a value as numbers and the like in which it is allowed. */
  acceptsLoosely(schema: Schema, value: unknown): boolean {
    const validate = this.#compile(this.#loose, this.#looselyCompiled, schema, () => {
      const { $defs, ...own } = standaloneSchema(this.contract, schema);
      return { ...($defs !== undefined && { $defs }), properties: { value: own } };
    });
    return this.accepts(schema, value) || this.#judge(validate, { value: structuredClone(value) });
  }

  /** Whether a value is valid; what cannot be judged in time counts as that. */
  #judge(validate: ValidateFunction, value: unknown): boolean {
    looks.left = MOST_LOOKS;
    try {
      return validate(value);
    } catch (error) {
      this.#cannotJudge(error);
      return true;
    }
  }

  #cannotJudge(error: unknown): void {
    this.problems.add(`A schema cannot be judged: ${(error as Error).message}.`);
  }

  #compile(
    ajv: Ajv2020,
    known: WeakMap<Schema, ValidateFunction>,
    schema: Schema,
    standalone: () => Schema,
  ): ValidateFunction {
    let validate = known.get(schema);
    if (!validate) {
      try {
        const whole = counted(standalone());
        META.validateSchema(whole, true);
        validate = ajv.compile(whole);
      } catch (error) {
        this.#cannotJudge(error);
        validate = ajv.compile({});
      }
      known.set(schema, validate);
    }
    return validate;
  }

  /** What is made from a schema, made once: a run asks for the same thousands of times. */
  once<T>(schema: object, what: string, make: () => T): T {
    const known = this.#made.get(schema) ?? new Map<string, unknown>();
    if (!known.has(what)) known.set(what, make());
    this.#made.set(schema, known);
    return known.get(what) as T;
  }

  accepts(schema: Schema, value: unknown): boolean {
    return this.errors(schema, value).length === 0;
  }

  /** The schema with its reference followed and all that `allOf` demands put into one; enough to make values from. */
  flatten(schema: Schema | boolean | undefined, depth = 0): Schema {
    if (schema === undefined || schema === true) return {};
    if (schema === false) return { not: {} };
    return this.once(schema, `flat ${depth > 8}`, () => bounded(this.#flattened(schema, depth)));
  }

  #flattened(schema: Schema, depth: number): Schema {
    const { $ref, allOf = [], ...own } = schema;
    const reference = { $ref: ($ref ?? '').replace('#/$defs/', '#/components/schemas/') };
    const named = () =>
      tellApart(this.contract, followSchema(this.contract, reference), nameOfSchema(reference));
    const parts = [...($ref === undefined ? [] : [named()]), ...allOf];
    if (parts.length === 0 || depth > 8) return own;
    return [...parts.map((part) => this.flatten(part, depth + 1)), own].reduce(merge);
  }
}

/** The schemas of a contract as they hold in one direction. */
interface OneWay extends Pick<Contract, 'schemas'> {
  view(schema: Schema): Schema;
  readonly compiled: WeakMap<Schema, ValidateFunction>;
}

function oneWay(contract: Contract, direction: Direction): OneWay {
  const view = (schema: Schema, outer: readonly string[] = []): Schema => {
    const hidden = new Set([...outer, ...hiddenFields(contract, schema, direction)]);
    const { required, properties, ...copy } = mapSubschemas(schema, (inner, keyword) =>
      typeof inner === 'boolean' ? inner : view(inner, keyword === 'allOf' ? [...hidden] : []),
    );
    const fields = Object.entries(properties ?? {}).map(([name, field]) => [
      name,
      hidden.has(name) ? direction === 'request' : field,
    ]);
    return {
      ...copy,
      ...(required && { required: required.filter((name) => !hidden.has(name)) }),
      ...(properties && { properties: Object.fromEntries(fields) }),
    };
  };
  const schemas = contract.schemas.map((one) => ({ ...one, schema: view(one.schema) }));
  return { schemas, view: (schema) => view(schema), compiled: new WeakMap() };
}

/** The most that is made of anything: of what asks for more, no value is made that it would allow. */
const MOST = 10_000;

function bounded(schema: Schema): Schema {
  const { minLength = 0, minItems = 0, ...rest } = schema;
  return minLength > MOST || minItems > MOST ? rest : schema;
}

function counted({ $defs, ...own }: Schema): Schema {
  if ($defs === undefined) return own;
  const count = ([name, one]: [string, Schema | boolean]) => [
    name,
    typeof one === 'boolean' ? one : { [LOOK]: true, ...one },
  ];
  return { ...own, $defs: Object.fromEntries(Object.entries($defs as object).map(count)) };
}

function merge(left: Schema, right: Schema): Schema {
  const required = [...new Set([...(left.required ?? []), ...(right.required ?? [])])];
  const properties = { ...left.properties, ...right.properties };
  return {
    ...left,
    ...right,
    ...(required.length > 0 && { required }),
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}
