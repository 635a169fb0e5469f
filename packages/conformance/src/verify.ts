import contractDocument from '@sql-sessions/contract/openapi.json' with { type: 'json' };
import type { Check } from './check.ts';
import { allChecks } from './checks/all-checks.ts';
import {
  type ContractModel,
  type OpenApiDocument,
  readContract,
} from './contract/contract-model.ts';
import { resolve } from './contract/json-pointer.ts';
import { kit } from './kit.ts';
import { KitError } from './kit-error.ts';
import { type KnownDeparture, readKnownDepartures } from './known-departures.ts';
import type { CheckReport, Outcome, Report, StatusReport } from './report/report.ts';
import { type Har, toHar } from './report/to-har.ts';
import { type CheckRun, runCheck } from './run-checks.ts';
import { Secrets } from './secrets.ts';
import type { Setup, SetupFunction } from './setup.ts';
import { toTarget } from './target.ts';
import { Traffic } from './traffic.ts';

export interface VerifyOptions {
  /** Where the server answers, without the contract's own path: `http://127.0.0.1:8080`. */
  baseUrl: string | URL;
  /** Token of the tenant that the run acts as. A setup can bring its own instead. */
  token?: string | undefined;
  /** What the server's side provides; without it the checks that need it are not exercised. */
  setup?: SetupFunction | undefined;
  /** 32-bit integer; the same seed gives the same inputs. Default: a random one, which the report tells. */
  seed?: number | undefined;
  /** Random inputs per property. Default: 15. */
  runs?: number | undefined;
  /** Milliseconds that a request may take. Default: 10,000. */
  timeout?: number | undefined;
  /** Requests that the whole run may send; checks beyond that are not exercised. Default: 3,000. */
  maxRequests?: number | undefined;
  /** Ids of the only checks to run. Default: all. */
  only?: readonly string[] | undefined;
  /** Accepted departures; one that does not occur any more makes its check fail. */
  known?: readonly KnownDeparture[] | undefined;
  /** Counts a check that was not exercised as a failure of the run. Default: false. */
  strict?: boolean | undefined;
  /** Allows a server that is not on this machine: the run sends it DELETEs. Default: false. */
  allowRemote?: boolean | undefined;
  /** Ends the run early: what was not tried yet is not exercised. */
  signal?: AbortSignal | undefined;
  /** An OpenAPI 3.1 document to check against. Default: that of `@sql-sessions/contract`. */
  contract?: unknown;
  /** Called before each check and after each request. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Called when a check is over. */
  onCheck?: ((check: CheckReport) => void) | undefined;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly requests: number;
  /** Id of the check that is being tried. */
  readonly check: string;
}

export interface Verification {
  readonly report: Report;
  /** Everything that was sent, tokens masked. */
  readonly har: Har;
}

