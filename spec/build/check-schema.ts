import type { UserContext } from '@redocly/openapi-core';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { mapSubschemas, type Schema } from '../src/model.ts';

const ajv = new Ajv2020({
  strict: false,
  validateFormats: false,
  allErrors: true,
  logger: false,
  // 19.99 is a multiple of 0.01, whatever the platform's arithmetic says.
  multipleOfPrecision: 9,
});

/** What Redocly's rule `struct` does not know of JSON Schema: it knows types. */
const NOT_TYPES = /^(minItems|uniqueItems|exclusiveMinimum)$/;

/** Looks at the keywords of a schema by the published schema of JSON Schema, and at its default by the keywords. */
export function checkSchema(schema: object, { location, report }: UserContext): void {
  // It is held against 2020-12, whatever it calls itself.
  const { $schema: _, ...own } = mapSubschemas(schema as Schema, () => true);
  ajv.validateSchema(own);
  for (const { keyword, instancePath, message } of ajv.errors ?? []) {
    if (!NOT_TYPES.test(keyword)) continue;
    const keys = instancePath.slice(1).split('/');
    report({
      message: `\`${keys.join('/')}\` ${message}, as JSON Schema has it.`,
      location: location.child(keys),
    });
  }
  const [first] = own.default === undefined ? [] : errorsOf(own);
  if (first)
    report({
      message: `The default${first.instancePath} ${first.message}: it has to be valid by its own schema.`,
      location: location.child('default'),
    });
}

/**
 * What the keywords of the schema itself say of its default, and nothing where they cannot be read. A request need not have
 * what is required and read-only.
 */
function errorsOf({
  $ref,
  not,
  oneOf,
  required,
  discriminator,
  ...schema
}: Schema): readonly ErrorObject[] {
  try {
    const validate = ajv.compile(schema);
    return validate(schema.default) ? [] : (validate.errors ?? []);
  } catch {
    return [];
  }
}
