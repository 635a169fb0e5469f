import type { Contract, NamedSchema, Schema } from './contract.ts';
import { compilePattern } from './pattern.ts';
import { asList, asNode, canonical, childOf, keysOf, type Node, valueAt } from './references.ts';

const COMPONENTS = '#/components/schemas/';
const ONE =
  /^(not|if|then|else|items|contains|additionalProperties|propertyNames|unevaluatedItems|unevaluatedProperties|contentSchema|additionalItems)$/;
const LIST = /^(allOf|anyOf|oneOf|prefixItems)$/;
const MAP = /^(properties|patternProperties|\$defs|definitions|dependentSchemas)$/;
const PLAIN =
  /^(\$ref|\$comment|title|description|default|deprecated|examples|readOnly|writeOnly|type|enum|const|format|pattern|multipleOf|maximum|minimum|exclusiveMaximum|exclusiveMinimum|(max|min)(Length|Items|Properties|Contains)|uniqueItems|required|dependentRequired|contentEncoding|contentMediaType)$/;

/**
 * Whether JSON Schema has such a keyword. Validators look for schemas in what else is there, as the extensions and the
 * keywords of OpenAPI, and take an `id` in it for a name. Names (`$id`, `$anchor`) are left out too: where a schema is used
 * twice, one would be known twice.
 */
export function isSchemaKeyword(keyword: string): boolean {
  return [ONE, LIST, MAP, PLAIN].some((names) => names.test(keyword));
}

/**
 * A copy of a schema in which each schema directly inside it is replaced. Examples, defaults and the like are left
 * alone, whatever they look like.
 * @param change gets the inner schema and the keys that lead to it
 */
export function mapSubschemas(
  schema: Schema,
  change: (inner: Schema | boolean, ...keys: (string | number)[]) => Schema | boolean,
): Schema {
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (ONE.test(keyword) && isSchema(value)) return [keyword, change(value, keyword)];
    if (LIST.test(keyword) && Array.isArray(value)) {
      return [
        keyword,
        value.map((inner, index) => (isSchema(inner) ? change(inner, keyword, index) : inner)),
      ];
    }
    if (MAP.test(keyword) && isMap(value)) {
      const inner = Object.entries(value).map(([key, one]) => [
        key,
        isSchema(one) ? change(one, keyword, key) : one,
      ]);
      return [keyword, Object.fromEntries(inner)];
    }
    return [keyword, value];
  });
  return Object.fromEntries(entries);
}

function isSchema(value: unknown): value is Schema | boolean {
  return typeof value === 'boolean' || isMap(value);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads schemas, and names what they refer to. */
export interface SchemaReader {
  read(value: unknown, pointer: string): Schema;
  /** Follows a schema that is nothing but a reference. */
  follow(schema: Schema): Schema;
  /** All that has a name, once everything is read. */
  named(): NamedSchema[];
}

const keywords = (names: string, isRight: (value: unknown) => boolean) =>
  names.split(' ').map((name) => [name, isRight] as const);

const isText = (value: unknown): value is string => typeof value === 'string';
const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const TYPES = /^(array|boolean|integer|null|number|object|string)$/;
const isPattern = (value: unknown) => isText(value) && !!compilePattern(value);

/** Keywords that are not read where they have another type, as `required: true` and others of earlier versions have. */
const RIGHT = new Map([
  ...keywords(
    'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains',
    (value) => typeof value === 'number',
  ),
  ...keywords('$ref format', isText),
  ...keywords('pattern', isPattern),
  ...keywords('type', (value) => [value].flat().every((one) => isText(one) && TYPES.test(one))),
  ...keywords('required', areTexts),
  ...keywords('enum examples', Array.isArray),
  ...keywords('dependentRequired', (value) => isMap(value) && Object.values(value).every(areTexts)),
  ...keywords('discriminator', (value) => isText(asNode(value).propertyName)),
]);

/** The schema without what has the wrong type. */
function sound(schema: Schema): Schema {
  const copy: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (LIST.test(keyword)) {
      const schemas = asList(value).filter(isSchema);
      if (schemas.length > 0) copy[keyword] = schemas;
    } else if (MAP.test(keyword))
      copy[keyword] = Object.fromEntries(
        Object.entries(asNode(value)).filter(([, one]) => isSchema(one)),
      );
    else if (ONE.test(keyword) ? isSchema(value) : (RIGHT.get(keyword)?.(value) ?? true))
      copy[keyword] = value;
  }
  return copy;
}