/**
 * Checks that a server keeps the contract. Failed checks are part of the answer.
 * @throws {KitError} Where the run cannot begin: an option is wrong, the setup fails, the server does not answer.
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const started = new Date();
  const baseUrl = toTarget(options.baseUrl, options.allowRemote ?? false);
  const contract = read(options.contract ?? contractDocument);
  const known = readKnownDepartures(options.known ?? [], 'known');
  const checks = select(options.only);
  const seed = options.seed ?? Math.trunc(Math.random() * 0x7fff_ffff);
  const setup = await begin(options, baseUrl, seed);
  try {
    const token = setup.token ?? options.token;
    const secrets = new Secrets({
      SQL_SESSIONS_TOKEN: token,
      SQL_SESSIONS_SECOND_TOKEN: setup.secondTenant?.token,
    });
    const runs = plan(contract, checks, setup);
    let current = 'first call';
    let done = 0;
    const progress = () =>
      options.onProgress?.({ done, total: runs.length, requests: traffic.sent, check: current });
    const traffic = new Traffic({
      baseUrl,
      token,
      timeout: options.timeout ?? 10_000,
      maxRequests: options.maxRequests ?? 3000,
      restart: setup.restart?.bind(setup),
      signal: options.signal,
      onRequest: progress,
    });
    await greet(traffic, contract, token);

    const reports: CheckReport[] = [];
    for (const run of runs) {
      current = run.check.id;
      progress();
      const report = await runCheck(run, {
        traffic,
        setup,
        secrets,
        seed,
        runs: options.runs ?? 15,
        known,
      });
      reports.push(report);
      done++;
      options.onCheck?.(report);
    }
    const summary = count(reports);
    const creator = { name: kit.name, version: kit.version };
    const report: Report = {
      kit: creator,
      contract: { title: contract.title, version: contract.version },
      baseUrl: baseUrl.href.replace(/\/$/, ''),
      seed,
      startedAt: started.toISOString(),
      duration: Date.now() - started.getTime(),
      requests: traffic.sent,
      ok: summary.failed === 0 && (!options.strict || summary['not-exercised'] === 0),
      summary,
      checks: reports,
      statuses: statusesSeen(contract, traffic),
      places: placesOf(options.contract ?? contractDocument, reports),
    };
    return { report, har: toHar(traffic.recorded, baseUrl, secrets, creator) };
  } finally {
    await setup.close?.();
  }
}

function read(document: unknown): ContractModel {
  try {
    return readContract(document as OpenApiDocument);
  } catch (cause) {
    throw new KitError(
      'input',
      `The contract cannot be read: ${(cause as Error).message} Expected an OpenAPI 3.1 document in one piece.`,
      { cause },
    );
  }
}

function select(only: readonly string[] | undefined): readonly Check[] {
  if (!only) return allChecks;
  const unknown = only.filter((id) => !allChecks.some((check) => check.id === id));
  if (unknown.length > 0) {
    throw new KitError(
      'input',
      `There is no check named ${unknown.join(', ')}. --list shows their ids.`,
    );
  }
  return allChecks.filter((check) => only.includes(check.id));
}

async function begin(options: VerifyOptions, baseUrl: URL, seed: number): Promise<Setup> {
  if (!options.setup) return {};
  try {
    return await options.setup({
      baseUrl: baseUrl.href.replace(/\/$/, ''),
      token: options.token,
      seed,
    });
  } catch (cause) {
    throw new KitError('server', `The setup module failed: ${(cause as Error).message}`, { cause });
  }
}

/** Every check on every operation that it says something about, check by check. */
function plan(contract: ContractModel, checks: readonly Check[], setup: Setup): CheckRun[] {
  return checks.flatMap((check) =>
    contract.operations
      .filter((operation) => check.appliesTo?.(operation, setup) ?? true)
      .map((operation) => ({ check, operation })),
  );
}

/** One harmless call, so that a server that is not there, or a token that is not right, is said once and clearly. */
async function greet(
  traffic: Traffic,
  contract: ContractModel,
  token: string | undefined,
): Promise<void> {
  const [operation] = contract.operations;
  if (!operation)
    throw new KitError('input', 'The contract has no operation, so there is nothing to check.');
  await traffic.isAlive(operation);
  const exchange = traffic.recorded.at(-1)?.exchange;
  const status = exchange?.answers[0]?.status;
  if (status === undefined) {
    throw new KitError(
      'server',
      `${traffic.baseUrl.origin} gave no answer: ${exchange?.detail}. Start the server, or mend --base-url.`,
    );
  }
  traffic.usualStatus = status;
  if (status === 401 || status === 403) {
    throw new KitError(
      'input',
      token === undefined
        ? `The server answers ${status} to a call without a token. Set SQL_SESSIONS_TOKEN to a token it accepts.`
        : `The server answers ${status} to the token. Set SQL_SESSIONS_TOKEN to a token it accepts.`,
    );
  }
}

function count(reports: readonly CheckReport[]): Record<Outcome, number> {
  const of = (outcome: Outcome) => reports.filter((report) => report.outcome === outcome).length;
  return {
    passed: of('passed'),
    failed: of('failed'),
    known: of('known'),
    'not-exercised': of('not-exercised'),
  };
}

function statusesSeen(contract: ContractModel, traffic: Traffic): StatusReport[] {
  return contract.operations.flatMap((operation) =>
    [...operation.responses.values()].map((response) => ({
      operation: operation.id,
      status: response.status,
      seen: traffic.recorded.filter(
        ({ exchange, ...one }) =>
          one.operation.id === operation.id &&
          one.scope === 'contract' &&
          exchange.answers[0]?.status === response.status,
      ).length,
      source: response.pointer,
    })),
  );
}

function placesOf(document: unknown, reports: readonly CheckReport[]): Record<string, unknown> {
  const pointers = new Set(
    reports.map(({ source }) => source).filter((one) => one.startsWith('/')),
  );
  return Object.fromEntries(
    [...pointers].map((at) => [at, resolve(document, { $ref: `#${at}` }, '').value]),
  );
}
