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
  /** Milliseconds. */
  readonly duration: number;
  readonly requests: number;
  /** No check failed; with `strict`, none was left out either. */
  readonly ok: boolean;
  readonly summary: Readonly<Record<Outcome, number>>;
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
  /** JSON pointer into the contract, or the URL of the RFC where the rule is HTTP's own. */
  readonly source: string;
  readonly outcome: Outcome;
  /** Why it was not exercised, or why the departure is accepted. Empty otherwise. */
  readonly reason: string;
  readonly requests: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly message: string;
  /** Shell command that sends the request again; null where no single request shows it. */
  readonly curl: string | null;
  /** The request as sent, shortened. */
  readonly request: string | null;
  /** The answer as received, shortened; null: there was none. */
  readonly answer: string | null;
}

/** A status that the contract documents for an operation, and whether the run has seen it. */
export interface StatusReport {
  readonly operation: string;
  readonly status: number;
  /** Number of answers with it. */
  readonly seen: number;
  /** JSON pointer into the contract. */
  readonly source: string;
}
