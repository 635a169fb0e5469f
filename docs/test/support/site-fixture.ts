import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readContract } from '@sql-sessions/contract/model';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { buildSite, type Site, type SiteCache, type SiteOptions } from '../../src/build-site.ts';
import { operationPath } from '../../src/site/reference-pages.ts';
import { ROOT } from '../../src/site/repository.ts';

const TEXTS = [
  'spec/README.md',
  'spec/CHANGELOG.md',
  'docs/guides',
  'docs/decisions',
  'examples/postgres-provider/README.md',
];
const FILES = ['docs/errors.md', 'docs/versioning.md', 'SECURITY.md', ...TEXTS];

/** Copies what the site is made of into an empty folder, so that a test may change it. */
export async function copyRepository(folder: string): Promise<void> {
  const contract = ['sessions.yaml', 'redocly.yaml', 'changelog.json', 'dist', 'releases'];
  await copy(folder, [...contract.map((name) => `spec/${name}`), ...FILES]);
}

const cache: SiteCache = {};

/** Builds the site with another contract in place of ours, which has never been released. */
export async function siteOf(document: object, options: SiteOptions = {}): Promise<Site> {
  await using folder = await temporaryFolder();
  await copy(folder.path, FILES);
  const dist = join(folder.path, 'spec/dist');
  await mkdir(dist, { recursive: true });
  const text = JSON.stringify(document);
  // JSON is YAML.
  for (const name of ['openapi.json', 'openapi.yaml']) await writeFile(join(dist, name), text);
  return await buildSite({ ...options, root: folder.path }, cache);
}

/** The page of an operation, on a site that has one operation or several. */
export async function pageOf(root = ROOT, id = 'closeSession'): Promise<string> {
  const text = await readFile(join(root, 'spec/dist/openapi.json'), 'utf8');
  const { operations } = readContract(JSON.parse(text) as object);
  return operations.length === 1 ? '' : operationPath({ id });
}

/** Builds our site as it is between two releases: a word of the contract has changed. */
export async function changedSite(options: SiteOptions = {}): Promise<Site> {
  await using folder = await temporaryFolder();
  await copyRepository(folder.path);
  for (const name of ['openapi.yaml', 'openapi.json']) {
    const file = join(folder.path, 'spec/dist', name);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/("?summary"?: )("?)(\w)/, '$1$2Changed, $3'));
  }
  return await buildSite({ ...options, root: folder.path }, cache);
}

async function copy(folder: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(ROOT, path), join(folder, path), { recursive: true }).catch((error: unknown) => {
      // Not every file exists at every time: the changelog comes with the first release.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
}

/** Replaces a piece of a file, which must be there. */
export async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`${file} does not contain ${from}`);
  await writeFile(file, edited);
}
