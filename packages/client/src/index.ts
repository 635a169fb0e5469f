export { AnswerError } from './answer-error.ts';
export type {
  Answer,
  AnswerFacts,
  AnswerWithBody,
  AttemptEvent,
  CallArguments,
  CallLimits,
  CallOptions,
  ClientEvent,
  ClientOptions,
  DocumentedAnswer,
  DoneEarlier,
  EventFacts,
  Failure,
  OutcomeEvent,
  SessionsClient,
  Success,
  TokenProvider,
  UnexpectedAnswer,
  UnexpectedReason,
  WaitEvent,
} from './client-types.ts';
export { createSessionsClient } from './create-sessions-client.ts';
export { NoAnswerError, type NoAnswerKind } from './no-answer-error.ts';
export { unwrap } from './unwrap.ts';
