import { isDeepStrictEqual } from 'node:util';
import { nameOfSchema, type Schema } from '../../src/model.ts';
import { stableJson } from './stable-json.ts';
import { typeOf } from './type-of.ts';

type Any = Schema | boolean;

const ANNOTATION =
  /^(description|title|default|deprecated|readOnly|writeOnly|examples?|\$comment|externalDocs|x-.*)$/;
const LOWER = /^(minLength|minItems|minProperties|minContains|minimum|exclusiveMinimum)$/;
const SPLIT = /^(pattern|format|multipleOf|not|anyOf|oneOf)$/;
const UPPER = /^(maxLength|maxItems|maxProperties|maxContains|maximum|exclusiveMaximum)$/;

/**
 * What a schema says, without the ways of saying it: references are followed and an `allOf` is merged into one schema
 * where that says the same. An `allOf` that cannot be merged stays.
 * @param named the schema of a name
 * @param open names that are being written at this place; a reference to one of them stays
 */
export function flattenSchema(
  schema: Any,
  named: (name: string) => Schema,
  open: readonly string[],
): { schema: Any; open: readonly string[] } {
  if (typeof schema === 'boolean') return { schema, open };
  const {
    $ref,
    allOf = [],
    anyOf,
    oneOf,
    not,
    unevaluatedProperties,
    unevaluatedItems,
    ...own
  } = schema;
  if (not === true || stableJson(not) === '{}') return { schema: false, open };
  if (not !== undefined && stableJson(not) !== 'false') Object.assign(own, { not });
  const parts: Any[] = [own];
  let inside = open;
  // A choice of one is that one.
  for (const [keyword, list] of Object.entries({ anyOf, oneOf })) {
    if (list === undefined) continue;
    const choices = keyword === 'anyOf' ? flatChoices(list) : list;
    const one = asOne(choices);
    if (one !== undefined) parts.push(one);
    else (own as Record<string, unknown>)[keyword] = choices;
  }
  const name = $ref === undefined ? undefined : nameOfSchema(schema);
  if (name !== undefined) {
    if (open.includes(name)) return { schema, open };
    inside = [...open, name];
    parts.push(named(name));
  }
  parts.push(...allOf);
  let merged: Schema = own;
  const rest: Any[] = [];
  const split = new Map<string, unknown[]>();
  for (const part of parts.slice(1)) {
    const flat = flattenSchema(part, named, inside);
    // Back to a schema that is being written, and nothing besides.
    if (parts.length === 2 && Object.keys(own).length === 0 && isReference(flat.schema))
      return flat;
    if (flat.schema === true) continue;
    const next = merge(merged, flat.schema, split);
    if (next === undefined) rest.push(part);
    else {
      merged = next;
      inside = flat.open;
    }
  }
  for (const [keyword, values] of split)
    rest.push(...values.map((value) => ({ [keyword]: value }) as Schema));
  if (rest.length > 0) merged = { ...merged, allOf: sorted(rest) };
  const others = { unevaluatedProperties, unevaluatedItems };
  return { schema: addUnevaluated(merged, others), open: inside };
}

/** What holds for all that no member says anything about: the same as for all that is not named, where all are merged. */
function addUnevaluated(
  schema: Schema,
  { unevaluatedProperties: properties, unevaluatedItems: items }: Schema,
): Schema {
  const hidden = Object.keys(schema).some((keyword) =>
    /^(allOf|anyOf|oneOf|then|else|if|dependentSchemas|unevaluated.*)$/.test(keyword),
  );
  const result: Schema = { ...schema };
  // What a member says itself of all that nothing names holds beside this.
  const inner = Object.entries({ unevaluatedProperties: properties, unevaluatedItems: items })
    .filter(([key, own]) => own !== undefined && key in schema)
    .map(([key]) => ({ [key]: schema[key] }) as Schema);
  if (inner.length > 0)
    Object.assign(result, { allOf: sorted([...(schema.allOf ?? []), ...inner]) });
  if (hidden || schema.contains !== undefined) {
    if (items !== undefined) Object.assign(result, { unevaluatedItems: items });
  } else if (items !== undefined) Object.assign(result, { items: schema.items ?? items });
  if (properties === undefined) return result;
  const usual = schema.additionalProperties ?? properties;
  return Object.assign(
    result,
    hidden ? { unevaluatedProperties: properties } : { additionalProperties: usual },
  );
}

