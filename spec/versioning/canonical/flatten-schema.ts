import { isDeepStrictEqual } from 'node:util';
import { nameOfSchema, type Schema } from '../../src/model.ts';

type Any = Schema | boolean;

const ANNOTATION =
  /^(description|title|default|deprecated|readOnly|writeOnly|examples?|\$comment|externalDocs|x-.*)$/;
const LOWER = /^(minLength|minItems|minProperties|minContains|minimum|exclusiveMinimum)$/;
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
  const { $ref, allOf = [], anyOf, oneOf, ...own } = schema;
  const parts: Any[] = [own];
  let inside = open;
  // A choice of one is that one.
  for (const [keyword, list] of [
    ['anyOf', anyOf],
    ['oneOf', oneOf],
  ] as const) {
    const nullable = withNull(list ?? []);
    if (nullable !== undefined) parts.push(nullable);
    else if (list?.length === 1) parts.push(...list);
    else if (list !== undefined) (own as Record<string, unknown>)[keyword] = list;
  }
  const name = $ref === undefined ? undefined : nameOfSchema(schema);
  if (name !== undefined) {
    if (open.includes(name)) return { schema, open };
    inside = [...open, name];
    parts.push(named(name));
  }
  parts.push(...allOf);
  let merged: Schema = own;
  for (const [index, part] of parts.slice(1).entries()) {
    const flat = flattenSchema(part, named, inside);
    inside = flat.open;
    // Back to a schema that is being written, and nothing besides.
    if (parts.length === 2 && Object.keys(own).length === 0 && isReference(flat.schema))
      return flat;
    const next = flat.schema === true ? merged : merge(merged, flat.schema);
    if (next === undefined) {
      const rest = parts.slice(index + 1).filter((each) => each !== true);
      return { schema: { ...merged, allOf: rest }, open: inside };
    }
    merged = next;
  }
  return { schema: merged, open: inside };
}

function isReference(schema: Any): boolean {
  return typeof schema === 'object' && schema.$ref !== undefined;
}

/** A schema or null, as one schema; undefined where the alternatives are others. */
function withNull(list: readonly Any[]): Schema | undefined {
  const rest = list.filter((one) => !isDeepStrictEqual(one, { type: 'null' }));
  const [only] = rest;
  if (list.length !== 2 || rest.length !== 1 || typeof only !== 'object') return undefined;
  if (only.type === undefined || only.enum !== undefined || 'const' in only) return undefined;
  return { ...only, type: [...new Set([only.type, 'null'].flat())] };
}

/** One schema that says what both say; undefined where there is none. The first one's words win. */
function merge(a: Schema, b: Any): Schema | undefined {
  if (b === false || isReference(b)) return undefined;
  const other = b as Schema;
  if (closes(a) && other.properties !== undefined && !isDeepStrictEqual(a, other)) return undefined;
  if (closes(other) && a.properties !== undefined && !isDeepStrictEqual(a, other)) return undefined;
  const merged: Record<string, unknown> = { ...a };
  for (const [keyword, value] of Object.entries(other)) {
    const mine = merged[keyword];
    if (mine === undefined || isDeepStrictEqual(mine, value)) merged[keyword] = mine ?? value;
    else if (ANNOTATION.test(keyword)) continue;
    else if (LOWER.test(keyword)) merged[keyword] = Math.max(mine as number, value as number);
    else if (UPPER.test(keyword)) merged[keyword] = Math.min(mine as number, value as number);
    else if (keyword === 'required')
      merged[keyword] = [...new Set([mine, value].flat() as string[])];
    else if (keyword === 'properties') merged[keyword] = mergeMaps(mine as never, value as never);
    else if (keyword === 'type') {
      const types = [mine].flat().filter((type) => [value].flat().includes(type));
      if (types.length === 0) return undefined;
      merged[keyword] = types;
    } else return undefined;
  }
  return merged;
}

function closes({
  additionalProperties,
  patternProperties,
  unevaluatedProperties,
}: Schema): boolean {
  return [
    additionalProperties ?? true,
    patternProperties ?? true,
    unevaluatedProperties ?? true,
  ].some((value) => value !== true);
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
