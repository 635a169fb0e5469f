import type { OperationId, Operations } from '@sql-sessions/contract';

export interface ClientOptions {
  /** Where the service is, for example `https://sql.example.com`. A path prefix and a port are fine. */
  readonly baseUrl: string | URL;
  /** Sent in `X-Auth-Token` and nowhere else. */
  readonly token?: string | undefined;
  /** Send the token over `http:` to a host that is not this machine. Default: false. */
  readonly allowInsecureHttp?: boolean | undefined;
  /** Used instead of the global `fetch`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

export interface CallOptions {
  /** Ends the call at once. */
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

type Responses<Id extends OperationId> = Operations[Id]['responses'];

/** The HTTP answer to a call: a union that `status` (and `ok`) tells apart. */
export type Answer<Id extends OperationId = OperationId> =
  | Success<Id>
  | Failure<Id>
  | UnexpectedAnswer;

/** What every answer carries. */
interface AnswerFacts {
  /** The status on the wire. */
  readonly httpStatus: number;
  /** Response headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The id that the service gave this request in a header, if it did. */
  readonly requestId: string | undefined;
  /** How many requests were sent for this call. */
  readonly attempts: number;
}

/** A documented success. Any other 2xx counts as the documented one if that has no body. */
export type Success<Id extends OperationId = OperationId> = Members<Id, true>;

/** A documented error. */
export type Failure<Id extends OperationId = OperationId> = Members<Id, false>;

type Members<Id extends OperationId, Ok extends boolean> = Id extends OperationId
  ? {
      [S in keyof Responses<Id>]: `${S & number}` extends `2${string}`
        ? Ok extends true
          ? Member<true, S, Responses<Id>[S]>
          : never
        : Ok extends false
          ? Member<false, S, Responses<Id>[S]>
          : never;
    }[keyof Responses<Id>]
  : never;

interface Member<Ok extends boolean, Status, Body> extends AnswerFacts {
  readonly ok: Ok;
  readonly status: Status;
  readonly body: Body;
}

/**
 * Why an answer is outside the contract: its status is not documented (`status`), or it is and the body is not
 * what goes with it.
 */
export type UnexpectedReason =
  | 'status'
  | 'content-type'
  | 'empty-body'
  | 'invalid-body'
  | 'truncated-body'
  | 'too-large';

/** An answer that the contract does not describe, most often from a gateway. */
export interface UnexpectedAnswer extends AnswerFacts {
  readonly ok: false;
  readonly status: 'unexpected';
  readonly reason: UnexpectedReason;
  /** The first 200 characters of the body, on one line. */
  readonly snippet: string;
}

/** Why there is no answer. */
export type NoAnswerKind =
  | 'invalid-argument'
  | 'aborted'
  | 'redirect'
  | 'refused'
  | 'reset'
  | 'dns'
  | 'connection';
