import { type Contract, nameOfSchema, type Schema, tellApart } from '@sql-sessions/contract/model';
import { shapeOf } from './shape.ts';

type Conditional = Partial<Record<'then' | 'else', Schema | boolean>>;

/** Schemas that are written out, and levels of them, before what need not be there is left away; and what has to be there. */
const MOST = {
  schemas: 500,
  levels: 8,
  items: 10,
  names: 20,
  parts: 10_000,
  characters: 1_000_000,
};

/**
 * A schema without references, for generators of values: recursion ends where a property, an element or an alternative
 * can be left away. Undefined where no value of the schema is finite, or each is too large to be made.
 * @param make makes a text: the name of a further field, for which no generator asks `propertyNames`, and what a pattern
 * asks for, which a generator that does not know patterns takes from the example
 */
export function finiteSchema(
  contract: Contract,
  schema: Schema,
  make?: Partial<Record<'name' | 'text', (schema: Schema, index: number) => string | undefined>>,
): Schema | undefined {
  const named = new Map(contract.schemas.map((one) => [one.name, one.schema]));
  let left = MOST.schemas;
  let level = 0;
  /** How often the schema at hand has to be there, in lists of lists, and how often it may be. */
  let times = 1;
  let most = 1;

  const list = (items: readonly (Schema | boolean)[], open: ReadonlySet<string>) =>
    items.map((item) => (typeof item === 'boolean' ? item : visit(item, open, true)));

  /** @param isPart whether other schemas say something of the same value */
  const visit = (
    written: Schema,
    open: ReadonlySet<string>,
    isPart = false,
  ): Schema | undefined => {
    left -= 1;
    // What has to be there without an end in sight is not a value to show to anybody.
    if (left < -10 * MOST.schemas) return undefined;
    level += 1;
    const copy = copyOf(written, open, left > 0 && level < MOST.levels);
    level -= 1;
    return copy && !isPart ? withRequired(copy, shapeOf(contract, written).properties) : copy;
  };

  function copyOf(written: Schema, open: ReadonlySet<string>, roomy: boolean): Schema | undefined {
    const { $ref, $id, $schema, $anchor, $defs, ...rest } = written;
    let schema: Schema = rest;
    let inside = open;
    if ($ref !== undefined) {
      const name = nameOfSchema(written) ?? '';
      if (open.has(name)) return undefined;
      inside = new Set([...open, name]);
      schema = { ...named.get(name), ...rest };
      if (schema.$ref !== undefined) return copyOf(schema, inside, roomy);
    }
    if (isTooLarge(schema, times)) return undefined;
    schema = tellApart(contract, schema, nameOfSchema(written));
    if (schema.enum || schema.const !== undefined) {
      // What else is said of them only chooses among the values that are listed, and generators would look no further.
      const { allOf: _, anyOf: __, oneOf: ___, pattern: ____, format: _____, ...listed } = schema;
      schema = listed;
    }
    const copy: Record<string, unknown> = { ...schema };
    delete copy.$defs;
    if (schema.pattern) copy.pattern = forGenerators(schema.pattern);
    if (make?.text && schema.pattern && !hasValue(schema)) copy.example = make.text(copy, 0);
    Object.assign(copy, limitsOf(schema));
    Object.assign(copy, countsOf(schema));
    if (schema.format === 'url') copy.format = 'uri';
    if (schema.format === 'byte') copy.pattern ??= '^([A-Za-z0-9]{4}){2}$';
    if (schema.properties) {
      const fields: [string, Schema | boolean][] = [];
      for (const [name, field] of Object.entries(schema.properties)) {
        const required = schema.required?.includes(name) ?? false;
        if (typeof field === 'boolean') {
          if (field) fields.push([name, field]);
          continue;
        }
        const kept = required || roomy ? visit(field, inside) : undefined;
        if (kept) fields.push([name, kept]);
        else if (required) return undefined;
      }
      copy.properties = Object.fromEntries(fields);
    }
    if (typeof schema.items === 'object') {
      const before = [times, most] as const;
      times *= schema.minItems || 1;
      // Generators make as many as there may be, and as many again of what is inside.
      const maxItems = Math.min(schema.maxItems ?? Infinity, Math.ceil(MOST.items / most));
      copy.maxItems = Math.max(schema.minItems ?? 0, maxItems);
      most *= Math.max(1, copy.maxItems as number);
      const items = roomy || schema.minItems ? visit(schema.items, inside) : undefined;
      [times, most] = before;
      if (!items && schema.minItems) return undefined;
      if (items) copy.items = items;
      else Object.assign(copy, { items: {}, maxItems: 0 });
    }
    if (typeof schema.additionalProperties === 'object') {
      const more = roomy ? visit(schema.additionalProperties, inside) : undefined;
      copy.additionalProperties = more ?? false;
    }
    const names = schema.propertyNames as Schema | boolean | undefined;
    if (make?.name && typeof names === 'object' && schema.additionalProperties !== false) {
      const finite = visit(names, inside);
      const more = typeof copy.additionalProperties === 'object' ? copy.additionalProperties : {};
      const further: Record<string, unknown> = {};
      const count = Math.min(schema.minProperties ?? 1, MOST.names);
      for (let index = 0; finite && index < count; index += 1)
        further[make.name(finite, index) ?? ''] = more;
      copy.properties = { ...further, ...(copy.properties as object) };
      copy.additionalProperties = false;
    }
    if (schema.allOf) {
      const parts = list(schema.allOf, inside);
      if (parts.includes(undefined)) return undefined;
      copy.allOf = parts;
    }
    if (schema.prefixItems) {
      const parts = list(schema.prefixItems, inside);
      if (parts.includes(undefined)) return undefined;
      // Generators know it by the name that it had before.
      Object.assign(copy, { items: parts, additionalItems: copy.items });
      delete copy.prefixItems;
    }
    // What a field brings along is asked for at once, whether the field will be there or not.
    for (const [name, needed] of dependentRequired(schema)) {
      if (!schema.properties?.[name]) continue;
      copy.required = [...new Set([...((copy.required as string[]) ?? []), ...needed])];
      const missing = needed.filter((one) => !schema.properties?.[one]);
      copy.properties = {
        ...Object.fromEntries(missing.map((one) => [one, {}])),
        ...(copy.properties as object),
      };
    }
    for (const [name, needed] of Object.entries(schema.dependentSchemas ?? {})) {
      if (!schema.properties?.[name] || typeof needed === 'boolean') continue;
      const part = visit(needed, inside, true);
      if (part) copy.allOf = [...((copy.allOf as Schema[]) ?? []), part];
    }
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      if (!schema[keyword]) continue;
      const parts = list(schema[keyword], inside).filter((part) => part !== undefined);
      if (parts.length === 0) return undefined;
      copy[keyword] = parts;
    }
    // What a condition asks for, and what it does otherwise, is asked for at once, where both can be had.
    for (const keyword of ['then', 'else'] as const) {
      const { [keyword]: part } = schema as Conditional;
      const kept = typeof part === 'object' && visit(part, inside, true);
      if (kept) copy.allOf = [...((copy.allOf as Schema[]) ?? []), kept];
    }
    for (const keyword of ['if', 'then', 'else']) delete copy[keyword];
    return copy;
  }

  return visit(schema, new Set());
}

