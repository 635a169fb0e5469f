import type { Contract, Schema } from '@sql-sessions/contract/model';
import type { Checker } from '../schemas/checker.ts';
import { finiteSchema } from '../schemas/finite.ts';
import { sampleValue } from '../schemas/sample.ts';
import type { Choice } from './engine.ts';

/** How often a value at random may break its schema before one is taken that does not. */
const ATTEMPTS = 5;

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
  const plain = () => judged(sampleValue(contract, schema, 'response'));
  const usual = dynamic ? undefined : plain();
  if (usual?.isSound) return usual;
  const finite = finiteSchema(contract, schema);
  if (!finite) return usual ?? plain();
  // Prism's generator knows patterns and more; it brings faker along, so it is loaded where it is needed.
  const { generate } = await import('./prism-generator.ts');
  const first = dynamic ? seed : 'mock';
  let made: ReturnType<typeof judged>;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const again = first === undefined || attempt === 0 ? first : `${first} ${attempt}`;
    made = judged(generate(finite, again));
    if (made?.isSound) return made;
    if (made === undefined) break;
  }
  return usual ?? plain() ?? made;
}
