import type { Row } from './results-file.ts';
import { pairedRatio, summarise } from './statistics.ts';

/**
 * Measures each contender once per round, in an order that rotates, so that none of them always follows the same
 * neighbour and a slow minute hits all of them alike.
 * @returns the sample of each contender; position `i` is round `i`
 */
export async function interleave<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >;
  for (let round = 0; round < rounds; round += 1) {
    for (let step = 0; step < names.length; step += 1) {
      const name = names[(round + step) % names.length] as Name;
      samples[name].push(await contenders[name]());
    }
  }
  return samples;
}

/** One row per contender, each with its ratio to the baseline. */
export function toRows(
  samples: Readonly<Record<string, readonly number[]>>,
  { baseline, ...facts }: Pick<Row, 'metric' | 'unit' | 'at'> & { baseline?: string },
): Row[] {
  const reference = baseline === undefined ? undefined : samples[baseline];
  return Object.entries(samples).map(([who, sample]) => ({
    who,
    ...facts,
    ...summarise(sample),
    ...(reference && { ratio: pairedRatio(sample, reference) }),
  }));
}
