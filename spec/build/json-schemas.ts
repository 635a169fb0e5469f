import { type Contract, type Schema, standaloneSchema } from '../src/model.ts';

/** Each component schema as a JSON Schema (2020-12) that stands alone, so that any validator can compile the one file. */
export function toJsonSchemas(contract: Contract): Map<string, Schema> {
  return new Map(
    contract.schemas
      .filter(({ component }) => component)
      .map(({ name, schema }) => [
        name,
        {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          title: name,
          ...standaloneSchema(contract, schema),
        },
      ]),
  );
}
