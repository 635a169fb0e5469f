import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import {
  type Contract,
  describeDocument,
  keywordNotices,
  readContract,
} from '@sql-sessions/contract/model';
import contractDocument from '@sql-sessions/contract/openapi.json' with { type: 'json' };
import { allChecks } from './checks/all-checks.ts';
import type { Endpoint } from './http/endpoint.ts';
import { LEVELS, type Level } from './http/level.ts';
import { Secrets } from './http/secrets.ts';
import { kit } from './kit.ts';
import { KitError } from './kit-error.ts';
import { readText } from './read-files.ts';
import { finishReport } from './report/finish-report.ts';
import type { CheckReport, Report } from './report/report.ts';
import { type Har, toHar } from './report/to-har.ts';
import type { Check } from './run/check.ts';
import { NotExercised } from './run/failure.ts';
import { greet } from './run/greet.ts';
import { type KnownDeparture, readKnownDepartures } from './run/known-departures.ts';
import { type CheckRun, runCheck } from './run/run-check.ts';
import { toTarget } from './run/target.ts';
import { Traffic } from './run/traffic.ts';
import { guardSetup, SetupError, within } from './setup/guard-setup.ts';
import { remoteSetup } from './setup/remote-setup.ts';
import type { Setup, SetupFunction } from './setup/setup.ts';
import { byScheme, obstacleOf, variableOf, withUsableSecurity } from './values/credentials.ts';
import { Schemas } from './values/schemas.ts';

export interface VerifyOptions {
  /** URL of the server: `http://127.0.0.1:8080`. The contract's own path may be left out. */
  baseUrl: string | URL;
  /** Token of the tenant that the run acts as. A setup can bring its own instead. */
  token?: string | undefined;
  /**
   * Credentials by the name of their security scheme, where the contract has several; `name:password` for HTTP's Basic.
   * The token stands for the schemes that are not among them.
   */
  credentials?: Readonly<Record<string, string>> | undefined;
  /**
   * What the server's side provides, as a function or as the URL of a program that provides it; without it the checks
   * that need it are not exercised.
   */
  setup?: SetupFunction | string | undefined;
  /** Milliseconds that each function of the setup may take. Default: 60,000. */
  setupTimeout?: number | undefined;
  /** From which level on a finding fails the run: `contract` (default), `http` or `hardening`, which counts all. */
  level?: Level | undefined;
  /** 32-bit integer; the same seed gives the same inputs. Default: a random one, which the report tells. */
  seed?: number | undefined;
  /** Random inputs per property. Default: 15. */
  runs?: number | undefined;
  /** Milliseconds that a request may take. Default: 10,000. */
  timeout?: number | undefined;
  /** Milliseconds after which a response is a finding of the level `hardening`. Default: no limit. */
  responseTime?: number | undefined;
  /** Milliseconds that the run may take; what is left then is not exercised, and the run not ok. Default: no limit. */
  maxTime?: number | undefined;
  /** Requests that the run may send for one operation; a run that needs more is not ok. Default: 3,000. */
  maxRequests?: number | undefined;
  /** Requests per second. Default: no limit. */
  rate?: number | undefined;
  /** Headers that every request gets, those of a gateway for instance. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** `user:password` for a gateway that asks for basic authentication. */
  basicAuth?: string | undefined;
  /** URL of an HTTP proxy. */
  proxy?: string | undefined;
  /**
   * Certificate authority, client certificate and its key, each as PEM or as the path of a file that has it; `insecure`
   * accepts any certificate.
   */
  tls?: { ca?: string; cert?: string; key?: string; insecure?: boolean } | undefined;
  /** Ids of the only checks to run. Default: all. */
  only?: readonly string[] | undefined;
  /** Ids of checks to leave out. */
  exclude?: readonly string[] | undefined;
  /** The only operations to check, by `operationId`. Default: all. */
  operations?: readonly string[] | undefined;
  /** Operations that the server does not have yet. */
  without?: readonly string[] | undefined;
  /** Statuses that are fine in a check beside those of the contract, by the check's id. */
  expected?: Readonly<Record<string, readonly number[]>> | undefined;
  /** Accepted departures; one that does not occur any more makes its check fail. */
  known?: readonly KnownDeparture[] | undefined;
  /** Counts a check that was not exercised as a failure of the run. Default: false. */
  strict?: boolean | undefined;
  /** Allows a server that is not on this machine: the run sends it DELETEs. Default: false. */
  allowRemote?: boolean | undefined;
  /** Ends the run early: what was not tried yet is not exercised. */
  signal?: AbortSignal | undefined;
  /** An OpenAPI 3.1 document to check against. Default: that of `@sql-sessions/contract`. */
  contract?: object | undefined;
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
  /** Everything that was sent, tokens masked; made when it is asked for. */
  readonly har: Har;
}

