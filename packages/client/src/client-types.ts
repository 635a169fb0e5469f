import type { OperationId, Operations } from '@sql-sessions/contract';
import type { CallOptions } from './options.ts';
import type { Result } from './result.ts';

/** One method per operation, each named by its `operationId`. */
export type SessionsClient = {
  readonly [Id in keyof Operations]: Method<Id>;
};

/**
 * Sends one operation. The second signature, without options, is the one that `ids.map(client.closeSession)` and
 * `mutationFn: client.closeSession` use: what these pass as a second argument is ignored.
 */
export interface Method<Id extends OperationId> {
  (...args: MethodArguments<Id>): Promise<Result<Id>>;
  (args: CallArguments<Id>): Promise<Result<Id>>;
}

/** No arguments need to be given where none is required. */
type MethodArguments<Id extends OperationId> =
  Record<never, never> extends CallArguments<Id>
    ? [args?: CallArguments<Id>, options?: CallOptions]
    : [args: CallArguments<Id>, options?: CallOptions];

/** The parameters of an operation by their names in the contract, and `body` where the operation takes one. */
export type CallArguments<Id extends OperationId> = Operations[Id]['parameters'] &
  BodyArgument<Operations[Id]>;

/** `contentType` chooses among several media types of a body; without it JSON, or the first one, is sent. */
type BodyArgument<Operation> = Operation extends { bodies: infer Bodies }
  ?
      | (Pick<Operation, 'body' & keyof Operation> & { readonly contentType?: undefined })
      | {
          [Type in keyof Bodies]: { readonly contentType: Type; readonly body: Bodies[Type] };
        }[keyof Bodies]
  : Pick<Operation, 'body' & keyof Operation>;
