import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stableJson } from './canonical/stable-json.ts';
import { type Changelog, readChangelog } from './changelog.ts';
import type { Findings } from './findings.ts';
import { type Git, openHistory } from './git.ts';

const FOLDER = 'spec/releases';

/**
 * A frozen contract is what somebody has installed: it stays as the commit that brought it left it, and so does its
 * entry in the changelog. It is the content that counts: an edit that was taken back is none.
 */
export async function checkHistory(root: string): Promise<Findings> {
  const git = await openHistory(root);
  if (typeof git !== 'function')
    return {
      problems: [],
      notChecked: [`whether the frozen releases are as they were published, because ${git.reason}`],
    };
  const { releases } = await readChangelog(join(root, 'spec'));
  const problems: string[] = [];
  for (const [file, commit] of await firstCommits(git)) {
    const version = file.slice(FOLDER.length + 1, -'.yaml'.length);
    const first = await git('show', `${commit}:${file}`);
    const now = await readFile(join(root, file), 'utf8').catch(() => undefined);
    const restore = `Restore it: git checkout ${commit.slice(0, 12)} -- ${file}`;
    if (now === undefined) problems.push(`${file} was removed, although it is frozen. ${restore}`);
    else if (now.replaceAll('\r\n', '\n') !== first.replaceAll('\r\n', '\n'))
      problems.push(`${file} is not what it was when it was frozen. ${restore}`);
    const published = await entryAt(git, commit, version);
    const entry = releases.find((release) => release.version === version);
    if (published !== undefined && stableJson(entry) !== stableJson(published)) {
      problems.push(
        `The entry of ${version} in spec/changelog.json is not what it was when it was released. Put it back: git show ${commit.slice(0, 12)}:spec/changelog.json`,
      );
    }
  }
  return { problems, notChecked: [] };
}

/** Each file that was ever in the folder, with the commit that brought it; merges are looked into. */
async function firstCommits(git: Git): Promise<Map<string, string>> {
  const log = await git(
    'log',
    '-m',
    '--topo-order',
    '--diff-filter=A',
    '--no-renames',
    '--format=commit %H',
    '--name-only',
    '--',
    `${FOLDER}/*.yaml`,
  );
  const first = new Map<string, string>();
  let commit = '';
  for (const line of log.split('\n')) {
    if (line.startsWith('commit ')) commit = line.slice('commit '.length);
    // From the newest to the oldest: the last one stays.
    else if (line !== '') first.set(line, commit);
  }
  return first;
}

async function entryAt(git: Git, commit: string, version: string): Promise<unknown> {
  try {
    const { releases } = JSON.parse(
      await git('show', `${commit}:spec/changelog.json`),
    ) as Changelog;
    return releases.find((release) => release.version === version);
  } catch {
    // That commit has no changelog yet.
    return undefined;
  }
}