/**
 * Checks that a server keeps the contract. Failed checks are part of the result.
 * @throws {KitError} Where the run cannot begin: an option is wrong, the setup fails, the server does not respond.
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const startedAt = new Date();
  checkOptions(options);
  const url = toTarget(options.baseUrl, options.allowRemote ?? false);
  const document = options.contract === undefined ? contractDocument : options.contract;
  const described = read(document);
  const whole = select(described, options);
  const certificate = options.tls?.cert !== undefined;
  const contract = {
    ...whole,
    operations: whole.operations.map((one) => withUsableSecurity(one, certificate)),
  };
  const obstacles = new Map(whole.operations.map((one) => [one.id, obstacleOf(one, certificate)]));
  const [first, ...others] = contract.operations.filter(({ id }) => obstacles.get(id) === '');
  if (!first) {
    const [reason = 'The contract has no operation'] = obstacles.values();
    throw new KitError('input', `${reason}, so there is nothing to check.`);
  }
  const schemas = new Schemas(contract);
  const ids = allChecks.map(({ id }) => id);
  const operations = described.operations.map(({ id }) => id);
  const known = readKnownDepartures(options.known ?? [], 'known', ids, operations);
  const checks = allChecks.filter(
    ({ id }) =>
      chosen('check', ids, options.only, true).has(id) &&
      !chosen('check', ids, options.exclude, false).has(id),
  );
  if (checks.length === 0)
    throw new KitError(
      'input',
      'No check is left to run: choose at least one with `only`, and exclude fewer.',
    );
  chosen('check', ids, Object.keys(options.expected ?? {}), false);
  if (options.level !== undefined && !LEVELS.includes(options.level)) {
    throw new KitError('input', `Unknown level "${options.level}": expected ${LEVELS.join(', ')}.`);
  }
  const seed = options.seed ?? Math.trunc(Math.random() * 0x7fff_ffff);
  const secrets = new Secrets({ SQL_SESSIONS_TOKEN: options.token });
  const credentials = ownCredentials(options, contract, secrets);
  const headers = extraHeaders(options, secrets);
  const endpoint = await endpointOf(url, options, secrets);
  const setup = await begin(options, {
    baseUrl: url.href.replace(/\/$/, ''),
    seed,
    schemas,
    secrets,
  });
  const reports: CheckReport[] = [];
  let error: string | undefined;
  try {
    const runs = plan(checks, schemas, setup);
    let current = 'first call';
    const progress = () =>
      options.onProgress?.({
        done: reports.length,
        total: runs.length,
        requests: traffic.sent,
        check: current,
      });
    const traffic = new Traffic({
      endpoint,
      schemas,
      secrets,
      headers,
      caller: {
        token: setup.token ?? options.token,
        credentials: { ...credentials, ...setup.credentials },
      },
      timeout: options.timeout ?? 10_000,
      responseTime: options.responseTime,
      maxRequests: options.maxRequests ?? 3000,
      maxTime: options.maxTime,
      rate: options.rate,
      restart: setup.restart?.bind(setup),
      signal: options.signal,
      onRequest: progress,
    });
    await greet(traffic, [first, ...others], setup).catch((cause) => {
      if (cause instanceof SetupError) error = secrets.mask(cause.message);
      // A limit, or the caller, has ended the run already: each check says so.
      else if (!(cause instanceof NotExercised)) throw cause;
    });
    for (const run of runs) {
      current = run.check.id;
      progress();
      const { expected = {}, runs: count = 15 } = options;
      const obstacle = error === undefined ? obstacles.get(run.operation.id) : 'the setup failed';
      const report = obstacle ? leftOut(run, obstacle) : await attempt();
      if (!report) continue;
      reports.push(report);
      options.onCheck?.(report);

      async function attempt(): Promise<CheckReport | undefined> {
        try {
          return await runCheck(run, { traffic, setup, seed, runs: count, known, expected });
        } catch (cause) {
          if (!(cause instanceof SetupError)) throw cause;
          error = secrets.mask(cause.message);
          return leftOut(run, 'the setup failed');
        }
      }
    }
    await setup.close?.().catch((cause: Error) => {
      error ??= secrets.mask(cause.message);
    });
    setup.close = undefined as never;
    const report = finishReport({
      kit,
      contract,
      document,
      baseUrl: `${url.origin}${traffic.prefix}`,
      seed,
      startedAt,
      level: options.level ?? 'contract',
      strict: options.strict ?? false,
      checks: reports,
      requests: traffic.sent,
      recordedOf: (operation) => traffic.recordedOf(operation),
      cutShort: traffic.cutShort ?? null,
      error: error ?? null,
      notes: [...traffic.notes, ...schemas.problems, ...notices(options.contract)],
    });
    let har: Har | undefined;
    return {
      report,
      get har() {
        har ??= toHar(traffic.recorded, url, secrets, kit);
        return har;
      },
    };
  } finally {
    await setup.close?.().catch(() => undefined);
  }
}

/** @throws {KitError} for a value that only JavaScript lets through */
function checkOptions(options: VerifyOptions): void {
  const { runs, timeout, responseTime, setupTimeout, maxTime, maxRequests, rate } = options;
  const numbers = { runs, timeout, responseTime, setupTimeout, maxTime, maxRequests, rate };
  for (const [name, value] of Object.entries(numbers)) {
    // Infinity is no limit.
    if (value === undefined || (value > 0 && (value < Infinity || /^(max|rate)/.test(name))))
      continue;
    throw new KitError('input', `\`${name}\` is ${value}: expected a number above 0.`);
  }
  const { only, exclude, operations, without } = options;
  for (const [name, value] of Object.entries({ only, exclude, operations, without })) {
    if (value === undefined || Array.isArray(value)) continue;
    throw new KitError('input', `\`${name}\` is no list: expected a list of ids.`);
  }
}

