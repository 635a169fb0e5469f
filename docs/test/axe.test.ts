import { startMock } from '@sql-sessions/mock';
import { fixturePath, readFixture } from '@sql-sessions/testing/contracts';
import { slow } from '@sql-sessions/testing/slow';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { buildSite, type Site } from '../src/build-site.ts';
import { findings } from './support/axe.ts';
import { useSite } from './support/open-site.ts';
import { changedSite, siteOf } from './support/site-fixture.ts';

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 320, height: 640 };
// Without the time that a change of colors takes, axe sees what the reader sees.
const LOOKS = {
  light: { viewport: DESKTOP, colorScheme: 'light', reducedMotion: 'reduce' },
  dark: { viewport: DESKTOP, colorScheme: 'dark', reducedMotion: 'reduce' },
  phone: { viewport: PHONE, colorScheme: 'light', reducedMotion: 'reduce' },
} as const;
const looks = Object.entries(LOOKS);

describe('an operation', () => {
  const site = useSite(() => siteOf(readFixture('family')));

  test.each(looks)('axe finds nothing in any state of the reference: %s', async (look, options) => {
    const rules = rulesFor(look);
    await using mock = await startMock({ port: 0, spec: fixturePath('family') });
    await using opened = await site.open('operations/showSession/', options);
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

    const form = page.locator('form[data-ready]').first();
    const send = form.locator('button[type="submit"]');
    await form.getByLabel('Base URL').fill(mock.url);
    const status = form.getByLabel('Response');
    await status.selectOption((await status.locator('option').nth(2).getAttribute('value')) ?? '');
    await send.click();
    await page.locator('[data-result] .status').first().waitFor();
    expect(await findings(page, { rules, within: '.try' }), 'a response').toEqual([]);
    await form.getByLabel('Base URL').fill('nowhere');
    await send.click();
    await page.getByText('Nothing was sent').first().waitFor();
    expect(await findings(page, { rules, within: '.try' }), 'a wrong base URL').toEqual([]);

    await page.locator('[data-search]').click();
    await page.keyboard.type('token');
    await page.locator('#search-results a').first().waitFor();
    expect(await findings(page, { rules, within: '#site-search' }), 'search').toEqual([]);
  });
});

describe('what Redoc opens', () => {
  const site = useSite(() => siteOf(readFixture('family')));

  test.each(looks.slice(0, slow ? 2 : 1))(
    'axe finds nothing in it, and keys close it: %s',
    async (_look, options) => {
      await using opened = await site.open('', options);
      const { page } = opened;
      await page.getByRole('link', { name: 'Open in Redoc' }).click();
      const view = page.locator('#redoc');
      const list = view.getByRole('button', { name: /^get.*sessions$/i }).first();
      await list.click();
      // Its buttons take their time to change their colors, whatever the reader prefers.
      const settled = (what: string) =>
        expect.poll(() => findings(page), { message: what, timeout: 10_000 }).toEqual([]);
      const focused = () => page.evaluate(() => document.activeElement?.textContent);

      const choice = view.getByRole('button', { name: 'The first page' });
      await choice.click();
      const menu = page.getByRole('menu');
      await menu.waitFor();
      await settled('a choice of examples');
      await page.keyboard.press('Escape');
      await menu.waitFor({ state: 'detached' });
      expect(await focused()).toBe('The first page');

      await view.getByRole('button', { name: 'View security details' }).first().click();
      const dialog = page.getByRole('dialog', { name: 'Security' });
      await dialog.waitFor();
      await settled('a window');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await focused()).toBe('View security details');

      const all = view.getByRole('button', { name: 'Expand all' });
      for (let left = await all.count(); left > 0; left -= 1) await all.first().click();
      await settled('all fields');
    },
  );
});

