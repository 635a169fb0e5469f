import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { ParameterModel } from './contract-model.ts';

const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

/** The printable ASCII characters that may stand in a value of the parameter, found by asking its schema. */
export function allowedCharacters(parameter: ParameterModel): string[] {
  const length = Math.max(1, parameter.schema.minLength ?? 1);
  return PRINTABLE.filter((character) => parameter.accepts(character.repeat(length)));
}

/**
 * A value that the contract allows and that names nothing: as long as allowed (up to 36 characters) and made from a
 * hash of `label`, so the same label gives the same value and no real id is ever hit.
 */
export function unguessableValue(parameter: ParameterModel, label: string): string {
  const { schema } = parameter;
  if (schema.type === 'integer' || schema.type === 'number') {
    return String(schema.maximum ?? schema.minimum ?? 1);
  }
  const hash = createHash('sha512').update(`${parameter.name} ${label}`).digest();
  const alphabet = allowedCharacters(parameter).filter((character) => /[a-z0-9]/.test(character));
  const length = Math.max(schema.minLength ?? 1, Math.min(schema.maxLength ?? 36, 36));
  const value = Array.from(
    { length },
    (_, index) => alphabet[(hash[index % hash.length] ?? 0) % alphabet.length],
  ).join('');
  if (alphabet.length > 1 && parameter.accepts(value)) return value;
  return sample(matching(parameter), hash.readInt32BE());
}

/** Values that the contract allows, of every allowed length. */
export function validValue(parameter: ParameterModel): fc.Arbitrary<string> {
  const { schema } = parameter;
  if (schema.type === 'integer' || schema.type === 'number') {
    return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1000 }).map(String);
  }
  const alphabet = allowedCharacters(parameter);
  if (alphabet.length === 0) return matching(parameter);
  return ofLength(alphabet, schema.minLength ?? 1, schema.maxLength ?? 36).filter(
    parameter.accepts,
  );
}

/** Strings over an alphabet; they shrink to its plainest letter. */
export function ofLength(alphabet: string[], min: number, max: number): fc.Arbitrary<string> {
  const plain = ['a', '0', ...alphabet].filter((character) => alphabet.includes(character));
  return fc
    .array(fc.constantFrom(...plain), { minLength: min, maxLength: max, size: 'max' })
    .map((characters) => characters.join(''));
}

function matching(parameter: ParameterModel): fc.Arbitrary<string> {
  const { pattern, maxLength = 36 } = parameter.schema;
  return fc
    .stringMatching(new RegExp(pattern ?? '^[a-z0-9]+$', 'u'), { maxLength })
    .filter(parameter.accepts);
}

function sample(arbitrary: fc.Arbitrary<string>, seed: number): string {
  const [value] = fc.sample(arbitrary, { seed, numRuns: 1 });
  if (value === undefined) throw new Error('The contract allows no value for a parameter.');
  return value;
}
