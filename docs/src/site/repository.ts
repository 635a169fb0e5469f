import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of this repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url)).replace(/[\\/]$/, '');

/** A Markdown file of the repository that becomes a page. */
export interface Source {
  /** From the top of the repository, with forward slashes: `docs/guides/client.md`. */
  file: string;
  /** Path on the site: `guides/client/`. */
  path: string;
  text: string;
  group: 'Reference' | 'Guides' | 'Versions' | 'Project' | 'Decisions';
}

/** Texts about how this repository is worked on; they are read there. */
const OWN = /^docs\/(README|guides\/team-cache|decisions\/(?!00(0\d|10)-|README))/;

/** The guide for those who write a server stands with the server. */
const PROVIDER = 'examples/postgres-provider/README.md';

/** All Markdown that the site shows. Whatever is put into these folders is a page, without a list to keep. */
export async function readSources(root = ROOT): Promise<Source[]> {
  const files = [
    ...(await markdownIn(root, 'docs')),
    ...(await markdownIn(root, 'docs/guides')),
    ...(await markdownIn(root, 'docs/decisions')),
    ...(await packagesIn(root)),
    'spec/README.md',
    'spec/CHANGELOG.md',
    PROVIDER,
    'SECURITY.md',
  ];
  const sources: Source[] = [];
  for (const file of files) {
    const text = await readFile(join(root, file), 'utf8').catch(() => null);
    if (text !== null && !OWN.test(file)) {
      sources.push({ file, path: sitePathOf(file), text, group: groupOf(file) });
    }
  }
  return sources;
}

function sitePathOf(file: string): string {
  if (file === 'spec/CHANGELOG.md') return 'changelog/';
  if (file === 'spec/README.md') return 'packages/contract/';
  if (file === PROVIDER) return 'guides/provider/';
  return `${file
    .replace(/^docs\//, '')
    .replace(/(^|\/)README\.md$/, '$1')
    .replace(/\.md$/, '/')
    .toLowerCase()}`;
}

function groupOf(file: string): Source['group'] {
  if (file.startsWith('docs/guides/') || file === PROVIDER) return 'Guides';
  if (file.startsWith('docs/decisions/') && !file.endsWith('/README.md')) return 'Decisions';
  if (file === 'docs/errors.md') return 'Reference';
  return /^(docs\/versioning|spec\/CHANGELOG)\.md$/.test(file) ? 'Versions' : 'Project';
}

async function markdownIn(root: string, folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder)).catch(() => []);
  return names
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

async function packagesIn(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'packages')).catch(() => []);
  return names.sort().map((name) => `packages/${name}/README.md`);
}

/** The frozen contracts, newest first. */
export async function readReleases(
  root = ROOT,
): Promise<{ version: string; file: string; text: string }[]> {
  const folder = join(root, 'spec/releases');
  const names = await readdir(folder).catch(() => []);
  const releases = await Promise.all(
    names
      .filter((name) => /^\d+\.\d+\.\d+.*\.yaml$/.test(name))
      .map(async (name) => ({
        version: name.slice(0, -'.yaml'.length),
        file: join(folder, name),
        text: await readFile(join(folder, name), 'utf8'),
      })),
  );
  return releases.sort((a, b) => compareVersions(b.version, a.version));
}

export function compareVersions(a: string, b: string): number {
  const [left = '', leftTail = ''] = a.split(/-(.*)/s);
  const [right = '', rightTail = ''] = b.split(/-(.*)/s);
  const numbers = (text: string) => text.split('.').map(Number);
  for (const place of [0, 1, 2]) {
    const difference = (numbers(left)[place] ?? 0) - (numbers(right)[place] ?? 0);
    if (difference !== 0) return difference;
  }
  if (leftTail === rightTail) return 0;
  // 1.0.0-next.1 comes before 1.0.0.
  if (leftTail === '') return 1;
  return rightTail === '' ? -1 : leftTail.localeCompare(rightTail, 'en', { numeric: true });
}

/** Where a relative link in a file of the repository leads, from the top of the repository. */
export function resolveLink(file: string, target: string): string {
  return posix.normalize(posix.join(posix.dirname(file), target));
}
