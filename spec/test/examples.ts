import { Ajv2020 } from 'ajv/dist/2020.js';
import { dereference, type LooseDocument } from './contract.ts';

/** Validates every example of every body and parameter with Ajv and returns what is wrong with them. */
export function findBadExamples(contract: LooseDocument): { checked: number; wrong: string[] } {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  const wrong: string[] = [];
  let checked = 0;
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { schema, examples, example } = node as Record<string, unknown>;
    if (schema !== undefined) {
      const values = Object.entries((examples ?? {}) as Record<string, { value: unknown }>);
      const all = [
        ...values.map(([name, { value }]) => [name, value]),
        ...(example === undefined ? [] : [['example', example]]),
      ];
      const validate = ajv.compile(schema as object);
      for (const [name, value] of all) {
        checked += 1;
        if (!validate(value)) wrong.push(`${path} ${name}: ${ajv.errorsText(validate.errors)}`);
      }
    }
    for (const [key, value] of Object.entries(node)) visit(value, `${path}/${key}`);
  };
  visit(dereference(contract).paths, '');
  return { checked, wrong };
}
