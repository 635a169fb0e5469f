import {
  type Contract,
  compilePattern,
  type Example,
  followSchema,
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
  readonly #compiled = new WeakMap<Schema, ValidateFunction>();
  readonly #looselyCompiled = new WeakMap<Schema, ValidateFunction>();

  readonly #made = new WeakMap<object, Map<string, unknown>>();

  constructor(contract: Contract) {
    this.contract = contract;
  }

  /**
   * What is wrong with a value; empty: nothing. Fields that only requests or only responses have may be absent, wherever
   * they are required.
   */
  errors(schema: Schema, value: unknown): readonly ErrorObject[] {
    const validate = this.#compile(this.#ajv, this.#compiled, schema, (own) => own);
    return this.#judge(validate, value)
      ? []
      : (validate.errors ?? []).filter(({ keyword, params, parentSchema }) => {
          const missing =
            keyword === 'required' && parentSchema?.properties?.[params.missingProperty];
          const { readOnly, writeOnly } = missing ? this.flatten(missing) : {};
          return !readOnly && !writeOnly;
        });
  }

  /** Examples of a contract that keep its own schema: many a contract has others as well. */
  validExamples({ schema, examples }: Exemplified): unknown[] {
    return examples.flatMap(({ value }) =>
      value === undefined || (schema && !this.accepts(schema, value)) ? [] : [value],
    );
  }

  /** Whether there is a way to read the texts inside a value as numbers and the like in which it is allowed. */
  acceptsLoosely(schema: Schema, value: unknown): boolean {
    const validate = this.#compile(
      this.#loose,
      this.#looselyCompiled,
      schema,
      ({ $defs, ...own }) => ({
        $defs,
        properties: { value: own },
      }),
    );
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
    wrap: (own: Schema) => object,
  ): ValidateFunction {
    let validate = known.get(schema);
    if (!validate) {
      try {
        const whole = wrap(counted(standaloneSchema(this.contract, schema)));
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
