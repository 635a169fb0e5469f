import type { CheckContext } from './check-context.ts';
import type { OperationModel } from './contract/contract-model.ts';
import type { Exchange } from './http/exchange.ts';
import type { Setup } from './setup.ts';

/** What only the server's side can provide: the keys of `Setup` that checks ask for. */
export type Capability =
  | 'live'
  | 'isOpen'
  | 'stuck'
  | 'innerFault'
  | 'secondTenant'
  | 'forbidden'
  | 'requiresToken'
  | 'repeats';

/** One rule that a server keeps or breaks, tried on every operation of the contract that it applies to. */
export interface Check {
  /** Stable name: reports, lists of known departures and test suites use it. */
  readonly id: string;
  /** What a server that keeps the contract does, in a sentence. */
  readonly sentence: string;
  /** Heading that it stands under in reports. */
  readonly group: string;
  /** JSON pointer of the place in the contract that the rule comes from, or the RFC where it is HTTP's own. */
  source(operation: OperationModel): string;
  /** Without these it is reported as not exercised. */
  readonly needs?: readonly Capability[];
  /** Whether the rule says anything about this operation of this server. Default: yes. */
  appliesTo?(operation: OperationModel, setup: Setup): boolean;
  run(context: CheckContext): Promise<void>;
}

/** What a check found, with the smallest request that shows it. */
export class CheckFailure extends Error {
  readonly exchange: Exchange | undefined;

  constructor(message: string, exchange?: Exchange) {
    super(message);
    this.name = 'CheckFailure';
    this.exchange = exchange;
  }
}

/** Thrown by a check that could not be tried. Its message says what was missing. */
export class NotExercised extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotExercised';
  }
}
