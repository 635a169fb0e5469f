import { join } from 'node:path';
import { isDay, SUNSET } from '../build/sunset.ts';
import type { Operation } from '../src/model.ts';
import type { Problems } from './findings.ts';
import { readSource } from './read-source.ts';
import { frozenReleases, lastStable } from './releases.ts';

/**
 * What is deprecated says how long it still works, and works that long.
 * @param today the day, as `2026-11-24`
 */
export async function checkDeprecation(root: string, today: string): Promise<Problems> {
  const spec = join(root, 'spec');
  const last = lastStable(await frozenReleases(spec));
  const { contract } = await readSource(join(spec, 'sessions.yaml'));
  const problems: Problems = [];
  for (const operation of contract.operations) {
    if (operation.deprecated && !isDay(sunsetOf(operation)))
      problems.push(
        `${operation.id} is deprecated and does not say until when it works. Add \`${SUNSET}: YYYY-MM-DD\` beside \`deprecated\`, at least six months from its release.`,
      );
  }
  if (last === undefined) return problems;
  const now = new Map(contract.operations.map((one) => [`${one.method} ${one.path}`, one]));
  for (const old of (await readSource(last.file)).contract.operations) {
    const until = sunsetOf(old);
    if (!old.deprecated || !isDay(until)) continue;
    const present = now.get(`${old.method} ${old.path}`);
    const kept = present === undefined ? today : present.deprecated ? sunsetOf(present) : until;
    if (isDay(kept) && kept >= until) continue;
    problems.push(
      present === undefined
        ? `${old.id} was promised until ${until} and is gone. Put it back, or wait until that day.`
        : `${old.id} was promised until ${until} and is now until ${kept}. Such a day can only move back.`,
    );
  }
  return problems;
}

function sunsetOf({ extensions }: Operation): unknown {
  return extensions[SUNSET];
}
