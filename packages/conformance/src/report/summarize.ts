import { LEVELS } from '../http/level.ts';
import type { CheckReport, Report } from './report.ts';

/** `62 passed, 1 failed, 2 known departures, 3 not exercised`, without what there is none of. */
export function summarize({ summary }: Report): string {
  const { passed, failed, known, 'not-exercised': notExercised } = summary;
  return [
    `${passed} passed`,
    failed > 0 && `${failed} failed`,
    known > 0 && `${known} known ${known === 1 ? 'departure' : 'departures'}`,
    notExercised > 0 && `${notExercised} not exercised`,
  ]
    .filter((part) => part)
    .join(', ');
}

const BROKEN = {
  contract: 'The contract is broken',
  http: 'HTTP is broken',
  hardening: 'It could be harder',
} as const;

/** The verdict on a run in a sentence or two. */
export function verdict({ summary, ok, failed, cutShort, error }: Report): string {
  if (error !== null) return `Nothing can be said from some point on: ${error}`;
  const broken = LEVELS.filter((level) => failed[level] > 0).map(
    (level) => `${BROKEN[level]} in ${failed[level]} ${failed[level] === 1 ? 'place' : 'places'}.`,
  );
  if (cutShort !== null) return [...broken, `The run was cut short: ${cutShort}.`].join(' ');
  if (failed.contract > 0) return broken.join(' ');
  const kept =
    summary['not-exercised'] > 0
      ? 'The contract is kept in everything that was tried.'
      : summary.known > 0
        ? 'The contract is kept, but for the known departures.'
        : 'The contract is kept.';
  if (!ok && broken.length === 0) return 'Nothing is broken, but not everything was tried.';
  return [kept, ...broken].join(' ');
}

/** Whether a failed check fails the run. */
export function counts({ level }: Report, check: Pick<CheckReport, 'level'>): boolean {
  return LEVELS.indexOf(check.level) <= LEVELS.indexOf(level);
}

/** What the setup would have to give for the checks that were not exercised, in one line; empty: nothing. */
export function wanted({ checks }: Report): string {
  const left = checks.filter(({ outcome }) => outcome === 'not-exercised');
  const names = left.flatMap(({ reason }) =>
    [...reason.matchAll(/`([\w.]+)`/g)].map(([, name]) => name),
  );
  const missing = [...new Set(names)];
  if (left.length === 0) return '';
  const count = `${left.length} ${left.length === 1 ? 'check was' : 'checks were'} not exercised.`;
  return missing.length === 0
    ? count
    : `${count} For more, the setup would have to give: ${missing.join(', ')}.`;
}
