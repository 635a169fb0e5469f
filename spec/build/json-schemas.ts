import { type Contract, mapSubschemas, type Schema, standaloneSchema } from '../src/model.ts';

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
        ...withoutOpenApi(standaloneSchema(contract, schema)),
      },
    ]),
  );
}

/** The keywords of OpenAPI mean nothing to other validators, and strict ones refuse them. */
function withoutOpenApi(schema: Schema): Schema {
  const entries = Object.entries(schema).filter(
    ([keyword]) => !/^(discriminator|example|externalDocs|xml|x-.*)$/.test(keyword),
  );
  return mapSubschemas(Object.fromEntries(entries), (inner) =>
    typeof inner === 'boolean' ? inner : withoutOpenApi(inner),
  );
}
