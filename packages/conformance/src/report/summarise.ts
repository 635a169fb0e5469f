import type { Report } from './report.ts';

/** `62 passed, 1 failed, 2 known departures, 3 not exercised`, without what there is none of. */
export function summarise({ summary }: Report): string {
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

/** The verdict on a run in a sentence. */
export function verdict({ summary, ok }: Report): string {
  if (summary.failed > 0) {
    return `The contract is broken in ${summary.failed} ${summary.failed === 1 ? 'place' : 'places'}.`;
  }
  if (!ok) return 'Nothing is broken, but not everything was tried.';
  if (summary['not-exercised'] > 0) return 'The contract is kept in everything that was tried.';
  return summary.known > 0
    ? 'The contract is kept, but for the known departures.'
    : 'The contract is kept.';
}
