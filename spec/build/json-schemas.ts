import { type Contract, standaloneSchema } from '../src/model.ts';

/**
 * Each component schema as a JSON Schema (2020-12) that stands alone: what it refers to travels with it
 * in `$defs`, so any validator can compile the one file.
 */
export function toJsonSchemas(contract: Contract): Map<string, object> {
  const components = contract.schemas.filter(({ component }) => component);
  return new Map(
    components.map(({ name, schema }) => [
      name,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: name,
        ...standaloneSchema(contract, schema),
      },
    ]),
  );
}
