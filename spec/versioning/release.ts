import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compare } from 'semver';
import { parseDocument } from 'yaml';
import { buildContract } from '../build/build-contract.ts';
import { type Release, readChangelog, writeChangelog } from './changelog.ts';
import { CONTRACT, dropVerdicts, notesOf, readChangesets } from './changesets.ts';
import { checkChanges, diffSinceRelease } from './gates.ts';
import { frozenReleases } from './releases.ts';
import { UsageError } from './usage-error.ts';
import { publishedPackages } from './workspace.ts';

/**
 * Makes the next version in the working tree: changesets raise the package versions, and the contract follows.
 * `info.version` is written, the contract is frozen and both changelogs get their entry. Returns the new version.
 * While nothing is frozen yet, the version that the packages have already is the first release.
 */
export async function release(root: string, date: string): Promise<string> {
  const spec = join(root, 'spec');
  const { problems } = await checkChanges(root);
  // A first release has nothing to agree with yet.
  const compared = await diffSinceRelease(root);
  if (compared !== undefined && problems.length > 0) throw new UsageError(problems.join('\n\n'));
  const { all } = await readChangesets(root);
  if (compared !== undefined && all.length === 0) {
    throw new UsageError(
      'There are no changesets, so there is nothing to release. Add one with: pnpm changeset',
    );
  }
  // Before any file changes: a contract with problems is not released.
  await build(spec);
  const others = (await publishedPackages(root)).filter(
    ({ manifest }) => manifest.name !== CONTRACT,
  );
  const packages = others.map(
    ({ manifest }) => [manifest.name, notesOf(all, manifest.name)] as const,
  );
  const told = Object.fromEntries(packages.filter(([, notes]) => notes.length > 0));
  if (all.length > 0) {
    await changesetVersion(root);
    await dropVerdicts(root);
  }

  const version = await packageVersion(spec);
  const before = await frozenReleases(spec);
  if (before.some((release) => release.version === version))
    throw new UsageError(
      `${version} is released already, and the changesets ask for no other version.`,
    );
  await writeInfoVersion(join(spec, 'sessions.yaml'), version);
  await build(spec);
  await freeze(spec, version);

  const frozen = (await frozenReleases(spec)).find((file) => file.version === version);
  const { releases } = await readChangelog(spec);
  const notes = notesOf(all, CONTRACT);
  const entry: Release = {
    version,
    date,
    sha256: frozen?.sha256 ?? '',
    rating: compared?.diff.rating ?? 'none',
    notes: compared === undefined ? ['The first release.', ...notes] : notes,
    ...(Object.keys(told).length > 0 && { packages: told }),
    changes: (compared?.diff.changes ?? []).map(({ at: _, pointer: __, ...change }) => change),
  };
  const sorted = [entry, ...releases].sort((a, b) => compare(b.version, a.version));
  await writeChangelog(spec, { releases: sorted });
  return version;
}

async function build(spec: string): Promise<void> {
  const built = await buildContract(spec);
  if (!built.ok) throw new UsageError(built.report);
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
