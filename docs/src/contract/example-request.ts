import type { Operation } from './reference-model.ts';
import { MOCK_ADDRESS, type SampleRequest } from './samples.ts';

/** The request that the samples start with: the contract's own examples, sent to the mock. */
export function exampleRequest(operation: Operation): SampleRequest {
  const values = operation.parameters
    .filter(({ required }) => required)
    .map(({ name, type, example }) => [name, typed(type, example)]);
  const body = operation.body?.required ? operation.body.examples[0]?.value : undefined;
  return {
    baseUrl: MOCK_ADDRESS,
    values: Object.fromEntries(values),
    token: operation.security.some((names) => names.length > 0),
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

function typed(type: string, example: string): string | number | boolean {
  if (type === 'integer' || type === 'number') return Number(example);
  return type === 'boolean' ? example === 'true' : example;
}
