import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { lt, major, prerelease } from 'semver';
import { CONTRACT } from './changesets.ts';
import { ask, registryOf } from './registry.ts';

/** Publishes what is not published yet, with `changeset publish`. Returns its exit code. */
export async function publish(root: string, args: readonly string[]): Promise<number> {
  const { version } = JSON.parse(await readFile(join(root, 'spec/package.json'), 'utf8'));
  const tag = tagOf(version, await latestOf(await registryOf(root)));
  const manifest = createRequire(join(root, 'package.json')).resolve(
    '@changesets/cli/package.json',
  );
  const tagged = tag === undefined ? [] : ['--tag', tag];
  const child = spawn(
    process.execPath,
    [join(manifest, '..', 'bin.js'), 'publish', ...tagged, ...args],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/** The dist-tag for a version, where it is not the usual one: a fix for an older major leaves `latest` where it is. */
export function tagOf(version: string, latest: string | undefined): string | undefined {
  const older = latest !== undefined && prerelease(version) === null && lt(version, latest);
  return older ? `v${major(version)}` : undefined;
}

async function latestOf(registry: string): Promise<string | undefined> {
  const found = (await ask(registry, CONTRACT.replace('/', '%2f'))) as
    | { 'dist-tags'?: { latest?: string } }
    | undefined;
  return found?.['dist-tags']?.latest;
}
