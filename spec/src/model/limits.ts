import type { Contract, Schema } from './contract.ts';
import { followSchema, nameOfSchema } from './schemas.ts';

/** The part of a JSON Schema (2020-12) that a client checks before it sends a value; lengths count code points. */
export interface Limits
  extends Pick<
    Schema,
    | ('type' | 'enum' | 'const' | 'required')
    | ('minLength' | 'maxLength' | 'pattern' | 'minItems' | 'maxItems')
    | ('minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum')
  > {
  readonly items?: Limits;
  readonly properties?: Readonly<Record<string, Limits>>;
  readonly allOf?: readonly Limits[];
  readonly anyOf?: readonly Limits[];
}

const PLAIN =
  /^(type|enum|const|minLength|maxLength|pattern|minimum|maximum|exclusiveMinimum|exclusiveMaximum|minItems|maxItems|required)$/;

/** The limits of a schema, references followed; what contains itself is cut where it begins again. */
export function limitsOf(contract: Contract, schema: Schema, open: readonly string[] = []): Limits {
  const name = nameOfSchema(schema);
  if (name !== undefined && open.includes(name)) return {};
  const inside = name === undefined ? open : [...open, name];
  const read = (inner: unknown) =>
    typeof inner === 'object' && inner ? limitsOf(contract, inner as Schema, inside) : {};
  const { $ref, ...beside } = schema;
  if ($ref !== undefined) {
    const target = read(followSchema(contract, { $ref }));
    const own = read(beside);
    return Object.keys(own).length === 0
      ? target
      : { ...own, allOf: [target, ...(own.allOf ?? [])] };
  }
  const { items, properties, allOf, oneOf, anyOf = oneOf } = schema;
  return {
    ...Object.fromEntries(Object.entries(schema).filter(([key]) => PLAIN.test(key))),
    ...(items !== undefined && { items: read(items) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, inner]) => [key, read(inner)]),
      ),
    }),
    ...(allOf && { allOf: allOf.map(read) }),
    ...(anyOf && { anyOf: anyOf.map(read) }),
  };
}

/** Whether a value may be a list or an object, as far as the schema says. */
export function mayBeStructured(contract: Contract, schema: Schema): boolean {
  const inLimits = ({ type, enum: values, const: value, allOf, anyOf }: Limits): boolean => {
    if (type !== undefined) return [type].flat().some((one) => /^(array|object)$/.test(one));
    const known = values ?? (value === undefined ? undefined : [value]);
    if (known) return known.some((one) => typeof one === 'object' && one !== null);
    if (anyOf) return anyOf.some(inLimits);
    return allOf ? allOf.every(inLimits) : true;
  };
  return inLimits(limitsOf(contract, schema));
}
