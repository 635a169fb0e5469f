/** The problems a gate found, each in words for who has to fix it. Empty: the gate is open. */
export type Problems = string[];

export interface Findings {
  problems: Problems;
  /** What nobody could find out, and for what reason: closed in CI, and said loudly elsewhere. */
  notChecked: string[];
}
