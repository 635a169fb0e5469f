import { type Contract, nameOfSchema, type Schema } from '@sql-sessions/contract/model';
import { merge } from 'allof-merge';

type Condition = Readonly<Partial<Record<'if' | 'then' | 'else', Schema | boolean>>>;

/** A schema without `$ref` and `allOf` at its top: what all of its parts demand together. */
export interface Flat extends Schema {
  readonly oneOfs: readonly (readonly (Schema | boolean)[])[];
  readonly anyOfs: readonly (readonly (Schema | boolean)[])[];
  readonly ifs: readonly Condition[];
  readonly nots: readonly (Schema | boolean)[];
  readonly dependentSchemas?: Readonly<Record<string, Schema | boolean>>;
}

/** Keywords whose values are schemas by name: those of all parts hold. */
const MAPS = ['properties', 'patternProperties', 'dependentSchemas'] as const;
/** Keywords whose value is a schema or a list of them. */
const NESTED = [
  ...['items', 'additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'contains'],
  ...['contentSchema', 'prefixItems', 'propertyNames'],
];
const CHOICES = ['oneOf', 'anyOf', 'if', 'then', 'else', 'not', '$ref', 'allOf', '$defs'];

/**
 * Puts a schema together from its `$ref` and `allOf`. Fields that several parts describe become an `allOf` of their
 * own, so that nothing is followed deeper than it is shown.
 */
export function flatten(contract: Contract, schema: Schema | boolean): Flat {
  const known = typeof schema === 'object' ? done.get(schema) : undefined;
  if (known) return known;
  const flat = put(contract, schema);
  if (typeof schema === 'object') done.set(schema, flat);
  return flat;
}

const done = new WeakMap<Schema, Flat>();

function put(contract: Contract, schema: Schema | boolean): Flat {
  const parts = partsOf(contract, schema, new Set());
  const plain = parts.map((part) =>
    Object.fromEntries(
      Object.entries(part).filter(
        ([keyword]) => ![...MAPS, ...NESTED, ...CHOICES].includes(keyword),
      ),
    ),
  );
  // Limits that contradict each other cannot be merged; the outermost is shown then.
  const limits = (
    plain.length === 1
      ? plain[0]
      : (merge({ allOf: plain }) ?? Object.assign({}, ...plain.reverse()))
  ) as Schema;
  const annotations = ['title', 'description', 'default'].flatMap((keyword) => {
    const said = parts.find((part) => part[keyword] !== undefined);
    return said ? [[keyword, said[keyword]]] : [];
  });
  const maps = MAPS.map((keyword) => {
    const all = new Map<string, (Schema | boolean)[]>();
    for (const part of parts) {
      for (const [name, each] of Object.entries((part[keyword] ?? {}) as object)) {
        all.set(name, [...(all.get(name) ?? []), each]);
      }
    }
    return [keyword, Object.fromEntries([...all].map(([name, list]) => [name, allOf(list)]))];
  });
  const nested = NESTED.flatMap((keyword) => {
    const found = parts.filter((part) => part[keyword] !== undefined).map((part) => part[keyword]);
    if (found.length === 0) return [];
    return [[keyword, keyword === 'prefixItems' ? found[0] : allOf(found as Schema[])]];
  });
  const list = (keyword: 'oneOf' | 'anyOf') =>
    parts.flatMap((part) => (part[keyword] ? [part[keyword]] : []));
  return {
    ...limits,
    ...Object.fromEntries([...annotations, ...maps, ...nested]),
    oneOfs: list('oneOf'),
    anyOfs: list('anyOf'),
    ifs: parts.filter((part) => part.if !== undefined) as Condition[],
    nots: parts.flatMap((part) => (part.not === undefined ? [] : [part.not])),
  };
}

/**
 * What a schema that comes round to itself is known by: the name that it refers to, be it by `allOf`, beside which nothing
 * has parts of its own; or itself, where it is put together from several.
 */
export function identityOf(schema: Schema | boolean): string | Schema | undefined {
  if (typeof schema === 'boolean') return undefined;
  const { allOf = [], ...own } = schema;
  const name = nameOfSchema(schema);
  if (name !== undefined || allOf.length === 0) return name;
  const parts = allOf.filter(hasParts);
  const [only] = hasParts(own) || parts.length > 1 ? [] : parts.map(identityOf);
  return typeof only === 'string' ? only : schema;
}

function hasParts(schema: Schema | boolean): boolean {
  return Object.keys(Object(schema)).some((keyword) =>
    /^(\$ref|properties|patternProperties|additionalProperties|items|prefixItems|(all|any|one)Of)$/.test(
      keyword,
    ),
  );
}

/** The schema and what its `$ref` and its `allOf` lead to; outermost first. */
function partsOf(contract: Contract, schema: Schema | boolean, seen: Set<string>): Schema[] {
  if (typeof schema === 'boolean') return schema ? [] : [{ not: {} }];
  const name = nameOfSchema(schema);
  const target =
    name === undefined || seen.has(name)
      ? []
      : partsOf(contract, named(contract, name), new Set([...seen, name]));
  return [
    schema,
    ...target,
    ...(schema.allOf ?? []).flatMap((part) => partsOf(contract, part, seen)),
  ];
}

function named(contract: Contract, name: string): Schema {
  return contract.schemas.find((each) => each.name === name)?.schema ?? {};
}

function allOf(list: readonly (Schema | boolean)[]): Schema | boolean {
  const [only] = list;
  return list.length === 1 && only !== undefined ? only : { allOf: list };
}
