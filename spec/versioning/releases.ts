import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compare, prerelease, valid } from 'semver';

export interface FrozenRelease {
  version: string;
  file: string;
  sha256: string;
}

/** The frozen contracts in `spec/releases`, lowest version first, as semantic versioning orders them. */
export async function frozenReleases(spec: string): Promise<FrozenRelease[]> {
  const folder = join(spec, 'releases');
  const names = await readdir(folder).catch(() => []);
  const versions = names
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .filter((version) => valid(version) !== null)
    .sort(compare);
  return Promise.all(
    versions.map(async (version) => {
      const file = join(folder, `${version}.yaml`);
      return { version, file, sha256: sha256(await readFile(file)) };
    }),
  );
}

/** The newest release that is not a pre-release, or else the newest one. */
export function lastStable(frozen: readonly FrozenRelease[]): FrozenRelease | undefined {
  return frozen.findLast(({ version }) => prerelease(version) === null) ?? frozen.at(-1);
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
