import { createHash } from 'node:crypto';
import { type Parameter, writeParameter } from '@sql-sessions/contract/model';
import fc from 'fast-check';
import { acceptsText } from './read-text.ts';
import { sampleValid } from './sample.ts';
import type { Schemas } from './schemas.ts';

const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const LONGEST = 36;

/** The printable ASCII characters that a value of the parameter can consist of, found by asking its schema. */
export function allowedCharacters(schemas: Schemas, parameter: Parameter): string[] {
  return schemas.once(parameter.schema, 'characters', () => {
    const { minLength = 1 } = schemas.flatten(parameter.schema);
    return PRINTABLE.filter((character) =>
      acceptsText(schemas, parameter, character.repeat(Math.max(1, minLength))),
    );
  });
}

/**
 * A value that the contract allows and that names nothing: as long as allowed (up to 36 characters) and made from a
 * hash of `label`, so the same label gives the same value. Where the schema leaves no room for that (an integer, an
 * enum), the longest of a few values that it allows; undefined where none is found.
 */
export function unguessableValue(schemas: Schemas, parameter: Parameter, label: string): unknown {
  const hash = createHash('sha512').update(`${parameter.name} ${label}`).digest();
  if (isText(schemas, parameter)) {
    const alphabet = allowedCharacters(schemas, parameter).filter((one) => /[a-z0-9]/.test(one));
    const { minLength = 1, maxLength = LONGEST } = schemas.flatten(parameter.schema);
    const length = Math.max(minLength, Math.min(maxLength, LONGEST));
    const value = Array.from(
      { length },
      (_, index) => alphabet[(hash[index % hash.length] ?? 0) % alphabet.length],
    ).join('');
    if (alphabet.length > 1 && schemas.accepts(parameter.schema, value)) return value;
  }
  const values = sampleValid(schemas, parameter.schema, hash.readInt32BE(), 12).filter(
    // An empty segment would be another path.
    (one) => parameter.in !== 'path' || /[^.;=,]/.test(writeParameter(parameter, one)),
  );
  const [longest] = values.toSorted((left, right) => lengthOf(right) - lengthOf(left));
  return longest ?? schemas.validExamples(parameter)[0];
}

function lengthOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}

/** Whether the parameter is a plain text, so that it can be tried character by character. */
export function isText(schemas: Schemas, { schema, mediaType, style }: Parameter): boolean {
  const { type, enum: values, const: constant } = schemas.flatten(schema);
  const plain = mediaType === undefined && (style === 'simple' || style === 'form');
  return type === 'string' && values === undefined && constant === undefined && plain;
}

/** Values that the contract allows and that are wanted, of every allowed length; undefined where none is found. */
export function validText(
  schemas: Schemas,
  parameter: Parameter,
  isWanted: (text: string) => boolean,
): fc.Arbitrary<string> | undefined {
  const { minLength = 1, maxLength = LONGEST } = schemas.flatten(parameter.schema);
  const alphabet = allowedCharacters(schemas, parameter);
  if (alphabet.length > 0) {
    const texts = ofLength(alphabet, minLength, Math.min(maxLength, 200));
    const some = only(texts, (one) => isWanted(one) && schemas.accepts(parameter.schema, one));
    if (some) return some;
  }
  const values = sampleValid(schemas, parameter.schema, 1, 20).map((value) => `${value}`);
  const found = values.filter(isWanted);
  return found.length > 0 ? fc.constantFrom(...found) : undefined;
}

/**
 * The values that are wanted; undefined where there is none among the first, as looking for one could have no end.
 * Where few are, one of them stands for all others.
 */
export function only<T>(
  values: fc.Arbitrary<T>,
  isWanted: (value: T) => boolean,
): fc.Arbitrary<T> | undefined {
  const first = fc.sample(values, { seed: 1, numRuns: 100 }).find(isWanted);
  if (first === undefined) return undefined;
  return values.map((value) => (isWanted(value) ? value : first));
}

/** Strings over an alphabet; they shrink to its plainest letter. */
export function ofLength(
  alphabet: readonly string[],
  min: number,
  max: number,
): fc.Arbitrary<string> {
  const plain = ['a', '0', ...alphabet].filter((character) => alphabet.includes(character));
  return fc
    .array(fc.constantFrom(...plain), { minLength: min, maxLength: max, size: 'max' })
    .map((characters) => characters.join(''));
}
