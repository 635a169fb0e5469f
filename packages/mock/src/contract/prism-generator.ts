import type { Schema } from '@sql-sessions/contract/model';
import * as generator from '@stoplight/prism-http/dist/mocker/generator/JSONSchema.js';

const { generate: prismGenerate } =
  'default' in generator ? (generator.default as typeof generator) : generator;

type Arguments = Parameters<typeof prismGenerate>;

/** Prism's generator of random values (JSON Schema Faker with faker). */
export function generate(schema: Schema, seed: string | undefined): { value: unknown } | undefined {
  const made = prismGenerate(
    {} as Arguments[0],
    {},
    schema as unknown as Arguments[2],
    seed ?? String(Math.random()),
  );
  return made._tag === 'Right' ? { value: made.right } : undefined;
}
