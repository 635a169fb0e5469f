import { type Contract, type Operation, partAt, responseFor } from '@sql-sessions/contract/model';
import type { Exchange } from '../http/exchange.ts';
import { LEVELS, type Level } from '../http/level.ts';
import type { CheckReport, Outcome, Report, StatusReport } from './report.ts';

/** What a run has gathered. */
export interface RunResult
  extends Pick<
    Report,
    'kit' | 'baseUrl' | 'seed' | 'level' | 'checks' | 'requests' | 'cutShort' | 'error' | 'notes'
  > {
  readonly contract: Contract;
  readonly document: object;
  readonly startedAt: Date;
  readonly strict: boolean;
  /** What was sent for an operation, and what came back. */
  readonly recordedOf: (operation: Operation) => readonly {
    readonly exchange: Exchange;
    readonly scope: string;
  }[];
}

/** The report of a run: its counts, its verdict, and what of the contract it has seen. */
export function finishReport(result: RunResult): Report {
  const { contract, document, startedAt, strict, recordedOf, ...rest } = result;
  const { checks, level, cutShort, error } = rest;
  const of = (outcome: Outcome) => checks.filter((check) => check.outcome === outcome);
  const failedAt = (one: Level) => of('failed').filter((check) => check.level === one).length;
  const failed = {
    contract: failedAt('contract'),
    http: failedAt('http'),
    hardening: failedAt('hardening'),
  };
  const counting = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
  const left = of('not-exercised').length;
  return {
    ...rest,
    contract: { title: contract.info.title, version: contract.info.version },
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    ok:
      counting.every((one) => failed[one] === 0) &&
      cutShort === null &&
      error === null &&
      (!strict || left === 0),
    summary: {
      passed: of('passed').length,
      failed: of('failed').length,
      known: of('known').length,
      'not-exercised': left,
    },
    failed,
    statuses: statusesSeen(contract, recordedOf),
    places: placesOf(document, checks),
  };
}

function statusesSeen(contract: Contract, recordedOf: RunResult['recordedOf']): StatusReport[] {
  return contract.operations.flatMap((operation) => {
    const seen = recordedOf(operation).flatMap(({ scope, exchange: { responses } }) => {
      const [response] = scope === 'contract' ? responses : [];
      return (response && responseFor(operation, response.status)) ?? [];
    });
    return operation.responses.map((response) => ({
      operation: operation.id,
      status: response.status,
      seen: seen.filter((one) => one === response).length,
      source: response.pointer,
    }));
  });
}

/** The parts of the document that the checks refer to. */
function placesOf(document: object, checks: readonly CheckReport[]): Record<string, unknown> {
  const pointers = new Set(checks.map(({ source }) => source).filter((one) => one.startsWith('#')));
  return Object.fromEntries([...pointers].map((pointer) => [pointer, partAt(document, pointer)]));
}
