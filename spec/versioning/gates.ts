import { execFile } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { readChangelog } from './changelog.ts';
import { CONTRACT, contractChangesets } from './contract-changesets.ts';
import { type ContractDiff, contractDiff } from './contract-diff.ts';
import { toText } from './print-diff.ts';
import { covers } from './rating.ts';
import { frozenReleases } from './releases.ts';
import { publishedPackages } from './workspace.ts';

/** The problems a gate found, each in words for who has to mend it. Empty: the gate is open. */
export type Problems = string[];

/** Compares the working contract with the newest frozen one; undefined while there is none. */
export async function diffSinceRelease(
  root: string,
): Promise<{ since: string; diff: ContractDiff } | undefined> {
  const spec = join(root, 'spec');
  const last = (await frozenReleases(spec)).at(-1);
  if (last === undefined) return undefined;
  return { since: last.version, diff: await contractDiff(last.file, join(spec, 'sessions.yaml')) };
}

/** The changesets must ask for at least what the change of the contract means. */
export async function checkCovered(root: string): Promise<Problems> {
  const compared = await diffSinceRelease(root);
  if (compared === undefined) return [];
  const { diff, since } = compared;
  const changesets = await contractChangesets(root);
  if (covers(changesets.rating, diff.rating)) return [];
  const present =
    changesets.rating === 'none'
      ? `no changeset names ${CONTRACT}`
      : `the changesets ask for a ${changesets.rating}`;
  return [
    `${toText(diff, since)}\n\nThe contract needs a ${diff.rating} changeset, but ${present}. To add it:\n` +
      `  pnpm changeset add --${diff.rating} ${CONTRACT} --message "What changed, and what callers do about it"`,
  ];
}

/** A frozen contract is what somebody has installed: it never changes and never goes away. */
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
  for (const file of await editedInHistory(root)) {
    problems.push(
      `${file} was changed or removed by a commit, although it is frozen. Revert that commit.`,
    );
  }
  return problems;
}

/** Frozen files that were ever changed or removed, in the working tree or in any commit that git knows. */
async function editedInHistory(root: string): Promise<string[]> {
  const git = async (...args: string[]) =>
    (await promisify(execFile)('git', args, { cwd: root })).stdout;
  try {
    // A copy inside somebody else's repository has no history of its own.
    if (
      (await realpath((await git('rev-parse', '--show-toplevel')).trim())) !==
      (await realpath(root))
    )
      return [];
    const paths = ['--', 'spec/releases/*.yaml'];
    const kinds = ['--diff-filter=a', '--no-renames', '--name-only'];
    const names =
      (await git('log', '--format=', ...kinds, ...paths)) +
      (await git('diff', 'HEAD', ...kinds, ...paths));
    return [...new Set(names.split('\n').filter((name) => name !== ''))];
  } catch {
    // Not a git checkout, a tarball for instance: the digests in changelog.json are all there is.
    return [];
  }
}

/** One version everywhere: packages, `info.version`, the constant in the types, the newest frozen contract. */
export async function checkVersions(root: string): Promise<Problems> {
  const spec = join(root, 'spec');
  const read = (file: string) => readFile(join(spec, file), 'utf8').catch(() => '');
  const { info } = parse(await read('sessions.yaml')) as { info: { version: string } };
  const claims: [string, string | undefined][] = [
    ...(await publishedPackages(root)).map(({ folder, manifest }): [string, string] => [
      `${folder}/package.json`,
      manifest.version,
    ]),
    ['info.version in spec/sessions.yaml', info.version],
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
