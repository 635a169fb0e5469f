import type { CheckReport } from './report.ts';

/** Check reports under their headings, in the order of the run. */
export function byGroup(checks: readonly CheckReport[]): Map<string, CheckReport[]> {
  const groups = new Map<string, CheckReport[]>();
  for (const check of checks) {
    const group = groups.get(check.group);
    if (group) group.push(check);
    else groups.set(check.group, [check]);
  }
  return groups;
}
