import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { readFixture } from '@sql-sessions/testing/contracts';
import { listen } from '@sql-sessions/testing/listen';
import { beforeAll, expect, test } from 'vitest';
import { buildSite, type Site } from '../src/build-site.ts';
import { writeSite } from '../src/site/write-site.ts';
import { pageOf, siteOf } from './support/site-fixture.ts';

let site: Site;

beforeAll(async () => {
  // As it is published: below a path of its host, with links to the repository.
  site = await buildSite({
    baseUrl: 'https://docs.example/some/repo',
    repository: 'https://code.example/some/repo/blob/main',
  });
});

function weight(name: string): number {
  return gzipSync(site.files.get(name) ?? '', { level: 9 }).byteLength;
}

test('what is needed before the reference can be read weighs at most 16 KB', () => {
  // Nothing but the page itself: style is inline, and no script or font holds up the first paint.
  const page = String(site.files.get('index.html'));
  expect(page).not.toMatch(/<link rel="(stylesheet|preload)"/);
  expect(page.match(/<script(?! type="(module|application\/ld\+json)")[^>]* src=/g)).toBeNull();
  expect(weight('index.html')).toBeLessThanOrEqual(16_000);
});

test('what the page loads on its own is small, and Redoc and the search come when they are asked for', () => {
  const scripts = [...site.files.keys()].filter((name) => name.endsWith('.js'));
  const later = scripts.filter((name) => /\/(redoc|search)\./.test(name));
  const onItsOwn = scripts.filter((name) => !later.includes(name));
  expect(later).toHaveLength(2);
  expect(onItsOwn.length).toBeGreaterThan(1);
  const sum = (names: string[]) => names.reduce((total, name) => total + weight(name), 0);
  expect(sum(['index.html', ...onItsOwn])).toBeLessThanOrEqual(32_000);
});

test('works below a path of a plain static server, and without a network', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sql-sessions-site-'));
  await writeSite(site, folder);
  // The plainest server there is: a file for a path, an index for a folder, nothing else.
  const server = createServer(async (request, response) => {
    const [, path] = /^\/some\/repo\/([^?]*)/.exec(request.url ?? '') ?? [];
    const name = path === '' || path?.endsWith('/') ? `${path}index.html` : path;
    // Nothing is served from outside the path.
    const content =
      name === undefined ? null : await readFile(join(folder, name)).catch(() => null);
    const type = { html: 'text/html', js: 'text/javascript', json: 'application/json' }[
      name?.split('.').pop() ?? ''
    ];
    if (content) response.writeHead(200, { 'content-type': type ?? 'text/plain' }).end(content);
    else response.writeHead(404, { 'content-type': 'text/html' }).end(site.files.get('404.html'));
  });
  await using listening = await listen(server);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const failed: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(response.url());
    });
    page.on('requestfailed', (request) => {
      // Who leaves a page while it is loading ends that.
      if (!/ABORTED/.test(request.failure()?.errorText ?? '')) failed.push(request.url());
    });
    page.on('pageerror', ({ message }) => failed.push(message));
    const operation = await pageOf();
    await page.goto(`${listening.url}/some/repo/${operation}`);
    await page.locator('form[data-ready]').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('session_id');
    await page.locator('#search-results a').first().waitFor();
    // From here on there is no network; what has been loaded goes on working.
    await page.context().setOffline(true);
    await page.locator('#search-input').fill('408');
    await page.locator('#search-results a').filter({ hasText: '408' }).first().waitFor();
    await page.keyboard.press('Escape');
    await page.context().setOffline(false);
    await page.getByRole('link', { name: 'Error catalogue' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Error catalogue' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/some/repo/errors/');
    await page.goto(`${listening.url}/some/repo/versions/1.0.0/`);
    await page.getByRole('link', { name: 'The newest version' }).click();
    await page.getByRole('link', { name: 'Open in Redoc' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/some/repo/');
    expect(failed).toEqual([]);
    // What is missing, at any depth, is answered by a page that leads back.
    await page.goto(`${listening.url}/some/repo/guides/no/such/page`);
    expect(failed.splice(0)).toEqual([page.url()]);
    await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('session_id');
    await page.locator('#search-results a').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/some\/repo\/.*#\w+-parameter-session_id$/);
    expect(failed).toEqual([]);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('reading one operation costs the same in a contract of 100', async () => {
  const one = readFixture('family');
  const many = readFixture('family');
  for (const [path, item] of Object.entries(one.paths)) {
    for (let copy = 1; copy <= 20; copy += 1) {
      const operations = Object.entries(item as Record<string, { operationId: string }>);
      many.paths[`/v${copy + 1}${path.slice(3)}`] = Object.fromEntries(
        operations.map(([method, operation]) => [
          method,
          { ...operation, operationId: `${operation.operationId}${copy}` },
        ]),
      );
    }
  }
  const [small, large] = await Promise.all([siteOf(one), siteOf(many)]);
  const sizes = ({ files, pages }: Site) =>
    pages
      .filter(({ path }) => path.startsWith('operations/'))
      .map(({ path }) => gzipSync(files.get(`${path}index.html`) ?? '', { level: 9 }).byteLength);
  expect(sizes(large).length).toBeGreaterThan(100);
  expect(Math.max(...sizes(large))).toBeLessThanOrEqual(Math.max(...sizes(small)) + 500);
  expect(Math.max(...sizes(small))).toBeLessThanOrEqual(16_000);
});

test('at the first paint the path, the samples and all statuses are there, before any script', async () => {
  const family = await siteOf(readFixture('family'));
  const path = family.pages.find((page) => page.path.startsWith('operations/'))?.path;
  // The page alone: every other request gets no response at all.
  const server = createServer((request, response) => {
    if (request.url !== '/') return;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(family.files.get(`${path}index.html`));
  });
  await using listening = await listen(server);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(listening.url, { waitUntil: 'commit' });
    await page.waitForFunction(
      () => performance.getEntriesByName('first-contentful-paint').length > 0,
    );
    const shown = await page.evaluate(() =>
      ['.path', '.statuses', '.samples .code', '.field'].map((selector) => {
        const box = [...document.querySelectorAll(selector)]
          .map((element) => element.getBoundingClientRect())
          .find(({ height }) => height > 0);
        return box !== undefined && box.bottom <= innerHeight;
      }),
    );
    expect(shown).toEqual([true, true, true, true]);
  } finally {
    await browser.close();
  }
});
