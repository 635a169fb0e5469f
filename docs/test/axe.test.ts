import { startMock } from '@sql-sessions/mock';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { findings } from './support/axe.ts';
import { pagePaths, useSite } from './support/open-site.ts';

const site = useSite();
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 320, height: 640 };
// Without the time that a change of colours takes, axe sees what the reader sees.
const LOOKS = {
  light: { viewport: DESKTOP, colorScheme: 'light', reducedMotion: 'reduce' },
  dark: { viewport: DESKTOP, colorScheme: 'dark', reducedMotion: 'reduce' },
  phone: { viewport: PHONE, colorScheme: 'light', reducedMotion: 'reduce' },
} as const;
const looks = Object.entries(LOOKS);

test.each(looks)('axe finds nothing in any state of the reference: %s', async (look, options) => {
  const rules = rulesFor(look);
  await using mock = await startMock({ port: 0 });
  await using opened = await site.open('', options);
  const { page } = opened;
  expect(await findings(page, { rules }), 'the reference').toEqual([]);

  await page.locator('details.versions > summary').click();
  expect(await findings(page, { rules, within: '.bar' }), 'version switch').toEqual([]);
  await page.keyboard.press('Escape');
  const menu = page.locator('details.small-menu > summary');
  if (await menu.isVisible()) {
    await menu.click();
    expect(await findings(page, { rules, within: '.bar' }), 'menu').toEqual([]);
    await page.keyboard.press('Escape');
  }

  const form = page.locator('form[data-ready]');
  await form.getByLabel('Address').fill(mock.url);
  await form.getByLabel('Answer').selectOption('403');
  await form.getByRole('button', { name: 'Send DELETE' }).click();
  await page.getByRole('link', { name: 'What 403 means' }).waitFor();
  expect(await findings(page, { rules, within: '.try' }), 'an answer').toEqual([]);
  await form.getByLabel('session_id').fill('_');
  await form.getByRole('button', { name: 'Send DELETE' }).click();
  await page.locator('[data-result]').getByText('Nothing was sent').first().waitFor();
  expect(await findings(page, { rules, within: '.try' }), 'a wrong id').toEqual([]);

  await page.locator('[data-search]').click();
  await page.keyboard.type('token');
  await page.locator('#search-results [role="option"]').first().waitFor();
  expect(await findings(page, { rules, within: '#search' }), 'search').toEqual([]);
});

test.each(looks)("axe finds nothing in Redoc's view: %s", async (look, options) => {
  const rules = rulesFor(look);
  await using opened = await site.open('#/sessions/closesession', options);
  const { page } = opened;
  const view = page.locator('#redoc');
  await view.getByRole('heading', { name: 'Close a session' }).first().waitFor();
  await view.locator('[role="navigation"]').waitFor({ state: 'attached' });
  expect(await findings(page, { rules }), 'as it opens').toEqual([]);

  // An answer with a body in both places that show one.
  await view.getByRole('tab', { name: '403' }).click();
  await view.getByRole('button', { name: '403' }).click();
  await view.locator('.token.string').first().waitFor();
  await view.locator('.schema-name').first().waitFor();
  expect(await findings(page, { rules, within: '#redoc-view' }), 'an answer').toEqual([]);

  await view.getByRole('button', { name: 'View security details' }).click();
  const dialog = page.getByRole('dialog', { name: 'Security' });
  await dialog.waitFor();
  expect(await dialog.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await findings(page, { rules }), 'a window').toEqual([]);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('View security details');

  const menu = view.getByRole('button', { name: 'Open navigation menu' });
  if (await menu.isVisible()) {
    await menu.click();
    await view.getByRole('navigation', { name: 'Redoc' }).waitFor();
    expect(await findings(page), 'menu').toEqual([]);
  }
  expect(opened.trouble).toEqual([]);
});

test('axe finds nothing on any page: light, dark, phone', async () => {
  await using opened = await site.open('versions/', LOOKS.light);
  const { page } = opened;
  const found: string[] = [];
  const look = async (name: string, part?: Parameters<typeof findings>[1]) =>
    found.push(...(await findings(page, part)).map((each) => `${page.url()} ${name}: ${each}`));
  for (const path of await pagePaths()) {
    await show(page, new URL(path, site.url()).href);
    await look('light');
    // What is around the content is the same on all pages, and is looked at in these ways above.
    await page.evaluate(() => document.documentElement.classList.add('dark'));
    await look('dark', { rules: 'colours', within: 'main' });
    await page.setViewportSize(PHONE);
    await look('phone', { rules: 'all but colours' });
    await page.setViewportSize(DESKTOP);
  }
  expect(found).toEqual([]);
  expect(opened.trouble).toEqual([]);
});

/** Puts another page of the site into a page that is open: axe, which takes longer to start than to run, stays. */
async function show(page: Page, address: string): Promise<void> {
  await page.evaluate(async (address) => {
    const markup = await (await fetch(address)).text();
    history.replaceState(null, '', address);
    const { documentElement } = new DOMParser().parseFromString(markup, 'text/html');
    documentElement.classList.add('js');
    document.documentElement.replaceWith(documentElement);
  }, address);
}

/** The dark page is the light one in other colours. */
function rulesFor(look: string): 'colours' | undefined {
  return look === 'dark' ? 'colours' : undefined;
}

function focused(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => document.activeElement?.textContent);
}
