import { readContract, type Schema, standaloneSchema } from '@sql-sessions/contract/model';
import document from '@sql-sessions/contract/openapi.json' with { type: 'json' };
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** The contract that this server keeps. */
export const contract = readContract(document);

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** Compiles a schema of the contract, or one of our own that has some of the contract's inside. */
export function compile<T>(schema: Schema): ValidateFunction<T> {
  return ajv.compile<T>(standaloneSchema(contract, schema));
}
