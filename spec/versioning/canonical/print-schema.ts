import { type Contract, mapSubschemas, nameOfSchema, type Schema } from '../../src/model.ts';
import { flattenSchema } from './flatten-schema.ts';
import { plainText } from './plain-text.ts';
import { stableJson } from './stable-json.ts';
import { typeOf } from './type-of.ts';

export type Direction = 'request' | 'response';
type Any = Schema | boolean;
type Printed = Record<string, unknown>;

/** The value that a keyword has where it is not written. */
const USUAL: Record<string, unknown> = {
  minLength: 0,
  minItems: 0,
  minProperties: 0,
  uniqueItems: false,
  deprecated: false,
  minContains: 1,
  additionalProperties: true,
  unevaluatedProperties: true,
  unevaluatedItems: true,
  propertyNames: true,
  items: true,
  dependentRequired: {},
  dependentSchemas: {},
};
/** Keywords that say nothing about values of other types. */
const CONCERNS: [RegExp, RegExp][] = [
  [/^(minLength|maxLength|pattern|content.*)$/, /^string$/],
  [/^((exclusive)?(Min|min|Max|max)imum|multipleOf)$/, /^(number|integer)$/],
  [
    /^((min|max)(Items|Contains)|uniqueItems|items|prefixItems|contains|unevaluatedItems)$/,
    /^array$/,
  ],
  [
    /^((min|max)Properties|required|(p|pattern|additional|unevaluated)Properties|properties|propertyNames|dependent.*)$/,
    /^object$/,
  ],
];
/** Says nothing about values, or is said by other means. */
const DROPPED =
  /^(\$id|\$schema|\$anchor|\$comment|\$defs|definitions|externalDocs|readOnly|writeOnly|x-(?!words$).*)$/;
const WORDS = /^(title|description|x-examples|x-words)$/;
/** Compared as one value, as a restriction of which nobody can say in general whether it got tighter. */
const OPAQUE =
  /^(not|if|then|else|contains|propertyNames|dependentRequired|dependentSchemas|contentSchema|xml|unevaluatedProperties|unevaluatedItems)$/;
const ALTERNATIVES = /^(anyOf|oneOf|allOf)$/;

/** Prints schemas in one way, whichever way they were written in, and notes where each part came from. */
export function createSchemaPrinter(contract: Contract, places: Map<string, string>) {
  const byName = new Map(contract.schemas.map(({ name, schema }) => [name, schema]));
  const named = (name: string) => byName.get(name) ?? {};
  const sources = new Map<object, string>();
  const locate = (schema: Any, pointer: string): void => {
    if (typeof schema === 'boolean') return;
    sources.set(schema, pointer);
    mapSubschemas(schema, (inner, ...keys) => {
      locate(inner, [pointer, ...keys.map((key) => escapeKey(`${key}`))].join('/'));
      return inner;
    });
  };
  for (const { schema, pointer } of contract.schemas) locate(schema, pointer);

  // What is nothing but a reference stands where it leads to.
  const sourceOf = (schema: Any, from: string): string => {
    if (typeof schema === 'boolean') return from;
    const name = Object.keys(schema).length === 1 ? nameOfSchema(schema) : undefined;
    return (
      (name === undefined
        ? undefined
        : contract.schemas.find((one) => one.name === name)?.pointer) ??
      sources.get(schema) ??
      from
    );
  };

  const print = (
    schema: Any,
    direction: Direction,
    at: string,
    from: string,
    open: readonly string[] = [],
    words = true,
  ): Printed => {
    const source = sourceOf(schema, from);
    places.set(at, source);
    const flat = flattenSchema(schema, named, open);
    if (typeof flat.schema === 'boolean')
      return flat.schema ? {} : { 'x-never': true, properties: {} };
    const again = nameOfSchema(flat.schema);
    if (again !== undefined) return { 'x-recursion': open.length - open.indexOf(again) };
    const inner = (child: Any, ...keys: string[]): Printed =>
      print(child, direction, [at, ...keys.map(escapeKey)].join('/'), source, flat.open, words);
    const result: Printed = {};
    const properties: Printed = {};
    for (const [keyword, value] of Object.entries(normalize(flat.schema))) {
      if (!words && WORDS.test(keyword)) continue;
      if (keyword === 'discriminator')
        result['x-discriminator'] = (value as { propertyName: string }).propertyName;
      else if (OPAQUE.test(keyword) || (keyword === 'allOf' && unevaluated(flat.schema))) {
        const printed = mapSubschemas(
          { [keyword]: value } as Schema,
          (child) =>
            print(child, direction, `${at}/x-${keyword}`, source, flat.open, false) as Schema,
        );
        result[`x-${keyword}`] = stableJson(printed[keyword]);
      } else if (ALTERNATIVES.test(keyword)) {
        for (const [index, child] of (value as Any[]).entries()) {
          let key = `${keyword}:${alternativeName(child) ?? lonelyKeyword(child) ?? index}`;
          if (key in properties) key = `${key} ${index}`;
          const tag = tagOf(flat.schema, child);
          properties[key] = { ...inner(child, 'properties', key), ...(tag && { 'x-tag': tag }) };
        }
      } else if (keyword === 'properties' || keyword === 'patternProperties') {
        for (const [name, child] of Object.entries(value as Record<string, Any>)) {
          const { schema: what } = flattenSchema(child, named, flat.open);
          const hidden = direction === 'request' ? 'readOnly' : 'writeOnly';
          if (typeof what === 'object' && what[hidden] === true) {
            result.required = without(result.required ?? flat.schema.required, name);
            continue;
          }
          const key = keyword === 'properties' ? name : `pattern:${name}`;
          properties[key] = inner(child, 'properties', key);
        }
      } else if (keyword === 'prefixItems') {
        for (const [index, child] of (value as Any[]).entries())
          properties[`item:${index}`] = inner(child, 'properties', `item:${index}`);
      } else if (keyword === 'items' || keyword === 'additionalProperties') {
        const never = flattenSchema(value as Any, named, flat.open).schema === false;
        result[keyword] = never ? false : inner(value as Any, keyword);
      } else if (keyword === 'description') result.description = plainText(`${value}`);
      else if (keyword === 'required') result.required ??= [...new Set(value as string[])].sort();
      else result[keyword] = value;
    }
    if ((result.required as unknown[] | undefined)?.length === 0) delete result.required;
    return { ...result, properties };
  };
  return { print, locate };
}

