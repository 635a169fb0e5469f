import {
  type Contract,
  exampleRequest as example,
  type Operation,
} from '@sql-sessions/contract/model';
import { sampleValue } from '../schemas/sample.ts';

/** A request to copy: what the contract asks for, with its example values. */
export interface ExampleRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names as the contract writes them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/**
 * Parameters are left out where they need not be there; credentials are filled in with a placeholder.
 */
export function exampleRequest(contract: Contract, operation: Operation): ExampleRequest {
  const { method, target, headers, body } = example(
    operation,
    (schema) => sampleValue(contract, schema, 'request')?.value,
  );
  return { method, target, headers: Object.fromEntries(headers), body: body?.text ?? null };
}
