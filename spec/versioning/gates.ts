import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Change } from './change.ts';
import { readChangelog } from './changelog.ts';
import { bumpOf, CONTRACT, readChangesets } from './changesets.ts';
import { checkDeprecation } from './check-deprecation.ts';
import { checkHistory } from './check-history.ts';
import { checkNotes } from './check-notes.ts';
import { type ContractDiff, contractDiff } from './contract-diff.ts';
import type { Findings, Problems } from './findings.ts';
import { toText } from './print-diff.ts';
import { covers, highest } from './rating.ts';
import { frozenReleases, lastStable } from './releases.ts';
import { publishedPackages } from './workspace.ts';

/** Whether the changes are covered, the frozen releases untouched and the versions equal. */
export async function checkAll(root: string): Promise<Findings> {
  const { problems, notChecked } = await checkChanges(root);
  return { problems: [...problems, ...(await checkVersions(root))], notChecked };
}

/** Whether the changes are covered and the frozen releases untouched: what a release needs. */
export async function checkChanges(root: string): Promise<Findings> {
  const covered = await checkCovered(root);
  const history = await checkHistory(root);
  // A note about what nobody has covered yet is not missed.
  const notes = covered.length > 0 ? { problems: [], notChecked: [] } : await checkNotes(root);
  return {
    problems: [
      ...covered,
      ...(await checkFrozen(root)),
      ...history.problems,
      ...(await checkDeprecation(root, new Date().toISOString().slice(0, 10))),
      ...notes.problems,
    ],
    notChecked: [...history.notChecked, ...notes.notChecked],
  };
}

/**
 * Compares the working contract with the newest frozen one that is not a pre-release, by which changesets count as well;
 * undefined while there is none. What the changesets say about unknown changes is their rating.
 */
export async function diffSinceRelease(
  root: string,
): Promise<{ since: string; diff: ContractDiff } | undefined> {
  const spec = join(root, 'spec');
  const frozen = await frozenReleases(spec);
  const last = lastStable(frozen);
  if (last === undefined) return undefined;
  const diff = await contractDiff(last.file, join(spec, 'sessions.yaml'));
  const verdicts = (await readChangesets(root)).all.flatMap((changeset) => changeset.verdicts);
  const changes = diff.changes.map((change): Change => {
    const verdict = verdicts.find(({ pointer }) => pointer === change.pointer);
    if (change.rating !== 'unknown' || verdict === undefined) return change;
    const { rating, reason } = verdict;
    return {
      ...change,
      rating,
      rule: 'our/verdict',
      reason,
      ...(rating === 'major' && { migration: 'Read what the notes say about it.' }),
    };
  });
  return {
    since: last.version,
    diff: { ...diff, changes, rating: highest(changes.map(({ rating }) => rating)) },
  };
}

/** The changesets must ask for at least what the change of the contract means. */
export async function checkCovered(root: string): Promise<Problems> {
  const { all, problems } = await readChangesets(root);
  const compared = await diffSinceRelease(root);
  if (compared === undefined || problems.length > 0) return problems;
  const { diff, since } = compared;
  for (const { file, pointer, rating } of all.flatMap(({ verdicts }) => verdicts)) {
    if (diff.changes.some((change) => change.rule === 'our/verdict' && change.pointer === pointer))
      continue;
    problems.push(
      `${file}: nothing unknown changed at ${pointer}, so the verdict ${rating} is about nothing. Delete that line, or take the pointer from: pnpm contract:diff`,
    );
  }
  const unknown = diff.changes.filter(({ rating }) => rating === 'unknown');
  if (unknown.length > 0) {
    const lines = unknown.map(({ pointer }) => `  verdict: ${pointer} minor because …`);
    problems.push(
      `${toText({ ...diff, changes: unknown }, since)}\n\nNo rule knows what this means. Say it in a changeset of ${CONTRACT}, with patch, minor or major and your reason:\n${[...new Set(lines)].join('\n')}`,
    );
    return problems;
  }
  const rating = bumpOf(all, CONTRACT);
  if (covers(rating, diff.rating)) return problems;
  const present =
    rating === 'none' ? `no changeset names ${CONTRACT}` : `the changesets ask for a ${rating}`;
  return [
    ...problems,
    `${toText(diff, since)}\n\nThe contract needs a ${diff.rating} changeset, but ${present}. To add it:\n` +
      `  pnpm changeset add --${diff.rating} ${CONTRACT} --message "What changed, and what callers do about it"`,
  ];
}

/** Each frozen contract is in the changelog, with its digest. */
export async function checkFrozen(root: string): Promise<Problems> {
  const spec = join(root, 'spec');
  const frozen = await frozenReleases(spec);
  const { releases } = await readChangelog(spec);
  const problems: Problems = [];
  for (const { version, sha256 } of releases) {
    const file = frozen.find((release) => release.version === version);
    if (file === undefined)
      problems.push(`spec/releases/${version}.yaml is missing. Restore it from git.`);
    else if (file.sha256 !== sha256) {
      problems.push(
        `spec/releases/${version}.yaml changed after its release. Restore it from git.`,
      );
    }
  }
  for (const { version } of frozen) {
    if (releases.some((release) => release.version === version)) continue;
    problems.push(
      `spec/releases/${version}.yaml is not in spec/changelog.json: only \`pnpm release:version\` writes either.`,
    );
  }
  return problems;
}

/** One version everywhere: packages, `info.version`, the constant in the types, the newest frozen contract. */
export async function checkVersions(root: string): Promise<Problems> {
  const spec = join(root, 'spec');
  const read = (file: string) => readFile(join(spec, file), 'utf8').catch(() => '');
  const contract = parse(await read('sessions.yaml')) as { info?: { version?: string } } | null;
  const claims: [string, string | undefined][] = [
    ...(await publishedPackages(root)).map(({ folder, manifest }): [string, string] => [
      `${folder}/package.json`,
      manifest.version,
    ]),
    ['info.version in spec/sessions.yaml', contract?.info?.version],
    ['version in spec/dist/index.js', /version = "([^"]*)"/.exec(await read('dist/index.js'))?.[1]],
    [
      'version in spec/dist/index.d.ts',
      /version: "([^"]*)"/.exec(await read('dist/index.d.ts'))?.[1],
    ],
    ['the newest file in spec/releases', (await frozenReleases(spec)).at(-1)?.version],
    ['the newest release in spec/changelog.json', (await readChangelog(spec)).releases[0]?.version],
  ];
  if (new Set(claims.map(([, version]) => version)).size === 1) return [];
  const list = claims.map(([place, version]) => `  ${version ?? 'none'}  ${place}`).join('\n');
  return [
    `The versions do not agree:\n${list}\nOnly \`pnpm release:version\` writes them. Put back what was edited by hand, then run \`pnpm build\`.`,
  ];
}
