import { allChecks } from './checks/all-checks.ts';

/** The checks of the kit in the order of a run: id, heading, what a correct server does, what it needs from a setup. */
export function listChecks(): { id: string; group: string; sentence: string; needs: string[] }[] {
  return allChecks.map(({ id, group, sentence, needs = [] }) => ({
    id,
    group,
    sentence,
    needs: [...needs],
  }));
}
