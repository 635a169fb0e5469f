import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from './change.ts';
import type { Rating } from './rating.ts';
import { UsageError } from './usage-error.ts';

/** `changelog.json` in the package: what changed in which version, for machines. Newest version first. */
export interface Changelog {
  releases: Release[];
}

export interface Release {
  version: string;
  /** Day of the release, UTC, `2026-11-24`. */
  date: string;
  /** Digest of the frozen contract, `releases/<version>.yaml`. */
  sha256: string;
  /** The highest rating of its changes; `none` where the contract stayed the same, and for the first release. */
  rating: Rating;
  /** What its authors wrote about the contract, one entry per changeset. */
  notes: string[];
  /** What they wrote about the other packages, by name; missing where there is nothing. */
  packages?: Record<string, string[]>;
  changes: ReleasedChange[];
}

export type ReleasedChange = Omit<Change, 'at' | 'pointer'>;

/** @throws {UsageError} one sentence, where it is not what the release step has written */
export async function readChangelog(spec: string): Promise<Changelog> {
  const text = await readFile(join(spec, 'changelog.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return { releases: [] };
  const file = 'spec/changelog.json';
  if (/^(<{7}|={7}|>{7})( |$)/m.test(text))
    throw new UsageError(
      `${file} has the marks of a merge that nobody has finished. Keep the entries of both sides, the highest version first.`,
    );
  try {
    const changelog = JSON.parse(text) as Changelog;
    if (changelog.releases.every(({ version, changes, notes }) => version && changes && notes))
      return changelog;
  } catch {
    // The same sentence.
  }
  throw new UsageError(
    `${file} is not what \`pnpm release:version\` writes. Restore it: git checkout HEAD -- ${file}`,
  );
}

/** Writes both forms: for machines, and the same for people. */
export async function writeChangelog(spec: string, changelog: Changelog): Promise<void> {
  await writeFile(join(spec, 'changelog.json'), `${JSON.stringify(changelog, null, 2)}\n`);
  await writeFile(join(spec, 'CHANGELOG.md'), printChangelog(changelog));
}

export function printChangelog({ releases }: Changelog): string {
  return `${['# Changelog of the contract', ...releases.map(printRelease)].join('\n\n')}\n`;
}

export function printRelease(release: Release): string {
  const parts = [`## ${release.version} (${release.date})`, ...release.notes];
  for (const [rating, title] of TITLES) {
    const changes = release.changes.filter((change) => change.rating === rating);
    if (changes.length > 0) parts.push(`### ${title}`, changes.map(printChange).join('\n'));
  }
  if (release.changes.length === 0 && release.notes.length === 0)
    parts.push('The contract itself did not change.');
  for (const [name, notes] of Object.entries(release.packages ?? {}))
    parts.push(`### ${name}`, notes.map((note) => `- ${note.replaceAll('\n', '\n  ')}`).join('\n'));
  return parts.join('\n\n');
}

const TITLES = [
  ['major', 'Breaking'],
  ['minor', 'New'],
  ['patch', 'Wording'],
] as const;

function printChange(change: ReleasedChange): string {
  const lines = [`- ${change.what} (${change.where})`];
  const values = printValues(change);
  if (values) lines.push(`  - before: ${values[0]}`, `  - after: ${values[1]}`);
  lines.push(`  - reason: ${change.reason} Concerns ${change.affects.join(', ')}.`);
  if (change.migration !== undefined) lines.push(`  - migration: ${change.migration}`);
  return lines.join('\n');
}

/** The values before and after on one line of Markdown each; undefined for none. */
export function printValues({
  kind,
  before,
  after,
}: Pick<Change, 'kind' | 'before' | 'after'>): [before: string, after: string] | undefined {
  if (kind !== 'modified' || (before === undefined && after === undefined)) return undefined;
  const [old = '', now = ''] = [before, after].map((value) => JSON.stringify(value));
  const print = (text: string) => (text === '' ? 'nothing' : `\`${text.replaceAll('`', "'")}\``);
  const [shownOld, shownNow] = cutToDifference(old, now);
  return [print(shownOld), print(shownNow)];
}

/** Characters of a value that are shown. */
const LONGEST = 160;

/** Two texts, long ones cut to where they differ. */
export function cutToDifference(old: string, now: string): [old: string, now: string] {
  let same = 0;
  while (same < old.length && old[same] === now[same]) same += 1;
  const cut = (text: string) => {
    const start = text.length > LONGEST && same > LONGEST / 2 ? same - 40 : 0;
    const shown = `${start > 0 ? '…' : ''}${text.slice(start)}`;
    return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown;
  };
  return [cut(old), cut(now)];
}
