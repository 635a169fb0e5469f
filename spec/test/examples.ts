import type { ErrorObject } from 'ajv/dist/2020.js';
import {
  type Contract,
  type Example,
  readContract,
  type Schema,
  standaloneSchema,
} from '../src/model.ts';
import { createAjv } from './ajv.ts';

/** Validates every example of every body, parameter and header with Ajv and returns what is wrong with them. */
export function findBadExamples(document: object): { checked: number; wrong: string[] } {
  const contract = readContract(document);
  const ajv = createAjv({ allErrors: true, strict: false, verbose: true });
  const wrong: string[] = [];
  let checked = 0;
  for (const { schema, examples, sent } of exampleHolders(contract)) {
    const validate = ajv.compile(standaloneSchema(contract, schema ?? {}));
    for (const { pointer, value, externalValue } of examples) {
      if (externalValue !== undefined) continue;
      checked += 1;
      validate(value);
      const errors = (validate.errors ?? []).filter((error) => !travelsNot(error, sent));
      if (errors.length > 0) wrong.push(`${pointer}: ${ajv.errorsText(errors)}`);
    }
  }
  return { checked, wrong };
}

/** Requests do not carry what is read-only, responses not what is write-only, required or not (OpenAPI 3.1, Schema Object). */
function travelsNot({ keyword, params, parentSchema }: ErrorObject, sent = false): boolean {
  const field = parentSchema?.properties?.[params.missingProperty];
  return keyword === 'required' && field?.[sent ? 'readOnly' : 'writeOnly'] === true;
}

interface Holder {
  schema: Schema | undefined;
  examples: readonly Example[];
  /** Whether it is the body of a request. */
  sent?: boolean;
}

function* exampleHolders(contract: Contract): Generator<Holder> {
  for (const { parameters, requestBody, responses } of contract.operations) {
    yield* parameters;
    for (const media of requestBody?.content ?? []) yield { ...media, sent: true };
    for (const response of responses) {
      yield* response.headers;
      yield* response.content;
    }
  }
}