export function createSchemaReader(document: Node): SchemaReader {
  const components = asNode(asNode(document.components).schemas);
  const names = new Map<string, string>();
  const named = new Map<string, NamedSchema>();
  const taken = new Set(Object.keys(components));
  const waiting: { name: string; target: unknown; place: string; component: boolean }[] = [];

  const read = (value: unknown, pointer: string): Schema => {
    if (typeof value === 'boolean') return value ? {} : { not: {} };
    return readInner(asNode(value), pointer) as Schema;
  };
  const readInner = (value: Schema | boolean, pointer: string): Schema | boolean => {
    if (typeof value === 'boolean') return value;
    const copy: Record<string, unknown> = mapSubschemas(sound(value), (inner, ...keys) =>
      readInner(inner, childOf(pointer, ...keys)),
    );
    if (typeof copy.$ref === 'string') copy.$ref = COMPONENTS + nameOf(copy.$ref, pointer);
    const { mapping, ...discriminator } = asNode(copy.discriminator);
    if (mapping) {
      const entries = Object.entries(asNode(mapping)).map(([key, target]) => {
        const reference = `${target}`;
        return [key, /^#\//.test(reference) ? nameOf(reference, pointer) : reference];
      });
      copy.discriminator = { ...discriminator, mapping: Object.fromEntries(entries) };
    }
    return copy;
  };
  const nameOf = (reference: string, from: string): string => {
    const place = canonical(reference);
    const known = names.get(place);
    if (known !== undefined) return known;
    const target = valueAt(document, reference, from);
    const [, , ...rest] = keysOf(place);
    const component = place.startsWith(COMPONENTS) && rest.length === 1;
    const name = component ? (rest[0] ?? '') : freeName(keysOf(place));
    names.set(place, name);
    named.set(name, { name, schema: {}, pointer: place, component });
    // Later, so that a schema may refer to itself, and a long row of references needs no deep stack.
    waiting.push({ name, target, place, component });
    if (waiting.length === 1) readWaiting();
    return name;
  };
  const readWaiting = () => {
    for (const { name, target, place, component } of waiting) {
      named.set(name, { name, schema: read(target, place), pointer: place, component });
    }
    waiting.length = 0;
  };
  const freeName = (keys: string[]): string => {
    const base = keys
      .filter((key) => !/^(components|schemas|paths|properties|content|schema)$/.test(key))
      .join('_')
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/^_|_$/g, '');
    let name = base || 'Document';
    for (let count = 2; taken.has(name); count++) name = `${base}_${count}`;
    taken.add(name);
    return name;
  };

  for (const name of Object.keys(components)) nameOf(childOf(COMPONENTS.slice(0, -1), name), '#');
  return {
    read,
    follow: (schema) => follow(named, schema),
    named() {
      const all = [...named.values()];
      return [
        ...all.filter(({ component }) => component),
        ...all.filter(({ component }) => !component),
      ];
    },
  };
}

/** The name of the schema that a schema refers to; undefined where it is written in place. */
export function nameOfSchema(schema: Schema): string | undefined {
  return schema.$ref?.startsWith(COMPONENTS) ? keysOf(schema.$ref)[2] : undefined;
}

/**
 * Follows a schema that is nothing but a reference. A schema with keywords beside its `$ref` is returned as it is: both
 * hold then.
 */
export function followSchema(contract: Pick<Contract, 'schemas'>, schema: Schema): Schema {
  return follow(byName(contract), schema);
}

function follow(schemas: ReadonlyMap<string, NamedSchema>, schema: Schema): Schema {
  let current = schema;
  for (const seen = new Set<string>(); ; ) {
    const name = nameOfSchema(current);
    if (name === undefined || seen.has(name) || Object.keys(current).length > 1) return current;
    seen.add(name);
    current = schemas.get(name)?.schema ?? {};
  }
}

/**
 * A schema for whoever makes values of it: what a discriminator chooses among says which of them it is, by its name or
 * by what `mapping` calls it. What has no such field, or lists the values of it, stays as it is.
 * @param name the schema's own name, which the discriminator of what it inherits from tells
 */
