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
  readonly ok: Ok;
  /** The documented status that tells this answer from the others. */
  readonly status: Status;
  readonly body: Body;
}

/**
 * A DELETE whose repeat was answered with 404 after an attempt that may have been carried out: what was to be deleted
 * is gone.
 */
export interface DoneEarlier extends AnswerFacts {
  readonly ok: true;
  readonly status: 'done-earlier';
  readonly body: undefined;
}

/** An answer that the contract does not describe, most often from a gateway. */
export interface UnexpectedAnswer extends AnswerFacts {
  readonly ok: false;
  readonly status: 'unexpected';
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

/** An attempt has ended: with an HTTP answer (`httpStatus`) or without one (`kind`). */
export interface AttemptEvent {
  readonly type: 'attempt';
  readonly operation: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly duration: number;
  readonly httpStatus: number | undefined;
  readonly kind: NoAnswerKind | undefined;
  /** The response headers that are safe to log: see the guide for the list. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The call waits before its next attempt. */
export interface WaitEvent {
  readonly type: 'wait';
  readonly operation: string;
  /** The attempt that is waited for. */
  readonly attempt: number;
  readonly delay: number;
}

/** The call has ended; `status` is that of the {@link Answer}, `kind` that of the {@link NoAnswerError}. */
export interface OutcomeEvent {
  readonly type: 'outcome';
  readonly operation: string;
  readonly attempts: number;
  readonly duration: number;
  readonly status: number | string | undefined;
  readonly kind: NoAnswerKind | undefined;
}
