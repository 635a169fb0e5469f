import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseDocument } from 'yaml';
import { buildContract } from '../build/build-contract.ts';
import { readChangelog, writeChangelog } from './changelog.ts';
import { contractChangesets } from './contract-changesets.ts';
import { checkCovered, checkFrozen, diffSinceRelease } from './gates.ts';
import { frozenReleases } from './releases.ts';
import { UsageError } from './usage-error.ts';

/**
 * Makes the next version in the working tree: changesets raise the package versions, and the contract follows.
 * `info.version` is written, the contract is frozen and both changelogs get their entry. Returns the new version.
 * While nothing is frozen yet, the version that the packages have already is the first release.
 */
export async function release(root: string, date: string): Promise<string> {
  const spec = join(root, 'spec');
  const problems = [...(await checkCovered(root)), ...(await checkFrozen(root))];
  if (problems.length > 0) throw new UsageError(problems.join('\n\n'));

  const compared = await diffSinceRelease(root);
  const { total, notes } = await contractChangesets(root);
  if (compared !== undefined && total === 0) {
    throw new UsageError(
      'There are no changesets, so there is nothing to release. Add one with: pnpm changeset',
    );
  }
  if (total > 0) await changesetVersion(root);

  const version = await packageVersion(spec);
  await writeInfoVersion(join(spec, 'sessions.yaml'), version);
  const built = await buildContract(spec);
  if (!built.ok) throw new UsageError(built.report);
  await freeze(spec, version);

  const frozen = (await frozenReleases(spec)).find((file) => file.version === version);
  const { releases } = await readChangelog(spec);
  await writeChangelog(spec, {
    releases: [
      {
        version,
        date,
        sha256: frozen?.sha256 ?? '',
        rating: compared?.diff.rating ?? 'none',
        notes: compared === undefined ? ['The first release.', ...notes] : notes,
        changes: (compared?.diff.changes ?? []).map(({ at: _, pointer: __, ...change }) => change),
      },
      ...releases,
    ],
  });
  return version;
}

async function changesetVersion(root: string): Promise<void> {
  const manifest = createRequire(join(root, 'package.json')).resolve(
    '@changesets/cli/package.json',
  );
  const cli = join(manifest, '..', 'bin.js');
  try {
    await promisify(execFile)(process.execPath, [cli, 'version'], { cwd: root });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new UsageError(`changeset version failed:\n${stdout}${stderr}`);
  }
}

async function packageVersion(spec: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(spec, 'package.json'), 'utf8'));
  return version;
}

/** Replaces the value of `info.version` and not one other byte. */
async function writeInfoVersion(file: string, version: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const node = parseDocument(text).getIn(['info', 'version'], true) as {
    range: [number, number, number];
  };
  const [start, end] = node.range;
  await writeFile(file, text.slice(0, start) + version + text.slice(end));
}

async function freeze(spec: string, version: string): Promise<void> {
  await mkdir(join(spec, 'releases'), { recursive: true });
  await copyFile(join(spec, 'dist', 'openapi.yaml'), join(spec, 'releases', `${version}.yaml`));
}
