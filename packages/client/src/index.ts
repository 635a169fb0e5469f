export { AnswerError } from './answer-error.ts';
export type {
  Answer,
  CallArguments,
  CallOptions,
  ClientOptions,
  Failure,
  NoAnswerKind,
  SessionsClient,
  Success,
  UnexpectedAnswer,
  UnexpectedReason,
} from './client-types.ts';
export { createSessionsClient } from './create-sessions-client.ts';
export { NoAnswerError } from './no-answer-error.ts';
export { unwrap } from './unwrap.ts';
