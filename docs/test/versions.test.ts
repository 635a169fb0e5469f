import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { expect, test } from 'vitest';
import { buildSite, type SiteCache } from '../src/build-site.ts';
import { compareVersions } from '../src/site/repository.ts';
import { copyRepository, edit } from './support/site-fixture.ts';

const cache: SiteCache = {};

test('a repository without releases has one version', async () => {
  await using folder = await temporaryFolder();
  await copyRepository(folder.path);
  await rm(join(folder.path, 'spec/releases'), { recursive: true, force: true });
  await rm(join(folder.path, 'spec/changelog.json'), { force: true });
  const site = await buildSite({ root: folder.path, baseUrl: 'https://a.test' }, cache);
  expect([...site.files.keys()].filter((name) => /^versions\/\d/.test(name))).toEqual([]);
  expect(String(site.files.get('versions/index.html'))).toContain('first version');
  // A feed says when it was updated last.
  expect(site.files.has('feed.xml')).toBe(false);
  expect(String(site.files.get('versions/index.html'))).not.toContain('feed.xml');
});

test('each release keeps its page and its files, and neighbours are compared', async () => {
  await using folder = await temporaryFolder();
  await copyRepository(folder.path);
  const releases = join(folder.path, 'spec/releases');
  const first = join(releases, '1.0.0.yaml');
  const second = join(releases, '1.1.0.yaml');
  const third = join(releases, '2.0.0.yaml');
  // Whatever has been released since the first one.
  for (const name of await readdir(releases))
    if (name !== '1.0.0.yaml') await rm(join(releases, name));
  await rm(join(folder.path, 'spec/changelog.json'), { force: true });
  await copyFile(first, second);
  await edit(second, 'version: 1.0.0', 'version: 1.1.0');
  await edit(second, /^ {2}summary: .+$/m, '  summary: Close the SQL sessions of a workspace');
  await copyFile(second, third);
  await edit(third, 'version: 1.1.0', 'version: 2.0.0');
  await edit(third, 'required: false', 'required: true');
  for (const name of ['openapi.yaml', 'openapi.json']) {
    await edit(join(folder.path, 'spec/dist', name), /(?<=version"?: "?)\d[\w.-]*/, '2.1.0');
  }
  const site = await buildSite({ root: folder.path }, cache);

  for (const version of ['1.0.0', '1.1.0', '2.0.0']) {
    const page = String(site.files.get(`versions/${version}/index.html`));
    expect(page).toContain(`<span class="version-tag">${version}</span>`);
    expect(page).toContain('kept as it was published');
    expect(site.files.get(`versions/${version}/openapi.yaml`)).toBe(
      await readFile(join(releases, `${version}.yaml`), 'utf8'),
    );
    expect(JSON.parse(String(site.files.get(`versions/${version}/openapi.json`)))).toMatchObject({
      info: { version },
    });
  }
  // The switch of every page lists all of them, the newest first.
  const labels = [
    ...String(site.files.get('index.html')).matchAll(
      /<li><a href="[^"]*"[^>]*>(\d[^<]*)<\/a><\/li>/g,
    ),
  ];
  expect(labels.slice(0, 4).map(([, label]) => label)).toEqual([
    '2.1.0',
    '2.0.0',
    '1.1.0',
    '1.0.0',
  ]);

  const words = String(site.files.get('versions/1.1.0/changes/index.html'));
  expect(words).toContain('From 1.0.0 to 1.1.0');
  expect(words).toContain('Close the SQL sessions of a workspace');
  const major = String(site.files.get('versions/2.0.0/changes/index.html'));
  expect(major).toContain('From 1.1.0 to 2.0.0');
  expect(major).toMatch(/<span class="status kind-5">major<\/span> <b><code>/);
  expect(String(site.files.get('versions/changes/index.html'))).toContain('From 2.0.0 to 2.1.0');
});

test('versions are ordered as numbers', () => {
  const versions = ['1.10.0', '1.9.0', '2.0.0', '2.0.0-next.1', '2.0.0-next.10', '2.0.0-next.2'];
  expect(versions.sort(compareVersions)).toEqual([
    '1.9.0',
    '1.10.0',
    '2.0.0-next.1',
    '2.0.0-next.2',
    '2.0.0-next.10',
    '2.0.0',
  ]);
});
