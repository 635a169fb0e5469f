import { encodePointer } from '@cfworker/json-schema';
import type { Contract, Schema } from '@sql-sessions/contract/model';
import type { Checker } from '../schemas/checker.ts';
import { finiteSchema } from '../schemas/finite.ts';
import { sampleFinite, sampleValue } from '../schemas/sample.ts';
import type { Choice } from './engine.ts';

/** How often a value at random may break its schema before one is taken that does not. */
const ATTEMPTS = 5;
/** How often what is put together of two values is looked at before it is given up, and how many characters of it. */
const MOST = { looks: 1000, characters: 500_000 };

/**
 * Makes up a value of a schema of a response, as Prism does: from its defaults and types, or at random. One that breaks the
 * schema is the last resort.
 * @returns the value, and whether it keeps the schema; undefined where none can be made
 */
export async function generateValue(
  contract: Contract,
  checker: Checker,
  schema: Schema,
  { dynamic, seed }: Choice,
): Promise<{ value: unknown; isSound: boolean } | undefined> {
  const check = checker(schema, 'response');
  const judged = (made: { value: unknown } | undefined) =>
    made && { ...made, isSound: check(made.value).length === 0 };
  const usual = dynamic ? undefined : judged(sampleValue(contract, schema, 'response'));
  if (usual?.isSound) return usual;
  // Prism's generator knows patterns and more; it brings faker along, so it is loaded where it is needed.
  const { generate } = await import('./prism-generator.ts');
  const text = (wanted: Schema, index: number) => {
    const made = generate({ ...wanted, type: 'string' }, `text ${index}`);
    return made && String(made.value);
  };
  const finite = finiteSchema(contract, schema, dynamic ? { name: text } : { name: text, text });
  if (!finite) return usual;
  const sampled = () => judged(sampleFinite(finite, 'response'));
  const named = dynamic ? undefined : sampled();
  if (named?.isSound) return named;
  const first = dynamic ? seed : 'mock';
  let made: ReturnType<typeof judged>;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const again = first === undefined || attempt === 0 ? first : `${first} ${attempt}`;
    made = judged(generate(finite, again));
    if (made?.isSound || made === undefined) break;
  }
  if (dynamic && made?.isSound) return made;
  const plain = named ?? sampled();
  if (!made || !plain) return plain ?? made;
  const mended = (value: unknown, other: unknown) => {
    let left = Math.min(MOST.looks, MOST.characters / JSON.stringify(value).length);
    const problems = (whole: unknown) => (left-- > 0 ? check(whole) : []);
    return judged({ value: mend(value, other, problems) });
  };
  const [wanted, other] = dynamic ? [made.value, plain.value] : [plain.value, made.value];
  const whole = mended(wanted, other);
  if (whole?.isSound) return whole;
  const reverse = made.isSound ? made : mended(other, wanted);
  return reverse?.isSound ? reverse : (whole ?? plain);
}

/**
 * The value, with parts of another one in the place of those that break rules, or without them where it has none.
 * @param problems of the whole, with a value in the place of the one at `at`: each line begins with its own place
 */
function mend(
  value: unknown,
  other: unknown,
  problems: (value: unknown) => string[],
  at = '',
): unknown {
  const count = (one: unknown) => problems(one).length;
  const lines = problems(value);
  if (lines.length === 0) return value;
  if (!isObject(value) || !isObject(other) || Array.isArray(value) !== Array.isArray(other)) {
    return count(other) < lines.length ? other : value;
  }
  const mended = Array.isArray(value) ? [...value] : { ...value };
  const parts = mended as Record<string, unknown>;
  const placeOf = (key: string) => [at, encodePointer(key)].filter(Boolean).join('/');
  const here = lines.filter((line) => at === '' || isAt(line, at));
  // What is wrong with it as a whole may be wrong with any of its parts.
  const whole = here.some((line) => !Object.keys(parts).some((key) => isAt(line, placeOf(key))));
  for (const key of Object.keys(parts)) {
    const place = placeOf(key);
    if (!whole && !here.some((line) => isAt(line, place))) continue;
    const problemsWith = (part: unknown) => problems(withPart(mended, key, part));
    if (key in other)
      parts[key] = mend(parts[key], (other as typeof parts)[key], problemsWith, place);
    else if (!Array.isArray(value) && count(without(mended, key)) < count(mended))
      delete parts[key];
  }
  return count(other) < count(mended) ? other : mended;
}

function isAt(line: string, place: string): boolean {
  return line.startsWith(place) && /[ /]/.test(line.charAt(place.length));
}

function withPart(whole: object, key: string, part: unknown): unknown {
  return Array.isArray(whole)
    ? whole.map((one, index) => (String(index) === key ? part : one))
    : { ...whole, [key]: part };
}

function without(whole: object, key: string): object {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
