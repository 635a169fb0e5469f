import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { printRelease, readChangelog } from './changelog.ts';
import { UsageError } from './usage-error.ts';

/**
 * Makes the GitHub release of the newest version with `gh`: the tag `v<version>` on `target`, the changelog as its
 * text, and the frozen contract, the changelog for machines and the bills of materials attached.
 * Returns false if the release is there already.
 */
export async function githubRelease(root: string, target: string | undefined): Promise<boolean> {
  const spec = join(root, 'spec');
  const [newest] = (await readChangelog(spec)).releases;
  if (newest === undefined) throw new UsageError('Nothing is released yet.');
  if (target === undefined)
    throw new UsageError('Set TARGET to the commit that the tag belongs on.');
  const bills = join(root, '.release');
  const names = (await readdir(bills).catch(() => [])).filter((name) =>
    name.endsWith(`-${newest.version}.cdx.json`),
  );
  if (names.length === 0)
    throw new UsageError('There are no bills of materials: run `pnpm release:sbom` first.');

  const tag = `v${newest.version}`;
  if (await exists(root, tag)) return false;
  await gh(root, [
    'release',
    'create',
    tag,
    '--target',
    target,
    '--title',
    newest.version,
    '--notes',
    printRelease(newest),
    join(spec, 'releases', `${newest.version}.yaml`),
    join(spec, 'changelog.json'),
    ...names.sort().map((name) => join(bills, name)),
  ]);
  return true;
}

async function exists(root: string, tag: string): Promise<boolean> {
  try {
    await promisify(execFile)('gh', ['release', 'view', tag], { cwd: root });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new UsageError('gh is not installed: https://cli.github.com');
    return false;
  }
}

async function gh(root: string, args: string[]): Promise<void> {
  try {
    await promisify(execFile)('gh', args, { cwd: root });
  } catch (error) {
    throw new UsageError(
      `gh ${args[0]} ${args[1]} failed: ${(error as { stderr?: string }).stderr ?? ''}`,
    );
  }
}
