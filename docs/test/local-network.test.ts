/** Chrome asks its reader before a public page may call this device (Local Network Access). */
import { type Mock, startMock } from '@sql-sessions/mock';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { fixturePath, readFixture } from '@sql-sessions/testing/contracts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DocsServer } from '../src/serve.ts';
import { serveSite, textOf } from './support/open-site.ts';
import { siteOf } from './support/site-fixture.ts';

let docs: DocsServer;
let mock: Mock;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  [docs, mock] = await Promise.all([
    siteOf(readFixture('family')).then(serveSite),
    startMock({ port: 0, spec: fixturePath('family') }),
  ]);
  const { port, host } = new URL(docs.url);
  origin = `http://docs.example:${port}`;
  browser = await launchBrowser([
    // A name that is not this device's, and counts as public and as served over https.
    '--host-resolver-rules=MAP docs.example 127.0.0.1',
    `--ip-address-space-overrides=${host}=public`,
    `--unsafely-treat-insecure-origin-as-secure=${origin}`,
  ]);
});
afterAll(async () => {
  await browser.close();
  await docs.close();
  await mock.close();
});

test.each([
  ['granted', /^The mock/, /^\d{3}/],
  ['denied', /may not call this device/, /The browser blocked it[\s\S]*curl/],
  // Left without an answer, or dismissed.
  ['prompt', /Chrome will ask/, /No permission yet[\s\S]*curl/],
] as const)('%s: says so before and after', async (setting, before, after) => {
  const context = await browser.newContext();
  const page: Page = await context.newPage();
  const { targetInfo } = await (await context.newCDPSession(page)).send('Target.getTargetInfo');
  const { browserContextId = '' } = targetInfo;
  const session = await browser.newBrowserCDPSession();
  // The name of today's Chrome, and the one before it.
  for (const name of ['loopback-network', 'local-network-access']) {
    const permission = { name };
    await session.send('Browser.setPermission', { permission, setting, origin, browserContextId });
  }
  try {
    await page.goto(`${origin}/operations/showSession/`);
    const form = page.locator('form[data-ready]').first();
    const field = form.getByLabel('Base URL');
    await field.fill(mock.url);
    const note = page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`);
    await expect.poll(() => textOf(note)).toMatch(before);
    await form.locator('button[type="submit"]').click();
    await page.locator('[data-result]:not([aria-busy]) .status').first().waitFor();
    expect(await textOf(page.locator('[data-result]'))).toMatch(after);
  } finally {
    await context.close();
  }
});

test('Safari, which blocks it without a question, is named', async () => {
  await using context = await browser.newContext({
    userAgent: 'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15',
  });
  await context.addInitScript(() => {
    navigator.permissions.query = () => Promise.reject(new TypeError('no such permission'));
  });
  await context.route('https://docs.example/**', async (route) =>
    route.fulfill({
      response: await route.fetch({
        url: route.request().url().replace('https://docs.example', new URL(docs.url).origin),
      }),
    }),
  );
  await context.route(`${mock.url}/**`, (route) => route.abort());
  const page = await context.newPage();
  await page.goto('https://docs.example/operations/showSession/');
  const form = page.locator('form[data-ready]').first();
  await form.getByLabel('Base URL').fill(mock.url);
  await form.locator('button[type="submit"]').click();
  await page.locator('[data-result]:not([aria-busy]) .status').first().waitFor();
  expect(await textOf(page.locator('[data-result]'))).toMatch(/Safari blocks it[\s\S]*curl/);
});
