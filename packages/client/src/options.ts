import type { SecuritySchemeName } from '@sql-sessions/contract';
import type { ClientEvent } from './events.ts';
import { checkNames } from './names.ts';
import { refuse } from './request-error.ts';

/** Limits of a call. Given for a client they are its defaults, given with a call they hold for that call. */
export interface CallLimits {
  /** Milliseconds for one attempt, body included, and for the token provider. Default: 60,000. */
  readonly timeout?: number | undefined;
  /** Milliseconds for the call with all its attempts and waits. Default: 180,000. */
  readonly deadline?: number | undefined;
  /** Attempts in all; 1 switches retries off. Default: 3. */
  readonly maxAttempts?: number | undefined;
  /** Bytes of a success that are read at most. Default: 33,554,432. Of an error it is always 65,536. */
  readonly maxResponseBytes?: number | undefined;
}

/** Options of a client; all but `baseUrl` can be left out. */
export interface ClientOptions extends CallLimits {
  /** Base URL of the service, for example `https://sql.example.com`. A path prefix and a port are fine. */
  readonly baseUrl: string | URL;
  /**
   * The token, or a function that gets it, or one of these for each security scheme that you have a token for. It is
   * sent as the contract says for the operation and appears nowhere else. For HTTP Basic it is `name:password`.
   */
  readonly token?: Token | TokensByScheme | undefined;
  /** Headers for every request, a project id for example. What the client writes itself is refused. */
  readonly headers?: RequestHeaders | undefined;
  /** Send the token over `http:` to a host that is not this machine. Default: false. */
  readonly allowInsecureHttp?: boolean | undefined;
  /** Is told of attempts, waits and outcomes. What it throws, or what its promise rejects with, is ignored. */
  readonly onEvent?: ((event: ClientEvent) => unknown) | undefined;
  /** Used instead of the global `fetch`; is called with the URL as text and plain options. */
  readonly fetch?: Fetch | undefined;
}

/** Options of one call. */
export interface CallOptions extends CallLimits {
  /** Ends the call at once, whether it is sending or waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Headers for this call, in addition to those of the client. */
  readonly headers?: RequestHeaders | undefined;
}

/** Headers by name, or pairs of both, as `Headers` and `Map` have them. */
export type RequestHeaders =
  | Readonly<Record<string, string>>
  | Iterable<readonly [name: string, value: string]>;

/** What the client needs of `fetch`: less than the global one takes, so that others fit as well. */
export type Fetch = (url: string, init: FetchInit) => Promise<unknown>;

/** What `fetch` is called with. */
export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  redirect: 'manual';
  signal: AbortSignal;
  // biome-ignore lint/suspicious/noExplicitAny: each implementation has its own type for it
  body?: any;
}

/** A token, or what gets it. */
export type Token = string | TokenProvider;

/** Tokens by the names of the security schemes. */
export type TokensByScheme = { readonly [Name in SecuritySchemeName]?: Token | undefined };

/**
 * Gets the token. It is asked once per call, and calls that start while it is busy share what it returns.
 *
 * @param request `fresh` is true when the service refused the last token with 401: do not take it from a cache then.
 *   `signal` is aborted when nobody waits for the token any more. `scheme` is the security scheme that it is for.
 */
export type TokenProvider = (request: {
  readonly fresh: boolean;
  readonly signal: AbortSignal;
  readonly scheme: string;
}) => string | Promise<string>;

export type Limits = { readonly [Name in keyof CallLimits]-?: number };

/** What a client or a call takes for what is not given. */
export const DEFAULTS: Limits = {
  timeout: 60_000,
  deadline: 180_000,
  maxAttempts: 3,
  maxResponseBytes: 33_554_432,
};

const LIMITS = Object.keys(DEFAULTS) as (keyof Limits)[];
export const CALL_OPTIONS = [...LIMITS, 'signal', 'headers'];
export const CLIENT_OPTIONS = [
  ...LIMITS,
  'baseUrl',
  'token',
  'headers',
  'allowInsecureHttp',
  'onEvent',
  'fetch',
  'operations',
];

/** Fills in what is not given, and refuses what is not a positive number (`maxAttempts`: a whole one). */
export function checkLimits(given: CallLimits, defaults: Limits): Limits {
  const limits: Record<keyof Limits, number> = { ...defaults };
  for (const name of LIMITS) {
    const value = given[name];
    if (value === undefined) continue;
    const whole = name === 'maxAttempts' ? 'whole ' : '';
    if (typeof value !== 'number' || !(value > 0) || (whole && value % 1)) {
      refuse(`${name} must be a positive ${whole}number`);
    }
    limits[name] = value;
  }
  return limits;
}

export function checkClientOptions(options: ClientOptions): void {
  checkNames(options, CLIENT_OPTIONS, '', 'option');
  for (const name of ['fetch', 'onEvent'] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'function') {
      refuse(`${name} must be a function`);
    }
  }
}

export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal && typeof signal.addEventListener !== 'function') {
    refuse('signal must be an AbortSignal, not the controller');
  }
}

/**
 * Checks headers and gives their names in lower case.
 *
 * @param reserved names that the client sets itself, in lower case
 */
export function checkHeaders(
  given: RequestHeaders | undefined,
  reserved: readonly string[],
): Record<string, string> {
  const headers: Record<string, string> = {};
  const pairs = Object(given)[Symbol.iterator] ? given : Object.entries(given ?? {});
  for (const [name, value] of pairs as Iterable<[string, unknown]>) {
    if (value === undefined) continue;
    const lower = name.toLowerCase();
    if (reserved.includes(lower)) refuse(`headers must not have ${name}: the client sets it`);
    if (
      !/^[\w!#$%&'*+.^`|~-]+$/.test(name) ||
      typeof value !== 'string' ||
      /[^\t -~]/.test(value)
    ) {
      refuse(`headers: ${name} must be visible ASCII characters and blanks`);
    }
    headers[lower] = value;
  }
  return headers;
}