/** The schema with what it requires and nothing describes, which generators leave out, as further fields. */
function withRequired(schema: Schema, described: ReadonlyMap<string, Schema>): Schema {
  const more = schema.additionalProperties ?? {};
  const missing = requiredIn(schema).filter((name) => !described.has(name));
  if (missing.length === 0 || more === false) return schema;
  const further = missing.map((name) => [name, more === true ? {} : more]);
  return { ...schema, properties: { ...Object.fromEntries(further), ...schema.properties } };
}

function requiredIn({ required = [], allOf = [] }: Schema): string[] {
  return [
    ...required,
    ...allOf.flatMap((part) => (typeof part === 'object' ? requiredIn(part) : [])),
  ];
}

/** Whether a schema says itself what to take. */
function hasValue(schema: Schema): boolean {
  return ['const', 'enum', 'example', 'examples', 'default'].some((keyword) => keyword in schema);
}

/** The ends of a range without its ends, as limits that generators look at. */
function limitsOf(schema: Schema): object {
  const { exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  const { minimum = -Infinity, maximum = Infinity } = schema;
  const step = schema.type === 'integer' ? 1 : 0;
  return {
    ...(above !== undefined && { minimum: Math.max(minimum, above + step) }),
    ...(below !== undefined && { maximum: Math.min(maximum, below - step) }),
  };
}

/**
 * How many fields to make: generators make as many as there may be, and look without end for a further name where
 * patterns have no other.
 */
function countsOf(schema: Schema): object {
  const { properties = {}, patternProperties = {}, additionalProperties } = schema;
  const { minProperties = 0, maxProperties } = schema;
  const own = Object.keys(properties).length;
  const most =
    additionalProperties === false ? own + Object.keys(patternProperties).length : own + MOST.names;
  return {
    ...(minProperties > most && additionalProperties === false && { minProperties: most }),
    ...(maxProperties !== undefined && {
      maxProperties: Math.min(maxProperties, Math.max(minProperties, most)),
    }),
  };
}

function isTooLarge(
  { minItems, minProperties, minLength, pattern }: Schema,
  times: number,
): boolean {
  const repeated = Math.max(0, ...(pattern?.match(/(?<=\{)\d+/g) ?? []).map(Number));
  return (
    times * Math.max(minItems ?? 0, minProperties ?? 0) > MOST.parts ||
    times * Math.max(minLength ?? 0, repeated) > MOST.characters
  );
}

/** Characters of ASCII that stand for classes of Unicode in what is made up. */
const CLASSES: readonly [names: RegExp, characters: string][] = [
  [/^(Lu|Uppercase.*)$/, 'A-Z'],
  [/^(Ll|Lowercase.*)$/, 'a-z'],
  [/^(L|Letter|Alpha|Alphabetic|Latin|Latn)$/, 'A-Za-z'],
  [/^(N|Nd|Number|Decimal_Number)$/, '0-9'],
  [/^(P|Po|Punctuation)$/, '.,!?'],
  [/^(Z|Zs|Separator|Space_Separator)$/, ' '],
];

/**
 * A pattern as generators can read it: they know no classes of Unicode, and no quantifier that takes as little as it
 * can, and repeat something as often as a quantifier lets them.
 */
function forGenerators(pattern: string): string {
  let inside = false;
  return pattern
    .replace(/(?<!\\)([*+?}])\?/g, '$1')
    .replace(/\{(\d+),(\d+)\}/g, (_, least: string, most: string) => {
      return `{${least},${Math.min(Number(most), Number(least) + 20)}}`;
    })
    .replace(/\\p\{(?:\w+=)?(\w+)\}|\\.|[[\]]/gs, (token: string, name: string | undefined) => {
      if (token === '[' || token === ']') inside = token === '[';
      const [, characters = ''] = CLASSES.find(([names]) => name && names.test(name)) ?? [];
      if (characters === '') return token;
      return inside ? characters : `[${characters}]`;
    });
}

function dependentRequired(schema: Schema): [name: string, needed: string[]][] {
  return Object.entries((schema.dependentRequired ?? {}) as Record<string, string[]>);
}
