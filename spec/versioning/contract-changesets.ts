import { readChangesets } from '@changesets/read';
import { highest, type Rating } from './rating.ts';

export const CONTRACT = '@sql-sessions/contract';

export interface ContractChangesets {
  /** How many changesets there are, whichever packages they name. */
  total: number;
  /** The highest bump that they ask for the contract. */
  rating: Rating;
  /** The texts of those that name the contract. */
  notes: string[];
}

/** What the changesets in `root` say about the contract. */
export async function contractChangesets(root: string): Promise<ContractChangesets> {
  const changesets = await readChangesets(root);
  const ours = changesets.flatMap(({ summary, releases }) =>
    releases.filter(({ name }) => name === CONTRACT).map(({ type }) => ({ summary, type })),
  );
  return {
    total: changesets.length,
    rating: highest(ours.map(({ type }) => type)),
    notes: ours.map(({ summary }) => summary),
  };
}
