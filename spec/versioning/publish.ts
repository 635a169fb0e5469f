import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { lt, major, minor, prerelease } from 'semver';
import { CONTRACT } from './changesets.ts';
import { ask, registryOf } from './registry.ts';

/** Publishes what is not published yet, with `changeset publish`. Returns its exit code. */
export async function publish(root: string, args: readonly string[]): Promise<number> {
  const { version } = JSON.parse(await readFile(join(root, 'spec/package.json'), 'utf8'));
  const tag = tagOf(version, await publishedOf(await registryOf(root)));
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

/**
 * The dist-tag for a version, where it is not the usual one: a fix for an older version leaves `latest` where it is. It
 * is `latest-1` for the newest of its major, and `latest-1.2` where that major has newer ones, so that no tag moves back.
 * (npm refuses `v1`, which reads like a range.)
 */
export function tagOf(version: string, published: readonly string[]): string | undefined {
  if (prerelease(version) !== null) return undefined;
  const newer = published.filter((other) => prerelease(other) === null && lt(version, other));
  if (newer.length === 0) return undefined;
  const inMajor = newer.some((other) => major(other) === major(version));
  return `latest-${major(version)}${inMajor ? `.${minor(version)}` : ''}`;
}

async function publishedOf(registry: string): Promise<string[]> {
  const found = (await ask(registry, CONTRACT.replace('/', '%2f'))) as
    | { versions?: Record<string, unknown> }
    | undefined;
  return Object.keys(found?.versions ?? {});
}
