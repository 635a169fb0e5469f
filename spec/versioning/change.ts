import type { Rating } from './rating.ts';

/** Who has to know about a change. */
export type Audience = 'callers' | 'servers' | 'types' | 'readers';

/** One change of the contract, rated by the policy in docs/versioning.md. */
export interface Change {
  rating: Exclude<Rating, 'none'>;
  /** JSON pointer of the place in the contract's document. */
  pointer: string;
  kind: 'added' | 'removed' | 'modified';
  /** Where, for people: `DELETE /v1/… › responses › 404`. */
  where: string;
  /** What, in one sentence. */
  what: string;
  before?: unknown;
  after?: unknown;
  reason: string;
  affects: Audience[];
  /** What to do about a breaking change, in one line. */
  migration?: string;
  /** The rule that rated it: one of Redocly's (`operation-removed`), or one of ours (`our/…`). */
  rule: string;
  /** The place in the working contract (in the last release for what was removed). */
  at: { file: string; line: number; column: number };
}
