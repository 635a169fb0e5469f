import type { Operation } from '@sql-sessions/contract/model';
import type { CheckReport, Outcome } from '../report/report.ts';
import { toFinding } from '../report/to-finding.ts';

import type { Setup } from '../setup/setup.ts';
import type { Capability, Check } from './check.ts';
import { CheckContext } from './check-context.ts';
import { CheckFailure, LEVELS, type Level, NotExercised } from './failure.ts';
import type { KnownDeparture } from './known-departures.ts';
import type { Traffic } from './traffic.ts';

export interface CheckRun {
  readonly check: Check;
  readonly operation: Operation;
}

export interface RunCheckOptions {
  readonly traffic: Traffic;
  readonly setup: Setup;
  readonly seed: number;
  readonly runs: number;
  readonly known: readonly KnownDeparture[];
  readonly expected: Readonly<Record<string, readonly number[]>>;
}

/**
 * Tries one check on one operation. Whatever the server does is an outcome; undefined: the operation has nothing to try
 * it on, so it says nothing.
 * @throws {SetupError} where the setup failed: nothing can be said about the server then
 */
export async function runCheck(
  { check, operation }: CheckRun,
  { traffic, setup, seed, runs, known, expected }: RunCheckOptions,
): Promise<CheckReport | undefined> {
  const start = performance.now();
  const sentBefore = traffic.sent;
  const context = new CheckContext(traffic, {
    operation,
    setup,
    id: check.id,
    seed,
    runs,
    expected: expected[check.id] ?? [],
  });
  let reason = traffic.interrupted ? 'the run was interrupted' : missing(check, setup);
  if (reason === '') reason = await attempt(check, context);
  const { failures } = context;
  const idle = traffic.sent === sentBefore && !check.passive && failures.length === 0;
  if (reason === '' && idle) return undefined;
  for (const { exchange } of failures) if (exchange) traffic.blamed.add(exchange);
  if (failures.some(({ exchange }) => exchange?.failure !== undefined)) {
    await traffic.survived(operation).catch(() => undefined);
  }

  const mine = known.filter(
    (one) => one.check === check.id && (one.operation ?? operation.id) === operation.id,
  );
  const covers = (failure: CheckFailure) =>
    mine.find(({ finding }) => failure.message.includes(finding));
  const open = failures.filter((failure) => !covers(failure));
  const tried = reason === '' || failures.length > 0;
  const stale = mine.filter(
    ({ finding }) => tried && !failures.some(({ message }) => message.includes(finding)),
  );
  for (const { finding } of stale) {
    open.push(
      new CheckFailure(
        `the known departure "${finding}" does not occur any more: take it off the list`,
        undefined,
        'contract',
      ),
    );
  }
  const outcome: Outcome =
    open.length > 0 ? 'failed' : failures.length > 0 ? 'known' : tried ? 'passed' : 'not-exercised';
  const shown = outcome === 'known' ? failures : open;
  const levelOf = (failure: CheckFailure): Level => failure.level ?? check.level;
  const level = LEVELS.find((one) => shown.some((failure) => levelOf(failure) === one));
  return {
    id: check.id,
    operation: operation.id,
    group: check.group,
    sentence: check.sentence,
    level: level ?? check.level,
    source: check.source(operation),
    outcome,
    reason:
      outcome === 'known'
        ? [...new Set(mine.map((one) => one.reason))].join(' ')
        : outcome === 'not-exercised'
          ? reason
          : '',
    hint: outcome === 'failed' ? check.hint : '',
    requests: traffic.sent - sentBefore,
    durationMs: Math.round(performance.now() - start),
    findings: shown.map((failure) => ({
      ...toFinding(failure, traffic.options.endpoint, traffic.options.secrets),
      level: levelOf(failure),
    })),
  };
}

/** Runs the check and returns the reason that it was not exercised, or nothing. Failures gather in the context. */
async function attempt(check: Check, context: CheckContext): Promise<string> {
  try {
    await check.run(context);
    return '';
  } catch (error) {
    if (error instanceof NotExercised) return error.message;
    if (!(error instanceof CheckFailure)) throw error;
    context.failures.push(error);
    return '';
  } finally {
    await context.release();
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