function read(document: object) {
  const what = describeDocument(document);
  if (!/^OpenAPI 3\.1\b/.test(what)) {
    const older = /^(OpenAPI 3\.0|Swagger 2)\b/.test(what);
    throw new KitError(
      'input',
      `The contract is ${what}. Expected OpenAPI 3.1${older ? '; npx @scalar/cli document upgrade FILE makes one of it' : ''}.`,
    );
  }
  try {
    return readContract(document);
  } catch (cause) {
    throw new KitError(
      'input',
      `The contract cannot be read: ${(cause as Error).message}. Expected an OpenAPI 3.1 document in one piece; npx @redocly/cli bundle makes one.`,
      { cause },
    );
  }
}

/** What a document of the caller's has that the kit does not judge. */
function notices(document: object | undefined): string[] {
  if (!document) return [];
  return keywordNotices(document, ['kit']).map(({ pointer, message }) => `${pointer}: ${message}`);
}

/** The contract with the chosen operations only, and of those the ones that a request can reach. */
function select(contract: ReturnType<typeof readContract>, { operations, without }: VerifyOptions) {
  const ids = contract.operations.map(({ id }) => id);
  const wanted = chosen('operation', ids, operations, true);
  const absent = chosen('operation', ids, without, false);
  return {
    ...contract,
    operations: contract.operations.filter(
      ({ id, path }) => wanted.has(id) && !absent.has(id) && !/[?#]/.test(path),
    ),
  };
}

function chosen(
  what: string,
  ids: readonly string[],
  list: readonly string[] | undefined,
  all: boolean,
): ReadonlySet<string> {
  if (!list) return new Set(all ? ids : []);
  const unknown = list.filter((id) => !ids.includes(id));
  if (unknown.length > 0) {
    const help =
      what === 'check' ? '--list shows their ids.' : `The contract has ${ids.join(', ')}.`;
    throw new KitError('input', `Unknown ${what} ${unknown.join(', ')}. ${help}`);
  }
  return new Set(list);
}

function extraHeaders({ headers = {}, basicAuth }: VerifyOptions, secrets: Secrets) {
  const list = Object.entries(headers);
  for (const [index, [name, value]] of list.entries()) {
    if (!/^[\w-]+$/.test(name) || /[\r\n]/.test(value)) {
      throw new KitError(
        'input',
        `The header ${JSON.stringify(name)} is invalid: expected a name and one line of text.`,
      );
    }
    if (/auth|cookie|key|token|secret/i.test(name))
      secrets.add(`SQL_SESSIONS_HEADER_${index + 1}`, value);
  }
  if (basicAuth === undefined) return list;
  secrets.add('SQL_SESSIONS_BASIC_AUTH', basicAuth);
  return [
    ...list,
    ['Authorization', `Basic ${Buffer.from(basicAuth).toString('base64')}`] as [string, string],
  ];
}

function ownCredentials({ credentials = {} }: VerifyOptions, contract: Contract, secrets: Secrets) {
  try {
    const found = byScheme(contract, credentials);
    for (const [name, value] of Object.entries(found)) secrets.add(variableOf(name), value);
    return found;
  } catch (cause) {
    throw new KitError('input', (cause as Error).message, { cause });
  }
}

/** @throws {KitError} of kind `input` */
async function endpointOf(
  url: URL,
  { tls: { insecure, ...given } = {}, proxy, headers = {} }: VerifyOptions,
  secrets: Secrets,
): Promise<Endpoint> {
  const through = proxy === undefined ? undefined : URL.parse(proxy);
  if (through === null || (through && through.protocol !== 'http:')) {
    throw new KitError(
      'input',
      `The proxy is ${JSON.stringify(proxy)}: expected a URL such as http://127.0.0.1:3128.`,
    );
  }
  if (through) secrets.add('SQL_SESSIONS_PROXY_PASSWORD', through.password);
  const tls: Record<string, string> = {};
  const files: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const isText = value.includes('-----BEGIN');
    files[name] = isText ? `$SQL_SESSIONS_${name.toUpperCase()}` : value;
    tls[name] = isText ? value : await readText(`--${name}`, value);
  }
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    throw new KitError('input', 'A certificate needs its private key: give both --cert and --key.');
  }
  try {
    // A broken certificate authority would be passed over in silence.
    if (tls.ca !== undefined) new X509Certificate(tls.ca);
    createSecureContext(tls);
  } catch (cause) {
    const reason = (cause as Error).message.replace(/^error:\w+:/, '');
    throw new KitError(
      'input',
      `--${Object.keys(tls).join(', --')} cannot be used: ${reason}. Expected PEM: a certificate, and with --cert its own --key.`,
      { cause },
    );
  }
  return {
    url,
    virtualHost: Object.entries(headers).find(([name]) => /^host$/i.test(name))?.[1],
    proxy: through,
    files,
    tls: { ...tls, ...(insecure && { rejectUnauthorized: false }) },
  };
}

