import { type Capability, type Check, CheckFailure, NotExercised } from './check.ts';
import { CheckContext } from './check-context.ts';
import type { OperationModel } from './contract/contract-model.ts';
import type { KnownDeparture } from './known-departures.ts';
import type { CheckReport, Outcome } from './report/report.ts';
import { toFinding } from './report/to-finding.ts';
import type { Secrets } from './secrets.ts';
import type { Setup } from './setup.ts';
import type { Traffic } from './traffic.ts';

export interface CheckRun {
  readonly check: Check;
  readonly operation: OperationModel;
}

export interface RunCheckOptions {
  readonly traffic: Traffic;
  readonly setup: Setup;
  readonly secrets: Secrets;
  readonly seed: number;
  readonly runs: number;
  readonly known: readonly KnownDeparture[];
}

/** Tries one check on one operation. Never rejects: whatever happens is an outcome. */
export async function runCheck(
  { check, operation }: CheckRun,
  { traffic, setup, secrets, seed, runs, known }: RunCheckOptions,
): Promise<CheckReport> {
  const start = performance.now();
  const sentBefore = traffic.sent;
  const context = new CheckContext(traffic, { operation, setup, id: check.id, seed, runs });
  let reason = traffic.interrupted ? 'the run was interrupted' : missing(check, setup);
  if (reason === '') reason = await attempt(check, context);
  const { failures } = context;
  if (failures.some(({ exchange }) => exchange?.failure !== undefined)) {
    await traffic.survived(operation).catch(() => undefined);
  }

  let outcome: Outcome =
    failures.length > 0 ? 'failed' : reason === '' ? 'passed' : 'not-exercised';
  const departure = known.find(
    (one) => one.check === check.id && (one.operation ?? operation.id) === operation.id,
  );
  if (departure && outcome === 'failed') outcome = 'known';
  else if (departure && outcome === 'passed') {
    outcome = 'failed';
    failures.push(
      new CheckFailure('this is listed as a known departure and passes now: take it off the list'),
    );
  }
  return {
    id: check.id,
    operation: operation.id,
    group: check.group,
    sentence: check.sentence,
    source: check.source(operation),
    outcome,
    reason:
      outcome === 'known' ? (departure?.reason ?? '') : outcome === 'not-exercised' ? reason : '',
    requests: traffic.sent - sentBefore,
    duration: Math.round(performance.now() - start),
    findings: failures.map((failure) => toFinding(failure, traffic.baseUrl, secrets)),
  };
}

/** Runs the check and returns why it was not exercised, or nothing. Failures gather in the context. */
async function attempt(check: Check, context: CheckContext): Promise<string> {
  try {
    await check.run(context);
    return '';
  } catch (error) {
    if (error instanceof NotExercised) return error.message;
    if (error instanceof CheckFailure) context.failures.push(error);
    else
      context.failures.push(
        new CheckFailure(`the setup module failed: ${(error as Error).message}`),
      );
    return '';
  } finally {
    await context.release().catch((error: Error) => {
      context.failures.push(
        new CheckFailure(`the setup module failed to release: ${error.message}`),
      );
    });
  }
}

/** Which of the capabilities that a check needs the setup lacks, in words. `isOpen` shows only on a subject. */
function missing(check: Check, setup: Setup): string {
  const lacking = (check.needs ?? []).filter(
    (capability: Capability) => capability !== 'isOpen' && setup[capability] === undefined,
  );
  if (lacking.length === 0) return '';
  return `the setup has no ${lacking.map((capability) => `\`${capability}\``).join(' and no ')}`;
}
