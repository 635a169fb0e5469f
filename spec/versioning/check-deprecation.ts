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
  const before = (last && (await readSource(last.file)).contract.operations) ?? [];
  const problems: Problems = [];
  const earliest = sixMonthsAfter(today);
  const promised = new Set(before.filter(({ deprecated }) => deprecated).map(keyOf));
  for (const operation of contract.operations) {
    const until = sunsetOf(operation);
    if (!operation.deprecated) continue;
    if (!isDay(until))
      problems.push(
        `${operation.id} is deprecated and does not say until when it works. Add \`${SUNSET}: YYYY-MM-DD\` beside \`deprecated\`, ${earliest} or later: six months from its release.`,
      );
    else if (!promised.has(keyOf(operation)) && until < earliest)
      problems.push(
        `${operation.id} is deprecated and works until ${until}, less than six months from a release today. Its \`${SUNSET}\` has to be ${earliest} or later.`,
      );
  }
  const now = new Map(contract.operations.map((one) => [keyOf(one), one]));
  for (const old of before) {
    const until = sunsetOf(old);
    if (!old.deprecated || !isDay(until)) continue;
    const present = now.get(keyOf(old));
    const kept = present === undefined ? today : present.deprecated ? sunsetOf(present) : until;
    if (isDay(kept) && kept >= until) continue;
    problems.push(
      present === undefined
        ? `${old.id} was promised until ${until} and is gone. Put it back, or wait until that day.`
        : `${old.id} was promised until ${until} and is now until ${kept}. Such a day may be put off, never brought forward.`,
    );
  }
  return problems;
}

/** An operation goes on being itself when a parameter of its path is called otherwise. */
function keyOf({ method, path }: Operation): string {
  return `${method} ${path.replace(/\{[^}]*\}/g, '{}')}`;
}

/** The same day of the month, or its last one: six months after August 31 is February 28 or 29. */
function sixMonthsAfter(today: string): string {
  const day = new Date(today);
  const date = day.getUTCDate();
  day.setUTCMonth(day.getUTCMonth() + 6);
  if (day.getUTCDate() !== date) day.setUTCDate(0);
  return day.toISOString().slice(0, 10);
}

function sunsetOf({ extensions }: Operation): unknown {
  return extensions[SUNSET];
}