async function begin(
  { setup, setupTimeout: timeout = 60_000, token }: VerifyOptions,
  {
    baseUrl,
    seed,
    schemas,
    secrets,
  }: { baseUrl: string; seed: number; schemas: Schemas; secrets: Secrets },
): Promise<Setup> {
  if (!setup) return {};
  const prepare = typeof setup === 'string' ? remoteSetup(setup) : setup;
  try {
    const raw = await within(timeout, 'the setup', () => prepare({ baseUrl, token, seed }));
    return guardSetup(raw, { schemas, secrets, timeout });
  } catch (cause) {
    if (!(cause instanceof SetupError)) throw cause;
    const { message } = cause;
    throw new KitError('server', secrets.mask(message.charAt(0).toUpperCase() + message.slice(1)), {
      cause,
    });
  }
}

/** Every check on every operation that it says something about, check by check. */
function plan(checks: readonly Check[], { contract }: Schemas, setup: Setup): CheckRun[] {
  return checks.flatMap((check) =>
    contract.operations
      .filter((operation) => check.appliesTo?.(operation, setup) ?? true)
      .map((operation) => ({ check, operation })),
  );
}

function leftOut({ check, operation }: CheckRun, reason: string): CheckReport {
  const { id, group, sentence, level } = check;
  const source = check.source(operation);
  const nothing = { hint: '', requests: 0, durationMs: 0, findings: [] };
  return {
    id,
    operation: operation.id,
    group,
    sentence,
    level,
    source,
    outcome: 'not-exercised',
    reason,
    ...nothing,
  };
}
