import type { Operation } from '@sql-sessions/contract/model';
import type { Setup } from '../setup/setup.ts';
import type { CheckContext } from './check-context.ts';
import type { Level } from './failure.ts';
import type { Source } from './operations.ts';

/** What only the server's side can provide: the keys of `Setup` that checks ask for. */
export type Capability =
  | 'live'
  | 'isOpen'
  | 'stuck'
  | 'innerFault'
  | 'secondTenant'
  | 'forbidden'
  | 'requiresToken'
  | 'retries';

/** One rule that a server keeps or breaks, tried on every operation of the contract that it applies to. */
export interface Check {
  /** Stable name: reports, lists of known departures and test suites use it. */
  readonly id: string;
  /** What a correct server does, in a sentence. */
  readonly sentence: string;
  /** Heading that it stands under in reports. */
  readonly group: string;
  /** What its findings go back to, where they say nothing else. */
  readonly level: Level;
  /** JSON pointer of the place in the contract that the rule comes from, or the RFC where it is HTTP's own. */
  readonly source: Source;
  /** How to fix it in the usual frameworks. */
  readonly hint: string;
  /** Without these it is reported as not exercised. */
  readonly needs?: readonly Capability[];
  /** It judges what other checks have sent, and sends nothing itself. */
  readonly passive?: boolean;
  /** Whether the rule says anything about this operation of this server. Default: yes. */
  appliesTo?(operation: Operation, setup: Setup): boolean;
  run(context: CheckContext): Promise<void>;
}