function normalize(schema: Schema): Printed {
  const { type, enum: values, const: one, default: usual, example, examples, ...more } = schema;
  const said = [type ?? []].flat();
  const listed = one === undefined ? values : [one];
  // A value of another type than the schema's is not allowed, so the values say the type.
  const allowed = listed?.filter(
    (value) => said.length === 0 || said.some((type) => isOfType(value, type)),
  );
  const types = [...new Set(allowed?.map(typeOf) ?? said)].sort();
  const rest = whole(types.join() === 'integer' ? wholeLimits(more) : more);
  if (rest.dependentRequired)
    rest.dependentRequired = Object.fromEntries(
      Object.entries(rest.dependentRequired).filter(([, names]) => names.length > 0),
    );
  // Names are texts.
  if (stableJson(rest.propertyNames) === '{"type":"string"}') delete rest.propertyNames;
  const result: Printed = Object.fromEntries(
    Object.entries(rest).filter(([keyword, value]) => {
      if (DROPPED.test(keyword)) return false;
      const concerned = CONCERNS.find(([pattern]) => pattern.test(keyword))?.[1];
      if (concerned && types.length > 0 && !types.some((type) => concerned.test(type)))
        return false;
      const same = stableJson(value) === stableJson(USUAL[keyword]);
      return !same && !(USUAL[keyword] === true && stableJson(value) === '{}');
    }),
  );
  if (types.length > 0) result.type = types.length === 1 ? types[0] : types;
  const texts = allowed
    ?.map(stableJson)
    .filter((text) => text !== 'null')
    .sort()
    .join();
  if (allowed !== undefined && texts !== 'false,true')
    result.enum = [...new Map(allowed.map((each) => [stableJson(each), flatValue(each)])).entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, value]) => value);
  if ('default' in schema) result.default = flatValue(usual);
  const shown = [...(examples ?? []), ...('example' in schema ? [example] : [])];
  if (shown.length > 0) result['x-examples'] = stableJson(shown);
  return result;
}

/** Without keywords that mean something beside others only. */
function whole(schema: Printed): Printed {
  const {
    if: condition,
    then,
    else: otherwise,
    contains,
    minContains,
    maxContains,
    ...rest
  } = schema;
  const conditional = condition !== undefined && (then ?? otherwise) !== undefined;
  const counted = contains !== undefined && (minContains !== 0 || maxContains !== undefined);
  const known = { if: condition, then, else: otherwise };
  const counts = { contains, minContains, maxContains };
  return Object.fromEntries(
    Object.entries({ ...rest, ...(conditional && known), ...(counted && counts) }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

/** Limits of whole numbers, as whole numbers that are allowed. */
function wholeLimits(schema: Printed): Printed {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, ...rest } =
    schema as Record<string, number>;
  const lowest = Math.max(
    Math.ceil(minimum ?? -Infinity),
    Math.floor(exclusiveMinimum ?? -Infinity) + 1,
  );
  const highest = Math.min(
    Math.floor(maximum ?? Infinity),
    Math.ceil(exclusiveMaximum ?? Infinity) - 1,
  );
  return {
    ...rest,
    ...(Number.isFinite(lowest) && { minimum: lowest }),
    ...(Number.isFinite(highest) && { maximum: highest }),
    ...(multipleOf !== undefined && multipleOf !== 1 && { multipleOf }),
  };
}

function isOfType(value: unknown, type: string): boolean {
  return typeOf(value) === type || (type === 'number' && typeof value === 'number');
}

/** Objects are compared as text, so that a difference inside them is one. */
function flatValue(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? stableJson(value) : value;
}

/** Whether its members allow fields, or items, that are refused without them. */
function unevaluated(schema: Schema): boolean {
  return Object.keys(schema).some((keyword) => keyword.startsWith('unevaluated'));
}

/** What the discriminator holds for an alternative: what the mapping says, or its name. */
function tagOf({ discriminator }: Schema, alternative: Any): string | undefined {
  const name = typeof alternative === 'object' ? nameOfSchema(alternative) : undefined;
  if (discriminator === undefined || name === undefined) return undefined;
  const mapped = Object.entries(discriminator.mapping ?? {}).filter(([, to]) => to === name);
  return mapped.length > 0
    ? mapped
        .map(([tag]) => tag)
        .sort()
        .join(', ')
    : name;
}

/** By what an alternative is found again when others come or go. */
function alternativeName(schema: Any): string | undefined {
  if (typeof schema === 'boolean') return `${schema}`;
  const type = [schema.type ?? []].flat();
  return nameOfSchema(schema) ?? schema.title ?? (type.length === 1 ? type[0] : undefined);
}

/** A member that is nothing but one keyword is called by it. */
function lonelyKeyword(schema: Any): string | undefined {
  const [[keyword, value] = [], ...more] = Object.entries(schema);
  return more.length === 0 && typeof value !== 'object'
    ? stableJson({ [`${keyword}`]: value })
    : undefined;
}

function without(required: unknown, name: string): string[] {
  return ((required ?? []) as string[]).filter((each) => each !== name).sort();
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
