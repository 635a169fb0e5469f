import type { Contract, Schema } from '@sql-sessions/contract/model';
import type { Checker } from '../schemas/checker.ts';
import { finiteSchema } from '../schemas/finite.ts';
import { sampleFinite, sampleValue } from '../schemas/sample.ts';
import type { Choice } from './engine.ts';

/** How often a value at random may break its schema before one is taken that does not. */
const ATTEMPTS = 5;
/** How often what is put together of two values is looked at before it is given up. */
const CHECKS = 1000;

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
  const finite = finiteSchema(contract, schema, (names, index) => {
    const made = generate(names, `name ${index}`);
    return made && String(made.value);
  });
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
    let left = CHECKS;
    const problems = (whole: unknown) => (left-- > 0 ? check(whole).length : 0);
    return judged({ value: mend(value, other, problems) });
  };
  const [wanted, other] = dynamic ? [made.value, plain.value] : [plain.value, made.value];
  const whole = mended(wanted, other);
  if (whole?.isSound) return whole;
  const reverse = made.isSound ? made : mended(other, wanted);
  return reverse?.isSound ? reverse : (whole ?? plain);
}

/** The value, with parts of another one in the place of those that break rules, or without them where it has none. */
function mend(value: unknown, other: unknown, problems: (value: unknown) => number): unknown {
  if (problems(value) === 0) return value;
  if (!isObject(value) || !isObject(other) || Array.isArray(value) !== Array.isArray(other)) {
    return problems(other) < problems(value) ? other : value;
  }
  const mended = Array.isArray(value) ? [...value] : { ...value };
  const parts = mended as Record<string, unknown>;
  for (const key of Object.keys(parts)) {
    const problemsWith = (part: unknown) => problems(withPart(mended, key, part));
    if (key in other) parts[key] = mend(parts[key], (other as typeof parts)[key], problemsWith);
    else if (!Array.isArray(value) && problems(without(mended, key)) < problems(mended))
      delete parts[key];
  }
  return problems(other) < problems(mended) ? other : mended;
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
