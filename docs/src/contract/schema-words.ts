import { type Contract, nameOfSchema, type Schema } from '@sql-sessions/contract/model';
import { type Flat, flatten, identityOf } from './flatten.ts';

/** The type in words: `string`, `integer or null`, `list of Item`, `map of integer`. */
export function typeOf(
  contract: Contract,
  schema: Schema | boolean,
  open: readonly (string | Schema)[] = [],
): string {
  const own = identityOf(schema);
  if (own !== undefined && (open.includes(own) || open.length > DEEPEST))
    return typeof own === 'string' ? own : ANY;
  const trail = own === undefined ? open : [...open, own];
  const flat = flatten(contract, schema);
  const words = (part: Schema | boolean) => {
    const inner = typeof part === 'boolean' ? undefined : nameOfSchema(part);
    const type = typeOf(contract, part, trail);
    return inner !== undefined && /object|list|map| or |any value/.test(type) ? inner : type;
  };
  if (flat.const !== undefined) return JSON.stringify(flat.const);
  const types = [flat.type ?? []].flat();
  const choices = [...flat.oneOfs, ...flat.anyOfs].flat();
  if (choices.length > 0 && !types.includes('object')) {
    // What an alternative leaves open, the whole says.
    const whole = types.map((type) => typeWord(type, flat, words)).join(' or ') || ANY;
    const all = [...new Set(choices.map(words).map((each) => (each === ANY ? whole : each)))];
    return all.length > 6 ? `one of ${all.length} alternatives` : all.join(' or ');
  }
  if (types.length === 0) {
    if (flat.nots.some((not) => typeof not === 'object' && Object.keys(not).length === 0)) {
      return 'nothing';
    }
    if ([Object.keys(flat.properties ?? {}), flat.required ?? []].flat().length > 0)
      types.push('object');
    if (flat.enum) types.push(...new Set(flat.enum.map(jsonType)));
  }
  return types.map((type) => typeWord(type, flat, words)).join(' or ') || ANY;
}

const ANY = 'any value';
/** Schemas inside one another that are told. */
const DEEPEST = 8;

function typeWord(type: string, flat: Flat, words: (schema: Schema | boolean) => string): string {
  const { items, prefixItems, additionalProperties, contentMediaType, format } = flat;
  if (type === 'array' && !prefixItems && items !== undefined && items !== false)
    return `list of ${words(items)}`;
  if (type === 'array') return 'list';
  const open = Object.keys(flat.properties ?? {}).length === 0;
  if (type === 'object' && open && typeof additionalProperties === 'object') {
    return `map of ${words(additionalProperties)}`;
  }
  return type === 'string' && (format === 'binary' || /octet-stream/.test(String(contentMediaType)))
    ? 'binary'
    : type;
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** What the schema demands beyond the type, one short phrase each. */
export function factsOf(contract: Contract, flat: Flat): string[] {
  const json = (value: unknown) => JSON.stringify(value);
  const said: (string | false | undefined)[] = [
    flat.readOnly && 'read-only: only in responses',
    flat.writeOnly && 'write-only: only in requests',
    range(flat.minLength, flat.maxLength, 'character'),
    range(flat.minItems, flat.maxItems, 'item'),
    flat.uniqueItems && 'no duplicates',
    flat.contains !== undefined &&
      `contains ${range(Number(flat.minContains ?? 1), flat.maxContains as number | undefined, 'item')}${Object.keys(flat.contains as Schema).length > 0 ? ' as below' : ''}`,
    (flat.items === false || flat.unevaluatedItems === false) && 'no other items',
    range(flat.minProperties, flat.maxProperties, 'field'),
    (flat.additionalProperties === false || flat.unevaluatedProperties === false) &&
      'no other fields',
    flat.propertyNames !== undefined && namesAs(contract, flat.propertyNames as Schema),
    // What a part of a schema asks for may be described by the whole.
    ...(flat.required ?? [])
      .filter((name) => !Object.hasOwn(flat.properties ?? {}, name))
      .map((name) => `${name} must be there`),
    ...Object.entries((flat.dependentRequired ?? {}) as Record<string, string[]>).map(
      ([name, others]) =>
        others.length > 0 && `with ${name}, ${others.join(' and ')} must be there`,
    ),
    flat.minimum !== undefined && `at least ${flat.minimum}`,
    flat.exclusiveMinimum !== undefined && `more than ${flat.exclusiveMinimum}`,
    flat.maximum !== undefined && `at most ${flat.maximum}`,
    flat.exclusiveMaximum !== undefined && `less than ${flat.exclusiveMaximum}`,
    flat.multipleOf !== undefined && `a multiple of ${flat.multipleOf}`,
    flat.format !== undefined && `format ${flat.format}`,
    flat.contentEncoding !== undefined && `encoded as ${flat.contentEncoding}`,
    flat.contentMediaType !== undefined && `content ${flat.contentMediaType}`,
    flat.enum && `one of ${flat.enum.map(json).join(', ')}`,
    flat.pattern !== undefined && `matches ${flat.pattern}`,
    flat.default !== undefined && `default ${json(flat.default)}`,
  ];
  return said.filter((fact) => typeof fact === 'string' && fact !== '') as string[];
}

/** What the names of fields must be. Names are strings. */
function namesAs(contract: Contract, schema: Schema | boolean): string {
  const type = typeOf(contract, schema);
  const { propertyNames: _, ...flat } = flatten(contract, schema);
  const said = [type === ANY || type === 'string' ? '' : type, ...factsOf(contract, flat)];
  return said.some(Boolean) ? `names: ${said.filter(Boolean).join(', ')}` : '';
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  const plural = (count: number) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  if (least !== undefined && most !== undefined)
    return least === most ? `exactly ${plural(most)}` : `${least} to ${plural(most)}`;
  if (least !== undefined) return `at least ${plural(least)}`;
  if (most === undefined) return '';
  return most === 0 ? `no ${unit}s` : `at most ${plural(most)}`;
}
