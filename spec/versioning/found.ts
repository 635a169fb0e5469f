import type { Change } from './change.ts';

/** A change before the place in the source is looked up. */
export type Found = Omit<Change, 'at'> & { pointer: string; gone: boolean };

export type Meaning = Pick<Found, 'rating' | 'what' | 'reason' | 'affects' | 'rule' | 'migration'>;

export type Add = (kind: Found['kind'], meaning: Meaning, values?: object) => void;

export const WORDING = {
  rating: 'patch',
  affects: ['readers'],
  rule: 'our/words',
  reason: 'The promise is the same in other words. If it is not, rate it higher by hand.',
} as const satisfies Partial<Meaning>;

/** Without the places that things were read from, extensions, and links to other documentation. */
export function bare(value: unknown): unknown {
  const isPlace = (key: string, node: unknown) => key === 'pointer' && `${node}`.startsWith('#/');
  return JSON.parse(
    JSON.stringify(value, (key, node) =>
      isPlace(key, node) || key === 'extensions' || key === 'externalDocs' ? undefined : node,
    ),
  );
}
