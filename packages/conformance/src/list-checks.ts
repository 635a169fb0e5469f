import { allChecks } from './checks/all-checks.ts';
import type { Level } from './http/level.ts';

export interface ListedCheck {
  readonly id: string;
  /** Heading in reports. */
  readonly group: string;
  readonly level: Level;
  /** What a correct server does. */
  readonly sentence: string;
  /** Capabilities of a setup without which it is not exercised. */
  readonly needs: readonly string[];
}

/** The checks of the kit in the order of a run. */
export function listChecks(): ListedCheck[] {
  return allChecks.map(({ id, group, level, sentence, needs = [] }) => ({
    id,
    group,
    level,
    sentence,
    needs: [...needs],
  }));
}
