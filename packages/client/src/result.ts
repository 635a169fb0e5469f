import type { OperationId, Operations } from '@sql-sessions/contract';

/** The HTTP response to a call: a union that `status` (and `ok`) tells apart. */
export type Result<Id extends OperationId = OperationId> =
  | Success<Id>
  | Failure<Id>
  | UnexpectedResponse;

/** A documented success, or {@link AlreadyDeleted}. Any other 2xx counts as the documented one. */
export type Success<Id extends OperationId = OperationId> =
  | DocumentedResult<Id, true>
  | { [Each in Id]: Operations[Each]['method'] extends 'DELETE' ? AlreadyDeleted : never }[Id];

/** A documented response that is not a success. */
export type Failure<Id extends OperationId = OperationId> = DocumentedResult<Id, false>;

/** The documented responses of an operation, one member per status, range (`'4XX'`) and `'default'`. */
export type DocumentedResult<Id extends OperationId, Ok extends boolean> = {
  [Each in Id]: {
    [S in keyof Operations[Each]['responses']]: Ok extends OkOf<
      S,
      keyof Operations[Each]['responses']
    >
      ? ResultWithBody<Ok, S, Operations[Each]['responses'][S], HeadersOf<Each, S>>
      : never;
  }[keyof Operations[Each]['responses']];
}[Id];

/** `default` stands for errors, and for successes as well where the contract names none. */
type OkOf<Status, All> = Status extends 'default'
  ? Extract<`${All & (number | string)}`, `2${string}`> extends never
    ? boolean
    : false
  : `${Status & (number | string)}` extends `2${string}`
    ? true
    : false;

type HeadersOf<Id extends OperationId, S> = S extends keyof Operations[Id]['responseHeaders']
  ? Operations[Id]['responseHeaders'][S]
  : unknown;

/** What every result carries. */
export interface ResultBase {
  /** The `operationId`. */
  readonly operation: string;
  /** The HTTP method of the request. */
  readonly method: string;
  /** The path of the request, without the base URL and the query. */
  readonly path: string;
  /** The status on the wire. */
  readonly httpStatus: number;
  /** Response headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The id that the service gave this request in a header, if it did. */
  readonly requestId: string | undefined;
  /** Milliseconds after which the service wants to be asked again (`Retry-After`), if it says so. */
  readonly retryAfter: number | undefined;
  /** How many requests were sent for this call. */
  readonly attempts: number;
}

/** A response as the contract describes it. */
export interface ResultWithBody<Ok extends boolean, Status, Body, Headers = unknown>
  extends ResultBase {
  /** Whether the status is 2xx. */
  readonly ok: Ok;
  /** The key in the contract that tells this response from the others: 404, `'4XX'` or `'default'`. */
  readonly status: Status;
  /** The body that is documented for this status; undefined where none is. Bytes are a `Uint8Array`. */
  readonly body: Body;
  /** Response headers, names in lower case; those that the contract documents have types. */
  readonly headers: Readonly<Record<string, string>> & Headers;
}

/**
 * A DELETE whose retry got a 404, after an attempt that may have been carried out: what was to be deleted is gone.
 */
export interface AlreadyDeleted extends ResultBase {
  /** It is a success: what was asked for is the case. */
  readonly ok: true;
  /** `httpStatus` is 404. */
  readonly status: 'already-deleted';
  /** There is none. */
  readonly body: undefined;
}

/** A response that the contract does not describe, most often from a gateway. */
export interface UnexpectedResponse extends ResultBase {
  /** It is not a success, whatever the status on the wire. */
  readonly ok: false;
  /** `httpStatus` is the one on the wire. */
  readonly status: 'unexpected';
  /** What is not as documented. */
  readonly reason: UnexpectedReason;
  /** The first 200 characters of the body, on one line. */
  readonly snippet: string;
}

/**
 * Why a response is not covered by the contract: its status is not documented (`status`); or it is, and the body is of
 * another content type, empty, not the JSON that goes with it (`invalid-body`), broken off or stalled
 * (`incomplete-body`), or longer than the limit (`too-large`).
 */
export type UnexpectedReason =
  | 'status'
  | 'content-type'
  | 'empty-body'
  | 'invalid-body'
  | 'incomplete-body'
  | 'too-large';
