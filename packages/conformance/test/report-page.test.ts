import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../src/report/report.ts';
import { toHtml } from '../src/report/to-html.ts';
import { toJUnit } from '../src/report/to-junit.ts';
import { correct, error, TOKENS } from './server/behavior.ts';
import { startTwin, verifyTwin } from './server/twin.ts';

let browser: Browser;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let broken: Report;
let kept: Report;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await temporaryFolder();
  await using good = await startTwin();
  kept = (
    await verifyTwin(good, { runs: 1, seed: 1, only: ['success', 'id-unicode', 'header-host'] })
  ).report;
  // What a server sends is data: here it tries to be part of the page.
  const evil = '</code><script>document.title = "taken"</script><img src=http://192.0.2.1/x>';
  await using bad = await startTwin({
    behavior: {
      unknown: () => ({ ...error(404, 'twin.0404', evil), headers: { 'X-Evil': evil } }),
      allows: (id) => correct.allows(id) || id.includes('_'),
      fault: () => error(500, 'twin.0500', `${evil}\n    at close (server.js:12:34)`),
    },
  });
  const { stuck: _, ...capabilities } = bad.capabilities;
  broken = (
    await verifyTwin(bad, {
      setup: () => capabilities,
      runs: 1,
      seed: 1,
      only: [
        'success',
        'timeout-status',
        'inner-fault-status',
        'token-bad',
        'method-allow-header',
        'id-characters',
        'unknown-id',
        'header-host',
        'forbidden-shape',
        'response-no-details',
      ],
      known: [{ check: 'inner-fault-status', finding: 'stack trace', reason: evil }],
    })
  ).report;
});
afterAll(async () => {
  await browser.close();
  await folder[Symbol.asyncDispose]();
});

async function show(report: Report, options: Parameters<Browser['newContext']>[0] = {}) {
  const file = join(folder.path, `${Math.random()}.html`);
  await writeFile(file, toHtml(report));
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => problems.push(message.text()));
  page.on('pageerror', (problem) => problems.push(String(problem)));
  const url = pathToFileURL(file).href;
  await page.goto(url);
  return { page, context, requests: requests.filter((one) => one !== url), problems };
}

test('the page says at once what is broken, and how to see it', async () => {
  const { page, context } = await show(broken);
  expect(await page.title()).toBe(`Broken: SQL Sessions family at ${broken.baseUrl}`);
  expect(await page.locator('h1').textContent()).toMatch(
    new RegExp(`^The contract is broken in ${broken.failed.contract} places?\\.`),
  );
  const cards = page.locator('section[aria-labelledby^=broken-] article');
  expect(await cards.count()).toBe(broken.summary.failed);
  const card = page.locator('article', { hasText: 'id-characters' });
  expect(await card.locator('.command code').first().textContent()).toMatch(
    /^curl .*\$SQL_SESSIONS_TOKEN/s,
  );
  expect(await page.locator('section[aria-labelledby=left-out]').textContent()).toContain(
    'timeout-status',
  );
  expect(await page.locator('.unseen').allTextContents()).toEqual(['408 not seen']);
  await context.close();
});

test('a link leads to the words of the contract', async () => {
  const { page, context } = await show(broken);
  await page
    .locator('article', { hasText: 'id-characters' })
    .getByRole('link', { name: 'contract' })
    .click();
  const place = page.locator(
    'details:has(summary[id="contract/components/parameters/WorkspaceId"])',
  );
  await place.locator('pre').waitFor({ state: 'visible' });
  expect(await place.locator('pre').textContent()).toContain('"workspace_id"');
  await context.close();
});

test('a command is copied with a button', async () => {
  const { page, context } = await show(broken, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const command = page.locator('.command').first();
  await command.getByRole('button').click();
  await command.getByRole('button', { name: /Copied|Selected/ }).waitFor();
  await context.close();
});

test('a page of a kept contract is calm', async () => {
  const { page, context } = await show(kept);
  expect(await page.locator('h1').textContent()).toBe('The contract is kept.');
  expect(await page.locator('article').count()).toBe(0);
  await context.close();
});

test.for([
  ['light', 1200],
  ['dark', 390],
] as const)('it is for everyone: %s, %i px', async ([colorScheme, width]) => {
  const { page, context, requests, problems } = await show(broken, {
    colorScheme,
    viewport: { width, height: 800 },
  });
  await page.evaluate(
    'document.querySelectorAll("details").forEach((one) => { one.open = true; })',
  );
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  // What the server sent stayed text, and nothing was fetched.
  expect({ requests, problems, title: await page.title() }).toEqual({
    requests: [],
    problems: [],
    title: expect.stringMatching(/^Broken: /),
  });
  await context.close();
});

test('without JavaScript all of it can be read', async () => {
  const { page, context } = await show(broken, { javaScriptEnabled: false });
  expect(await page.locator('ul.checks li').count()).toBe(broken.checks.length);
  expect(await page.locator('.command code').first().isVisible()).toBe(true);
  await context.close();
});

test('the JUnit report is well-formed XML with a failure per finding', async () => {
  const page = await browser.newPage();
  const seen = await page.evaluate((xml) => {
    // biome-ignore lint/suspicious/noExplicitAny: this function runs in the browser, whose types are not loaded.
    const { DOMParser } = globalThis as any;
    const document = new DOMParser().parseFromString(xml, 'application/xml');
    const count = (name: string) => document.querySelectorAll(name).length;
    return {
      error: count('parsererror'),
      tests: count('testcase'),
      failures: count('failure'),
      skipped: count('skipped'),
    };
  }, toJUnit(broken));
  const failed = broken.checks.filter(
    ({ outcome, level }) => outcome === 'failed' && level === 'contract',
  );
  expect(seen).toEqual({
    error: 0,
    tests: broken.checks.length,
    failures: failed.flatMap(({ findings }) => findings).length,
    skipped: broken.checks.filter(({ outcome }) => outcome !== 'passed').length - failed.length,
  });
  expect(toJUnit(broken)).not.toContain(TOKENS.main);
});
