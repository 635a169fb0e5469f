import { mapSubschemas, type Schema } from '@sql-sessions/contract/model';
import * as generator from '@stoplight/prism-http/dist/mocker/generator/JSONSchema.js';
import { sampleFinite } from '../schemas/sample.ts';

const { generate: prismGenerate } =
  'default' in generator ? (generator.default as typeof generator) : generator;

type Arguments = Parameters<typeof prismGenerate>;

/** Prism's generator of random values (JSON Schema Faker with faker). */
export function generate(schema: Schema, seed: string | undefined): { value: unknown } | undefined {
  const made = prismGenerate(
    {} as Arguments[0],
    {},
    withValues(schema) as unknown as Arguments[2],
    seed ?? String(Math.random()),
  );
  return made._tag === 'Right' ? { value: made.right } : undefined;
}

/** Keywords that ask for nothing. */
const ANNOTATION =
  /^(\$comment|\$defs|title|description|default|deprecated|examples?|readOnly|writeOnly|externalDocs|xml|x-(?!faker).*)$/;

/** A schema in which what asks for nothing has a value: the generator would take such a schema for the value. */
function withValues(schema: Schema): Schema {
  if (Object.keys(schema).every((keyword) => ANNOTATION.test(keyword)))
    return { const: sampleFinite(schema, 'response')?.value ?? null };
  // What is one of several schemas for a value says little by itself.
  return mapSubschemas(schema, (inner, keyword) =>
    typeof inner === 'boolean' || /^(allOf|anyOf|oneOf|not)$/.test(String(keyword))
      ? inner
      : withValues(inner),
  );
}
