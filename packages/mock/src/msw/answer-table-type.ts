import type { ContractModel } from '../contract/contract-model.ts';
import type { Answer } from '../door/problem.ts';

/** JSON Schema, as the contract has it. */
export type JsonSchema = Record<string, unknown>;

/**
 * The answers that Prism gives for a contract, asked for when this package was built. Prism itself does not run in
 * a browser; its answers do.
 */
export interface AnswerTable {
  readonly model: ContractModel;
  /** By the id of the operation. */
  readonly operations: Readonly<Record<string, OperationAnswers>>;
}

export interface OperationAnswers {
  readonly parameters: readonly {
    readonly in: 'path' | 'query' | 'header';
    readonly name: string;
    readonly required: boolean;
    readonly schema: JsonSchema;
  }[];
  /** Undefined where the operation takes no body. */
  readonly body?: {
    readonly required: boolean;
    readonly contents: readonly { readonly mediaType: string; readonly schema: JsonSchema }[];
  };
  /** Whether a call without credentials is refused even without the strict-token mode. */
  readonly needsToken: boolean;
  /** By what is accepted, then by what is wanted: `` for the usual one, `404`, `404:NotFound`. */
  readonly answers: Readonly<Record<Accepted, Readonly<Record<string, Answer>>>>;
  /** What a call gets that breaks a rule. */
  readonly refused: {
    readonly invalid: Answer;
    readonly unsupportedType: Answer;
    readonly noToken: Answer;
  };
}

/** What a caller accepts: nothing said, JSON, anything, or something else. */
export type Accepted = 'unsaid' | 'json' | 'any' | 'other';

export const ACCEPT_HEADERS: Readonly<Record<Accepted, string | undefined>> = {
  unsaid: undefined,
  json: 'application/json',
  any: '*/*',
  other: 'text/html',
};
