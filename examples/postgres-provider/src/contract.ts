import { readContract, type Schema, standaloneSchema } from '@sql-sessions/contract/model';
import document from '@sql-sessions/contract/openapi.json' with { type: 'json' };
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** The contract that this server keeps. */
export const contract = readContract(document);

const ajv = new Ajv2020({ strict: false, validateFormats: false });

const ajvOfTexts = new Ajv2020({ strict: false, validateFormats: false, coerceTypes: true });

/** A check of values that arrive as texts, in a path, a query or a header: `true` and `7` are what the schema calls them. */
export function compileText(schema: Schema): (text: unknown) => boolean {
  const wrapped = standaloneSchema(contract, { type: 'object', properties: { value: schema } });
  const keeps = ajvOfTexts.compile(wrapped);
  return (value) => keeps({ value });
}

/** Compiles a schema of the contract, or one of our own that has some of the contract's inside. */
export function compile<T>(schema: Schema): ValidateFunction<T> {
  return ajv.compile<T>(standaloneSchema(contract, schema));
}
