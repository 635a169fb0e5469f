import { lt, prerelease } from 'semver';
import { ask } from './registry.ts';
import type { PublishedPackage } from './workspace.ts';

const PROVENANCE = 'https://slsa.dev/provenance/v1';
const REPOSITORY = 'https://github.com/sql-sessions/sql-sessions';
const WORKFLOW = '.github/workflows/release.yml';

interface Packument {
  'dist-tags'?: { latest?: string };
  versions?: Record<
    string,
    {
      dist?: { integrity?: string; attestations?: { url?: string } };
      _npmUser?: { name?: string; trustedPublisher?: { id?: string } };
    }
  >;
}

interface Statement {
  subject?: { name?: string; digest?: { sha512?: string } }[];
  predicate?: {
    buildDefinition?: {
      externalParameters?: { workflow?: { repository?: string; path?: string } };
    };
  };
}

/**
 * Whether what is in the registry was published by our workflow, through npm's trust in it, and says so. The signatures
 * themselves are for `npm audit signatures` to check.
 */
export async function checkPublished(
  packages: readonly PublishedPackage[],
  registry: string,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { manifest } of packages) {
    const { name, version } = manifest;
    const problem = await problemOf(name, version, registry);
    if (problem !== undefined) problems.push(`${name}@${version} ${problem}`);
  }
  return problems;
}

async function problemOf(
  name: string,
  version: string,
  registry: string,
): Promise<string | undefined> {
  const found = (await ask(registry, name.replace('/', '%2f'))) as Packument | undefined;
  const published = found?.versions?.[version];
  if (published === undefined) return 'is not in the registry. Run the job again.';
  const latest = found?.['dist-tags']?.latest;
  if (latest === undefined) return 'is there, but nothing is tagged `latest`.';
  if (
    prerelease(latest) !== null ||
    (prerelease(version) === null && lt(latest, newestOf(found, version)))
  )
    return `is there, but \`latest\` is ${latest}. Move it: npm dist-tag add ${name}@${newestOf(found, version)} latest`;
  const { dist, _npmUser: user } = published;
  const publisher = user?.trustedPublisher?.id;
  if (publisher === undefined)
    return `was published by ${user?.name ?? 'nobody known'} with a token, not by the trusted publisher. Look who it was.`;
  if (publisher !== 'github')
    return `was published by the trusted publisher ${publisher}, not by GitHub.`;
  const url = dist?.attestations?.url;
  if (url === undefined) return 'has no attestation. Publish with `provenance=true`.';
  const { pathname, search } = new URL(url, registry);
  const list = (await ask(registry, pathname.slice(1) + search)) as
    | {
        attestations?: {
          predicateType?: string;
          bundle?: { dsseEnvelope?: { payload?: string } };
        }[];
      }
    | undefined;
  const provenance = list?.attestations?.find((one) => one.predicateType === PROVENANCE);
  if (provenance === undefined) return 'has attestations, but none about its provenance.';
  const statement = decode(provenance.bundle?.dsseEnvelope?.payload);
  if (statement === undefined) return 'has an attestation that cannot be read.';
  const [subject] = statement.subject ?? [];
  const expected = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  if (subject?.name !== expected) return `has the attestation of ${subject?.name}.`;
  const digest = Buffer.from(subject.digest?.sha512 ?? '', 'hex').toString('base64');
  if (dist?.integrity !== `sha512-${digest}`)
    return 'is not the tarball that its attestation is about.';
  const workflow = statement.predicate?.buildDefinition?.externalParameters?.workflow;
  if (workflow?.repository !== REPOSITORY) return `was built in ${workflow?.repository}.`;
  if (workflow.path !== WORKFLOW) return `was built by the workflow ${workflow.path}.`;
  return undefined;
}

/** The highest published version that is not a pre-release. */
function newestOf(found: Packument | undefined, version: string): string {
  const stable = Object.keys(found?.versions ?? {}).filter((one) => prerelease(one) === null);
  return stable.reduce((top, one) => (lt(top, one) ? one : top), version);
}

function decode(payload: string | undefined): Statement | undefined {
  try {
    return JSON.parse(Buffer.from(payload ?? '', 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