export function tellApart(
  contract: Pick<Contract, 'schemas'>,
  schema: Schema,
  name?: string,
): Schema {
  const told = (part: Schema | boolean, discriminator: Schema['discriminator'], own?: string) => {
    const { propertyName: field, mapping = {} } = discriminator ?? {};
    if (own === undefined || field === undefined || typeof part === 'boolean') return part;
    const { const: fixed, enum: listed } = fieldOf(contract, part, field) ?? { enum: [] };
    if (fixed !== undefined || listed) return part;
    const value = Object.keys(mapping).find((key) => mapping[key] === own) ?? own;
    const saying = { required: [field], properties: { [field]: { const: value } } };
    return { allOf: [part, saying] };
  };
  const { oneOf, anyOf, allOf = [], discriminator } = schema;
  const of = (part: Schema | boolean) =>
    typeof part === 'boolean' ? undefined : followSchema(contract, part).discriminator;
  // The schema itself, and not a copy: what is made of it may be kept by it.
  if (!discriminator && !allOf.some(of)) return schema;
  const chosen = (part: Schema | boolean) =>
    told(part, discriminator, typeof part === 'boolean' ? undefined : nameOfSchema(part));
  return {
    ...schema,
    ...(oneOf && { oneOf: oneOf.map(chosen) }),
    ...(anyOf && { anyOf: anyOf.map(chosen) }),
    ...(schema.allOf && { allOf: allOf.map((part) => told(part, of(part), name)) }),
  };
}

/** A field of an object, its own or inherited. */
function fieldOf(
  contract: Pick<Contract, 'schemas'>,
  schema: Schema,
  name: string,
  depth = 0,
): Schema | undefined {
  const { properties, allOf = [] } = followSchema(contract, schema);
  const field = properties?.[name];
  if (typeof field === 'object') return followSchema(contract, field);
  if (depth > 8) return undefined;
  for (const part of allOf) {
    const found = typeof part === 'object' && fieldOf(contract, part, name, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** Which way a value goes: requests carry nothing that is `readOnly`, responses nothing that is `writeOnly`. */
export type Direction = 'request' | 'response';

/** Names of the fields that do not travel this way, those of the schemas under `allOf` too. */
export function hiddenFields(
  contract: Pick<Contract, 'schemas'>,
  schema: Schema,
  direction: Direction,
): string[] {
  const hidden = direction === 'request' ? 'readOnly' : 'writeOnly';
  return partsOf(contract, schema).flatMap(({ properties = {} }) =>
    Object.keys(properties).filter((name) =>
      partsOf(contract, properties[name] ?? true).some((part) => part[hidden] === true),
    ),
  );
}

/** A schema and those that hold together with it, by `$ref` and `allOf`. */
function partsOf(
  contract: Pick<Contract, 'schemas'>,
  schema: Schema | boolean,
  seen: Set<Schema> = new Set(),
): Schema[] {
  if (typeof schema === 'boolean' || seen.has(schema)) return [];
  seen.add(schema);
  const target = byName(contract).get(nameOfSchema(schema) ?? '')?.schema ?? true;
  return [
    schema,
    ...[target, ...(schema.allOf ?? [])].flatMap((part) => partsOf(contract, part, seen)),
  ];
}

const indexes = new WeakMap<readonly NamedSchema[], ReadonlyMap<string, NamedSchema>>();

function byName({ schemas }: Pick<Contract, 'schemas'>): ReadonlyMap<string, NamedSchema> {
  const known = indexes.get(schemas) ?? new Map(schemas.map((one) => [one.name, one]));
  indexes.set(schemas, known);
  return known;
}

/**
 * A schema that stands alone: what it refers to travels with it in `$defs`, and it has no keywords but those of JSON
 * Schema, so that any of its validators can compile it.
 */
export function standaloneSchema(contract: Pick<Contract, 'schemas'>, schema: Schema): Schema {
  const schemas = byName(contract);
  const $defs = new Map<string, Schema | boolean>();
  const localize = (inner: Schema | boolean): Schema | boolean => {
    if (typeof inner === 'boolean') return inner;
    const entries = Object.entries(mapSubschemas(inner, localize));
    const copy = Object.fromEntries(entries.filter(([keyword]) => isSchemaKeyword(keyword)));
    const name = nameOfSchema(inner);
    if (name === undefined) return copy;
    if (!$defs.has(name)) $defs.set(name, true);
    return { ...copy, $ref: childOf('#/$defs', name) };
  };
  const own = localize(schema) as Schema;
  // What is found on the way is visited as well.
  for (const name of $defs.keys()) $defs.set(name, localize(schemas.get(name)?.schema ?? {}));
  return $defs.size === 0
    ? own
    : { ...own, $defs: { ...asNode(own.$defs), ...Object.fromEntries($defs) } };
}
