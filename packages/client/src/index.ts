export { ApiError, isApiError } from './api-error.ts';
export type { CallArguments, Method, SessionsClient } from './client-types.ts';
export { createSessionsClient } from './create-sessions-client.ts';
export type { AttemptEvent, ClientEvent, EventBase, OutcomeEvent, WaitEvent } from './events.ts';
export type {
  CallLimits,
  CallOptions,
  ClientOptions,
  Fetch,
  FetchInit,
  RequestHeaders,
  Token,
  TokenProvider,
  TokensByScheme,
} from './options.ts';
export { isRequestError, RequestError, type RequestErrorKind } from './request-error.ts';
export type {
  AlreadyDeleted,
  DocumentedResult,
  Failure,
  Result,
  ResultBase,
  ResultWithBody,
  Success,
  UnexpectedReason,
  UnexpectedResponse,
} from './result.ts';
export { unwrap } from './unwrap.ts';