const FIXTURES = ['warehouses', 'family', 'everything'] as const;
describe.each(slow ? FIXTURES : FIXTURES.slice(0, 1))('%s', (name) => {
  let made: Site;
  const site = useSite(async () => {
    made = await siteOf(readFixture(name));
    return made;
  });

  if (slow)
    test('axe finds nothing on any page: light, dark, phone', async () => {
      await using opened = await site.open('versions/', LOOKS.light);
      expect(await lookAt(opened.page, site.url(), made)).toEqual([]);
      expect(opened.trouble).toEqual([]);
    });

  test.each(slow ? looks : looks.slice(0, 1))(
    "axe finds nothing in Redoc's view: %s",
    async (look, options) => {
      const rules = rulesFor(look);
      await using opened = await site.open('', options);
      const { page } = opened;
      // Opened by its link, the view has the focus.
      await page.getByRole('link', { name: 'Open in Redoc' }).click();
      const view = page.locator('#redoc');
      await view.getByRole('heading').first().waitFor();
      await view.locator('[role="navigation"]').waitFor({ state: 'attached' });
      expect(
        await page.evaluate(() => document.activeElement?.closest('#redoc-view') !== null),
      ).toBe(true);
      expect(await findings(page, { rules }), 'as it opens').toEqual([]);
      const menu = view.getByRole('button', { name: 'Open navigation menu' });
      if (await menu.isVisible()) {
        await menu.click();
        await view.getByRole('navigation', { name: 'Redoc' }).waitFor();
        expect(await findings(page), 'menu').toEqual([]);
      }
      // An example that the contract has on another host is asked for there.
      expect(opened.trouble.filter((each) => !/item\.json|NAME_NOT_RESOLVED/.test(each))).toEqual(
        [],
      );
    },
  );
});

const SITES = [
  [
    'between two releases',
    async () => {
      const made = await changedSite();
      // The texts are the same.
      const pages = made.pages.filter(({ path }) => /^(versions\/.*)?$/.test(path));
      return { ...made, pages };
    },
  ],
  ['as it is', () => buildSite()],
] as const;
describe.each(slow ? SITES : SITES.slice(0, 1))('the whole site %s', (_name, build) => {
  let made: Site;
  const site = useSite(async () => {
    made = await build();
    return made;
  });

  test('axe finds nothing on any page: light, dark, phone', async () => {
    await using opened = await site.open('versions/', LOOKS.light);
    expect(await lookAt(opened.page, site.url(), made)).toEqual([]);
    expect(opened.trouble).toEqual([]);
  });

  test('the label of the version pushes nothing out on a phone', async () => {
    await using opened = await site.open('', LOOKS.phone);
    const { page } = opened;
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
    for (const name of ['Search', 'Switch between light and dark']) {
      const box = await page.getByRole('button', { name }).boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(PHONE.width);
    }
  });
});

async function lookAt(page: Page, top: string, { pages }: Site): Promise<string[]> {
  const found: string[] = [];
  const look = async (name: string, part?: Parameters<typeof findings>[1]) =>
    found.push(...(await findings(page, part)).map((each) => `${page.url()} ${name}: ${each}`));
  for (const { path } of pages) {
    await show(page, new URL(path, top).href);
    await look('light');
    // What is around the content is the same on all pages, and is looked at in these ways above.
    await page.evaluate(() => document.documentElement.classList.replace('light', 'dark'));
    await look('dark', { rules: 'colors', within: 'main' });
    await page.setViewportSize(PHONE);
    await look('phone', { rules: 'all but colors' });
    await page.setViewportSize(DESKTOP);
  }
  return found;
}

/** Puts another page of the site into a page that is open: axe, which takes longer to start than to run, stays. */
async function show(page: Page, address: string): Promise<void> {
  await page.evaluate(async (address) => {
    const markup = await (await fetch(address)).text();
    history.replaceState(null, '', address);
    const { documentElement } = new DOMParser().parseFromString(markup, 'text/html');
    documentElement.classList.add('js', 'light');
    documentElement.dataset.language = 'curl';
    document.documentElement.replaceWith(documentElement);
    // What the page's script does to tables that scroll.
    for (const table of document.querySelectorAll('.table')) table.setAttribute('tabindex', '0');
  }, address);
}

/** The dark page is the light one in other colors. */
function rulesFor(look: string): 'colors' | undefined {
  return look === 'dark' ? 'colors' : undefined;
}
