import type { FaultKind } from '../behavior/fault-kind.ts';

/** A request and what the mock responded, as it is listed. Secrets in it are masked. */
export interface RecordedRequest {
  /** Counts up from 1 since the start of the mock. */
  readonly id: number;
  /** When it arrived, ISO 8601. */
  readonly at: string;
  readonly method: string;
  /** The request target as it was sent: path and query. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The first 2,000 characters of the body, or its first 1,500 bytes as `data:;base64,…` where it is not UTF-8; null
   * where there was none.
   */
  readonly body: string | null;
  /** The `operationId`; null where the contract has no operation for the request. */
  readonly operation: string | null;
  /** The status that was sent; null where the connection was broken instead. */
  readonly status: number | null;
  /** What was sent; null where the connection was broken instead. */
  readonly response: {
    readonly headers: Readonly<Record<string, string>>;
    /** As that of the request. */
    readonly body: string | null;
  } | null;
  /** The fault that was sent instead of a response; null for none. */
  readonly fault: FaultKind | null;
  /** Name of the mock's own error (`X-Mock-Error`); null where the contract has the response. */
  readonly mockError: string | null;
  /** Why it was this response and not the default one; empty for the default one. */
  readonly reasons: readonly string[];
  /** Milliseconds from its arrival to the response. */
  readonly durationMs: number;
}

/** A body as it is listed. */
export function recordedBody(body: string | Uint8Array | undefined): string | null {
  if (body === undefined) return null;
  if (typeof body === 'string') return body.slice(0, 2_000);
  return `data:;base64,${Buffer.from(body.subarray(0, 1_500)).toString('base64')}`;
}

let second = Number.NaN;
let inSecond = '';

/** A time of `Date.now()` in ISO 8601. All but the milliseconds is printed once in a second: this runs for each request. */
export function recordedTime(time: number): string {
  const [whole, rest] = [Math.floor(time / 1000), Math.floor(time) % 1000];
  if (whole !== second) {
    second = whole;
    inSecond = new Date(whole * 1000).toISOString().slice(0, -4);
  }
  return `${inSecond}${String(rest).padStart(3, '0')}Z`;
}
