/** What `SECURITY.md` promises about the packages that get in here, checked on the lockfile, without a network. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ROOT } from '../src/published-packages.ts';

interface Lockfile {
  packages?: Record<string, { resolution: Record<string, unknown>; deprecated?: string }>;
}

const text = await readFile(join(ROOT, 'pnpm-lock.yaml'), 'utf8');
const lockfiles = parseAllDocuments(text).map((document) => document.toJS() as Lockfile);
const packages = lockfiles.flatMap(({ packages = {} }) => Object.entries(packages));
const settings = parse(await readFile(join(ROOT, 'pnpm-workspace.yaml'), 'utf8'));

test('every package comes from the registry, by its digest', () => {
  expect(packages.length).toBeGreaterThan(500);
  const others = packages.filter(([, { resolution }]) => {
    const { integrity, ...rest } = resolution;
    return (
      typeof integrity !== 'string' ||
      !integrity.startsWith('sha512-') ||
      Object.keys(rest).length > 0
    );
  });
  expect(others).toEqual([]);
  expect(text).not.toMatch(/https?:\/\/(?!\S*#)\S*registry/);
});

test('pnpm refuses what is too new, exotic, or runs a script that nobody has decided about', () => {
  expect(settings).toMatchObject({ blockExoticSubdeps: true, strictDepBuilds: true });
  expect(settings.minimumReleaseAge).toBeGreaterThanOrEqual(3 * 24 * 60);
  expect(settings.minimumReleaseAgeExclude).toBeUndefined();
  const allowed = Object.entries(settings.allowBuilds)
    .filter(([, allow]) => allow)
    .map(([name]) => name);
  expect(allowed).toEqual(['node']);
});

test('every version of the catalog is exact', () => {
  const versions: string[] = [settings.catalog, ...Object.values(settings.catalogs)].flatMap(
    (catalog) => Object.values(catalog),
  );
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});
