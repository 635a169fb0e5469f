import type { Contract, Direction, Schema } from '@sql-sessions/contract/model';
import { sample } from '@stoplight/json-schema-sampler';
import { finiteSchema } from './finite.ts';

/** A value made from the defaults, examples and types of a schema, always the same; undefined where there is none. */
export function sampleValue(
  contract: Contract,
  schema: Schema,
  direction: Direction,
): { value: unknown } | undefined {
  const finite = finiteSchema(contract, schema);
  return finite && sampleFinite(finite, direction);
}

/** The same for a schema that `finiteSchema` made. */
export function sampleFinite(finite: Schema, direction: Direction): { value: unknown } | undefined {
  const hidden = direction === 'request' ? { skipReadOnly: true } : { skipWriteOnly: true };
  try {
    const options = { ticks: 100_000, maxSampleDepth: 100, quiet: true, ...hidden };
    const text = JSON.stringify(sample(finite as object, options, finite));
    return text === undefined ? undefined : { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