function sorted(list: readonly Any[]): Any[] {
  const byText = new Map(list.map((one) => [stableJson(one), one]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function isReference(schema: Any): boolean {
  return typeof schema === 'object' && schema.$ref !== undefined;
}

/** The alternatives of `anyOf`, each once, and those of an `anyOf` inside of it. */
function flatChoices(list: readonly Any[]): Any[] {
  const flat = list.flatMap((one) => {
    if (typeof one !== 'object' || one.anyOf === undefined) return [one];
    return Object.keys(one).length === 1 ? flatChoices(one.anyOf) : [one];
  });
  return [...new Map(flat.map((one) => [stableJson(one), one])).values()];
}

/** Alternatives as one schema, where that says the same: values, or single values of different types. */
function asOne(list: readonly Any[]): Any | undefined {
  if (list.length === 1) return list[0];
  if (!list.every((one) => typeof one === 'object')) return undefined;
  const rest = list.filter((one) => !isDeepStrictEqual(typesOf(one), ['null']));
  const types = list.flatMap(typesOf);
  const type = [...new Set(types)];
  const values = rest.map(listed);
  const [only] = rest;
  if (rest.length === 1 && only && typesOf(only).length > 0) {
    const [own] = values;
    return { ...only, const: undefined, type, enum: own && [...own, null] } as Schema;
  }
  if (values.every((one) => one !== undefined) && rest.every(saysNoMore))
    return { type, enum: [...values.flat(), ...(rest.length < list.length ? [null] : [])] };
  const apart =
    types.length === type.length && !(types.includes('number') && types.includes('integer'));
  const keywords = rest.flatMap((one) =>
    Object.keys(one).filter((key) => !/^(type|title|description)$/.test(key)),
  );
  const plain = rest.every((one, at) => typesOf(one).length > 0 && values[at] === undefined);
  if (!apart || !plain || new Set(keywords).size < keywords.length) return undefined;
  if (/\$ref|(any|one|all)Of/.test(keywords.join()) || /array|object/.test(type.join()))
    return undefined;
  const words = rest.map(({ title, description }) => title ?? description).filter(Boolean);
  const { title: _, description: __, ...merged } = Object.assign({}, ...rest, { type });
  return words.length > 0 ? { ...merged, 'x-words': words.sort().join('; ') } : merged;
}

function listed(schema: Schema): readonly unknown[] | undefined {
  return 'const' in schema ? [schema.const] : schema.enum;
}

function typesOf(schema: Schema): string[] {
  return [schema.type ?? listed(schema)?.map(typeOf) ?? []].flat();
}

function saysNoMore(schema: Schema): boolean {
  return Object.keys(schema).every((key) => /^(type|const|enum)$/.test(key));
}

/**
 * One schema that says what both say; undefined where there is none. The first one's words win.
 * @param split gets the values of keywords that one schema cannot say twice, and that then are not in it
 */
function merge(a: Schema, b: Any, split: Map<string, unknown[]>): Schema | undefined {
  if (b === false || isReference(b)) return undefined;
  const other = b as Schema;
  if (!isDeepStrictEqual(a, other)) {
    if (closes(a) && named(other)) return undefined;
    if (closes(other) && named(a)) return undefined;
  }
  const merged: Record<string, unknown> = { ...a };
  for (const [keyword, value] of Object.entries(other)) {
    const mine = merged[keyword];
    if (split.has(keyword)) split.get(keyword)?.push(value);
    else if (mine === undefined || isDeepStrictEqual(mine, value)) merged[keyword] = mine ?? value;
    else if (ANNOTATION.test(keyword)) continue;
    else if (LOWER.test(keyword)) merged[keyword] = Math.max(mine as number, value as number);
    else if (UPPER.test(keyword)) merged[keyword] = Math.min(mine as number, value as number);
    else if (keyword === 'required')
      merged[keyword] = [...new Set([mine, value].flat() as string[])];
    else if (/^(properties|patternProperties)$/.test(keyword))
      merged[keyword] = mergeMaps(mine as never, value as never);
    else if (keyword === 'items') merged[keyword] = { allOf: [mine, value] };
    else if (keyword === 'uniqueItems') merged[keyword] = true;
    else if (/^(type|enum)$/.test(keyword)) {
      const both = common([mine].flat(), [value].flat());
      if (both.length === 0) return undefined;
      merged[keyword] = both;
    } else if (SPLIT.test(keyword)) {
      split.set(keyword, [mine, value]);
      delete merged[keyword];
    } else return undefined;
  }
  return merged;
}

/** The types, or the values, of both lists. */
function common(a: readonly unknown[], b: readonly unknown[]): unknown[] {
  const within = (list: readonly unknown[]) => (one: unknown) =>
    list.some(
      (other) => isDeepStrictEqual(one, other) || (one === 'integer' && other === 'number'),
    );
  const both = [...a.filter(within(b)), ...b.filter(within(a))];
  return both.filter((one, index) => both.indexOf(one) === index);
}

/** Whether it says something about fields that it does not name. */
function closes({ additionalProperties, unevaluatedProperties }: Schema): boolean {
  return [additionalProperties ?? true, unevaluatedProperties ?? true].some((one) => one !== true);
}

function named({ properties, patternProperties }: Schema): boolean {
  return properties !== undefined || patternProperties !== undefined;
}

function mergeMaps(a: Record<string, Any>, b: Record<string, Any>): Record<string, Any> {
  const merged = { ...a };
  for (const [name, schema] of Object.entries(b)) {
    const mine = merged[name];
    merged[name] =
      mine === undefined || isDeepStrictEqual(mine, schema) ? schema : { allOf: [mine, schema] };
  }
  return merged;
}
