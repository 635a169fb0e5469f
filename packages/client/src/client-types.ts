import type { OperationId, Operations } from '@sql-sessions/contract';
import type { NoAnswerKind } from './no-answer-error.ts';

/** Limits of a call. Given for a client they are its defaults, given with a call they hold for that call. */
export interface CallLimits {
  /** Milliseconds for one attempt, body included. Default: 60,000. */
  readonly timeout?: number | undefined;
  /** Milliseconds for the call with all its attempts and waits. Default: 180,000. */
  readonly deadline?: number | undefined;
  /** Attempts in all; 1 switches repeats off. Default: 3. */
  readonly maxAttempts?: number | undefined;
}

/** Options of a client; all but `baseUrl` can be left out. */
export interface ClientOptions extends CallLimits {
  /** Where the service is, for example `https://sql.example.com`. A path prefix and a port are fine. */
  readonly baseUrl: string | URL;
  /** The tenant token, or a function that gets it. It is sent in `X-Auth-Token` and appears nowhere else. */
  readonly token?: string | TokenProvider | undefined;
  /** Send the token over `http:` to a host that is not this machine. Default: false. */
  readonly allowInsecureHttp?: boolean | undefined;
  /** Is told of attempts, waits and outcomes. What it throws is ignored. */
  readonly onEvent?: ((event: ClientEvent) => void) | undefined;
  /** Used instead of the global `fetch`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

/**
 * Gets the token. It is asked once per call, and calls that start while it is busy share its answer. `fresh` is true
 * when the service refused the last token with 401: answer from no cache then.
 */
export type TokenProvider = (request: { readonly fresh: boolean }) => string | Promise<string>;

/** Options of one call. */
export interface CallOptions extends CallLimits {
  /** Ends the call at once, whether it is sending or waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** One method per operation, each named by its `operationId`. */
export type SessionsClient = {
  readonly [Id in keyof Operations]: (
    args: CallArguments<Id>,
    options?: CallOptions,
  ) => Promise<Answer<Id>>;
};

/** The parameters of an operation by their names in the contract, and `body` where the contract requires one. */
export type CallArguments<Id extends OperationId> = Operations[Id]['parameters'] &
  (Operations[Id]['body'] extends undefined
    ? { readonly body?: never }
    : { readonly body: Operations[Id]['body'] });

/** The HTTP answer to a call: a union that `status` (and `ok`) tells apart. */
export type Answer<Id extends OperationId = OperationId> =
  | Success<Id>
  | Failure<Id>
  | UnexpectedAnswer;

/** A documented success, or {@link DoneEarlier}. Any other 2xx counts as the documented one if that has no body. */
export type Success<Id extends OperationId = OperationId> =
  | DocumentedAnswer<Id, true>
  | { [Each in Id]: Operations[Each]['method'] extends 'DELETE' ? DoneEarlier : never }[Id];

/** A documented error. */
export type Failure<Id extends OperationId = OperationId> = DocumentedAnswer<Id, false>;

/** The documented answers of an operation, one member per status. */
export type DocumentedAnswer<Id extends OperationId, Ok extends boolean> = {
  [Each in Id]: {
    [S in keyof Operations[Each]['responses']]: IsSuccess<S> extends Ok
      ? AnswerWithBody<Ok, S, Operations[Each]['responses'][S]>
      : never;
  }[keyof Operations[Each]['responses']];
}[Id];

type IsSuccess<Status> = `${Status & number}` extends `2${string}` ? true : false;

/** What every answer carries. */
export interface AnswerFacts {
  /** The status on the wire. */
  readonly httpStatus: number;
  /** Response headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The id that the service gave this request in a header, if it did. */
  readonly requestId: string | undefined;
  /** How many requests were sent for this call. */
  readonly attempts: number;
}

/** An answer as the contract describes it. */
export interface AnswerWithBody<Ok extends boolean, Status, Body> extends AnswerFacts {
  /** Whether it is a success. */
  readonly ok: Ok;
  /** The documented status that tells this answer from the others. */
  readonly status: Status;
  /** The JSON body that is documented for this status; undefined where none is. */
  readonly body: Body;
}

/**
 * A DELETE whose repeat was answered with 404 after an attempt that may have been carried out: what was to be deleted
 * is gone.
 */
export interface DoneEarlier extends AnswerFacts {
  /** It is a success: what was asked for is the case. */
  readonly ok: true;
  /** `httpStatus` is 404. */
  readonly status: 'done-earlier';
  /** There is none. */
  readonly body: undefined;
}

/** An answer that the contract does not describe, most often from a gateway. */
export interface UnexpectedAnswer extends AnswerFacts {
  /** It is no success, whatever the status on the wire. */
  readonly ok: false;
  /** `httpStatus` is the one on the wire. */
  readonly status: 'unexpected';
  /** What is not as documented. */
  readonly reason: UnexpectedReason;
  /** The first 200 characters of the body, on one line. */
  readonly snippet: string;
}

/**
 * Why an answer is outside the contract: its status is not documented (`status`); or it is, and the body is of another
 * content type, empty, not the JSON object that goes with it (`invalid-body`), broken off or stalled
 * (`incomplete-body`), or longer than 64 KiB (`too-large`).
 */
export type UnexpectedReason =
  | 'status'
  | 'content-type'
  | 'empty-body'
  | 'invalid-body'
  | 'incomplete-body'
  | 'too-large';

/** What `onEvent` is told. Times are in milliseconds. */
export type ClientEvent = AttemptEvent | WaitEvent | OutcomeEvent;

/** What every event says. */
export interface EventFacts {
  /** The `operationId`. */
  readonly operation: string;
}

/** An attempt has ended: with an HTTP answer (`httpStatus`) or without one (`kind`). */
export interface AttemptEvent extends EventFacts {
  /** Tells events apart. */
  readonly type: 'attempt';
  /** 1 for the first. */
  readonly attempt: number;
  /** How long it took. */
  readonly duration: number;
  /** The status on the wire. */
  readonly httpStatus: number | undefined;
  /** Why there is no answer. */
  readonly kind: NoAnswerKind | undefined;
  /**
   * The response headers that are safe to log: content-type, content-length, date, retry-after, server, via, and those
   * that carry a request id.
   */
  readonly headers: Readonly<Record<string, string>>;
}

/** The call waits before its next attempt. */
export interface WaitEvent extends EventFacts {
  /** Tells events apart. */
  readonly type: 'wait';
  /** The attempt that is waited for. */
  readonly attempt: number;
  /** How long the wait is. */
  readonly delay: number;
}

/** The call has ended. */
export interface OutcomeEvent extends EventFacts {
  /** Tells events apart. */
  readonly type: 'outcome';
  /** How many requests were sent. */
  readonly attempts: number;
  /** How long the call took. */
  readonly duration: number;
  /** `status` of the {@link Answer}, if there is one. */
  readonly status: number | string | undefined;
  /** `kind` of the {@link NoAnswerError}, if there is no answer. */
  readonly kind: NoAnswerKind | undefined;
}
