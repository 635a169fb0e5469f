import type { CheckContext } from '../run/check-context.ts';
import { pathParameters, refusalsOf } from '../run/operations.ts';
import type { CallOptions } from '../run/request-of.ts';
import type { Subject } from '../setup/setup.ts';

/** What a wrong request is tried on: a live subject where the setup has one, ids that nobody has otherwise. */
export interface Ground {
  readonly subject: Subject | undefined;
  readonly options: CallOptions;
  /** Statuses for a request that breaks a rule. On unknown ids a server may look for the subject first. */
  readonly refusals: readonly number[];
}

export async function findGround(context: CheckContext): Promise<Ground> {
  const subject = await context.liveIfAny();
  const settled = subject !== undefined || pathParameters(context.operation).length === 0;
  const refusals = refusalsOf(context.operation);
  return {
    subject,
    options: onto(subject),
    refusals: settled ? refusals : [...refusals, context.usual],
  };
}

/** The call on a subject. */
export function onto(subject: Subject | undefined): CallOptions {
  if (!subject) return {};
  return { params: subject.params, ...(subject.body !== undefined && { json: subject.body }) };
}
