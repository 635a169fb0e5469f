import type { Level } from '../http/level.ts';

/** `known`: it fails and stands in the list of known departures. */
export type Outcome = 'passed' | 'failed' | 'known' | 'not-exercised';

/** What a run found. Plain data: this is what `--json` writes. Tokens are masked. */
export interface Report {
  readonly kit: { readonly name: string; readonly version: string };
  readonly contract: { readonly title: string; readonly version: string };
  readonly baseUrl: string;
  /** Give it to the next run for the same inputs. */
  readonly seed: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly requests: number;
  /** From which level on a finding fails the run: `hardening` counts all of them. */
  readonly level: Level;
  /**
   * No check failed at a level that counts, and nothing ended the run early; with `strict`, none was left out either.
   */
  readonly ok: boolean;
  readonly summary: Readonly<Record<Outcome, number>>;
  /** Failed checks by level. */
  readonly failed: Readonly<Record<Level, number>>;
  /** Which limit ended the run early; null: none. */
  readonly cutShort: string | null;
  /** How the setup failed; null: it did not. Nothing is said about the server from there on. */
  readonly error: string | null;
  /** What the run did on its own account, and what the contract has that the kit does not judge. */
  readonly notes: readonly string[];
  readonly checks: readonly CheckReport[];
  readonly statuses: readonly StatusReport[];
  /** The parts of the contract that checks refer to, by JSON pointer. */
  readonly places: Readonly<Record<string, unknown>>;
}

export interface CheckReport {
  readonly id: string;
  /** `operationId` in the contract. */
  readonly operation: string;
  readonly group: string;
  readonly sentence: string;
  /** What its gravest finding goes back to; without one, what its findings would. */
  readonly level: Level;
  /** JSON pointer into the contract, or the URL of the RFC where the rule is HTTP's own. */
  readonly source: string;
  readonly outcome: Outcome;
  /** What was missing where it was not exercised, or what excuses the departure. Empty otherwise. */
  readonly reason: string;
  /** How to fix it in the usual frameworks, where it failed. Empty otherwise. */
  readonly hint: string;
  readonly requests: number;
  readonly durationMs: number;
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly message: string;
  readonly level: Level;
  /** Shell command that sends the request again; null where no single request shows it. */
  readonly curl: string | null;
  /** The request as sent, shortened. */
  readonly request: string | null;
  /** The response as received, shortened; null: there was none. */
  readonly response: string | null;
}

/** A status that the contract documents for an operation, and whether the run has seen it. */
export interface StatusReport {
  readonly operation: string;
  /** As the contract has it: `404`, `4XX`, `default`. */
  readonly status: string;
  /** Number of responses with it. */
  readonly seen: number;
  /** JSON pointer into the contract. */
  readonly source: string;
}
