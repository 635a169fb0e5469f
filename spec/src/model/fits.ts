import type { Limits } from './limits.ts';

/** Whether a value is acceptable for a parameter. */
export type Accepts = (value: unknown) => boolean;

/** Texts alone: what most parameters are. Lengths count code points. */
export const isText = (minLength = 0, maxLength = Infinity, pattern?: string): Accepts => {
  const compiled = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  return (value) =>
    typeof value === 'string' &&
    isWithin([...value].length, minLength, maxLength) &&
    (!compiled || compiled.test(value));
};

/** Whatever a schema allows. */
export const matches =
  (schema: Limits): Accepts =>
  (value) =>
    fits(value, schema);

const patterns = new Map<string, Accepts>();

function fits(value: unknown, schema: Limits): boolean {
  const types = schema.type ?? ['string', 'number', 'boolean', 'array', 'object'];
  if (![types].flat().some((type) => isOfType(value, type))) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (schema.const !== undefined && schema.const !== value) return false;
  if (schema.allOf?.some((one) => !fits(value, one))) return false;
  if (schema.anyOf && !schema.anyOf.some((one) => fits(value, one))) return false;
  if (typeof value === 'string') {
    const { minLength, maxLength, pattern } = schema;
    const key = JSON.stringify([minLength, maxLength, pattern]);
    const accepts = patterns.get(key) ?? isText(minLength, maxLength, pattern);
    patterns.set(key, accepts);
    return accepts(value);
  }
  if (typeof value === 'number') {
    return (
      value >= (schema.minimum ?? -Infinity) &&
      value <= (schema.maximum ?? Infinity) &&
      value > (schema.exclusiveMinimum ?? -Infinity) &&
      value < (schema.exclusiveMaximum ?? Infinity)
    );
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return (
      isWithin(value.length, schema.minItems, schema.maxItems) &&
      (!items || value.every((one) => fits(one, items)))
    );
  }
  if (typeof value !== 'object' || !value) return true;
  // What `Object.prototype` has is no member.
  const members = new Map(Object.entries(value));
  return (
    (schema.required ?? []).every((name) => members.get(name) !== undefined) &&
    Object.entries(schema.properties ?? {}).every(
      ([name, inner]) => members.get(name) === undefined || fits(members.get(name), inner),
    )
  );
}

function isWithin(size: number, least = 0, most = Infinity): boolean {
  return size >= least && size <= most;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type && value !== null && !Array.isArray(value);
  }
}
