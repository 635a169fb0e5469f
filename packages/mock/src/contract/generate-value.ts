import type { Contract, Schema } from '@sql-sessions/contract/model';
import type { Checker } from '../schemas/checker.ts';
import { finiteSchema } from '../schemas/finite.ts';
import { sampleValue } from '../schemas/sample.ts';
import type { Choice } from './engine.ts';

/**
 * Makes up a value of a schema of a response, as Prism does: from its defaults and types, or at random.
 * @returns undefined where none can be made
 */
export async function generateValue(
  contract: Contract,
  checker: Checker,
  schema: Schema,
  choice: Choice,
): Promise<{ value: unknown } | undefined> {
  const check = checker(schema, 'response');
  const plain = choice.dynamic ? undefined : sampleValue(contract, schema, 'response');
  if (plain && check(plain.value).length === 0) return plain;
  const finite = finiteSchema(contract, schema);
  if (!finite) return undefined;
  // Prism's generator knows patterns and more; it brings faker along, so it is loaded where it is needed.
  const { generate } = await import('./prism-generator.ts');
  const made = generate(finite, choice.dynamic ? choice.seed : 'mock');
  if (made && (choice.dynamic || check(made.value).length === 0)) return made;
  return plain ?? made;
}
