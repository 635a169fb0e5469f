import type { ParameterRow } from '@sql-sessions/contract/operations';

type Limits = ParameterRow['schema'];

const patterns = new Map<string, RegExp>();

/** Whether a value keeps the limits that the contract sets for a parameter. */
export function fits(value: unknown, schema: Limits): boolean {
  const types = schema.type ?? ['string', 'number', 'boolean', 'array', 'object'];
  if (![types].flat().some((type) => isOfType(value, type))) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (schema.const !== undefined && schema.const !== value) return false;
  if (schema.allOf?.some((one) => !fits(value, one))) return false;
  if (schema.anyOf && !schema.anyOf.some((one) => fits(value, one))) return false;
  if (typeof value === 'string') return isText(value, schema);
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
  if (typeof value !== 'object') return true;
  const members = value as Record<string, unknown>;
  return (
    (schema.required ?? []).every((name) => members[name] !== undefined) &&
    Object.entries(schema.properties ?? {}).every(
      ([name, inner]) => members[name] === undefined || fits(members[name], inner),
    )
  );
}

function isText(value: string, { minLength, maxLength, pattern }: Limits): boolean {
  if (!isWithin([...value].length, minLength, maxLength)) return false;
  if (pattern === undefined) return true;
  let compiled = patterns.get(pattern);
  if (!compiled) {
    compiled = new RegExp(pattern, 'u');
    patterns.set(pattern, compiled);
  }
  return compiled.test(value);
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
