import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Change } from './change.ts';
import { CONTRACT, readChangesets } from './changesets.ts';
import { contractDiff } from './contract-diff.ts';
import type { Findings } from './findings.ts';
import { type Git, openHistory } from './git.ts';
import { UsageError } from './usage-error.ts';

const CONTRACT_FILE = 'spec/sessions.yaml';

/**
 * Every change gets a note. One that came after all changesets were written rides on a note about something else.
 */
export async function checkNotes(root: string): Promise<Findings> {
  const { all } = await readChangesets(root);
  const files = all.filter(({ bumps }) => bumps.has(CONTRACT)).map(({ file }) => file);
  if (files.length === 0) return { problems: [], notChecked: [] };
  const git = await openHistory(root);
  const unknown = (reason: string): Findings => ({
    problems: [],
    notChecked: [`whether every change of the contract has a note, because ${reason}`],
  });
  if (typeof git !== 'function') return unknown(git.reason);
  // Who is writing a changeset right now knows what it is about.
  if ((await git('status', '--porcelain', '--untracked-files=all', '--', ...files)).trim() !== '')
    return { problems: [], notChecked: [] };

  const folder = await mkdtemp(join(tmpdir(), 'contract-notes-'));
  try {
    let later: Change[] | undefined;
    for (const file of files) {
      const commit = (await git('log', '-1', '--format=%H', '--', file)).trim();
      const then = await writeSpec(git, commit, join(folder, commit));
      const { changes } = await contractDiff(then, join(root, CONTRACT_FILE));
      const heavy = changes.filter(({ rating }) => rating !== 'patch');
      later = (later ?? heavy).filter((one) => heavy.some((other) => isSame(one, other)));
    }
    return {
      problems: (later ?? []).map(
        ({ what, where }) =>
          `${what.replace(/\.$/, '')} (${where}) after the last changeset was written, so no note tells of it. Add a changeset: pnpm changeset`,
      ),
      notChecked: [],
    };
  } catch (error) {
    if (error instanceof UsageError) return unknown(error.message);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the contract of a commit into a folder, with the files that it may refer to. */
async function writeSpec(git: Git, commit: string, folder: string): Promise<string> {
  const names = await git('ls-tree', '-r', '-z', '--name-only', commit, '--', 'spec');
  for (const name of names.split('\0').filter((one) => /\.(ya?ml|json)$/.test(one))) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await git('show', `${commit}:${name}`));
  }
  return join(folder, CONTRACT_FILE);
}

function isSame(a: Change, b: Change): boolean {
  return a.pointer === b.pointer && a.what === b.what;
}
