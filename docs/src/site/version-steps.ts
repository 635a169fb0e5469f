import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Changelog, contractDiff } from '@sql-sessions/contract/versioning';

export interface ContractVersion {
  /** What readers call it: `1.0.0`, or `1.0.0, changed` while changes wait for their release. */
  label: string;
  version: string;
  /** Path of its reference. */
  path: string;
  yaml: string;
}

export interface VersionStep {
  from: ContractVersion;
  to: ContractVersion;
  /** Path of the page that shows the difference. */
  path: string;
  /** Rated by the version tooling, most severe first. null: still being compared, which a watching server shows. */
  changes: readonly RatedChange[] | null;
}

export type RatedChange = Changelog['releases'][number]['changes'][number];

/** Newest first. The contract as it is now has an entry of its own while it differs from the last release. */
export function toVersions(
  version: string,
  yaml: string,
  releases: readonly { version: string; text: string }[],
): ContractVersion[] {
  const released = releases.map((release) => ({
    label: release.version,
    version: release.version,
    path: `versions/${release.version}/`,
    yaml: release.text,
  }));
  const [latest] = released;
  if (latest?.yaml === yaml) return released;
  const label = latest?.version === version ? `${version}, changed` : version;
  return [{ label, version, path: '', yaml }, ...released];
}

const known = new Map<string, Promise<RatedChange[]>>();

/**
 * The steps between neighbours. Those of releases are in the changelog; others are compared, or, where there is hurry,
 * left to `compare`, after which the site is to be built again.
 */
export async function toSteps(
  versions: readonly ContractVersion[],
  changelog: Changelog,
  hurry: boolean,
): Promise<{ steps: VersionStep[]; compare: (() => Promise<unknown>) | null }> {
  const open: (() => Promise<unknown>)[] = [];
  const steps = versions.slice(0, -1).map(async (to, index): Promise<VersionStep> => {
    const from = versions[index + 1] as ContractVersion;
    const path = `${to.path || 'versions/'}changes/`;
    const release =
      to.path === '' ? undefined : changelog.releases.find(({ version }) => version === to.version);
    if (release) return { from, to, path, changes: release.changes };
    const key = createHash('sha256').update(`${from.yaml}\u0000${to.yaml}`).digest('hex');
    const compare = () => {
      const changes = known.get(key) ?? compareTexts(from.yaml, to.yaml);
      known.set(key, changes);
      return changes;
    };
    if (!hurry || known.has(key)) return { from, to, path, changes: await compare() };
    open.push(compare);
    return { from, to, path, changes: null };
  });
  const all = await Promise.all(steps);
  return {
    steps: all,
    compare: open.length > 0 ? () => Promise.all(open.map((each) => each())) : null,
  };
}

async function compareTexts(from: string, to: string): Promise<RatedChange[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sql-sessions-docs-'));
  try {
    const files = [join(folder, 'base.yaml'), join(folder, 'revision.yaml')] as const;
    await writeFile(files[0], from);
    await writeFile(files[1], to);
    return (await contractDiff(...files)).changes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
