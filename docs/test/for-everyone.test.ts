import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readFixture } from '@sql-sessions/testing/contracts';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { describe, expect, test } from 'vitest';
import { writeSite } from '../src/site/write-site.ts';
import { type OpenPage, serveSite, textOf, useSite } from './support/open-site.ts';
import { siteOf } from './support/site-fixture.ts';

const site = useSite(() => siteOf(readFixture('everything')));
/** A page with every kind of parameter, one with every kind of schema, the overview, and texts. */
const PAGES = [
  'operations/listItems/',
  'operations/sendSchemas/',
  'operations/createItem/',
  '',
  'schemas/',
  'errors/',
  'versions/',
  'guides/get-started/',
];

test('nothing moves under the eyes of the reader', async () => {
  await using opened = await site.open(PAGES[0] ?? '', { viewport: { width: 1280, height: 900 } });
  const { page } = opened;
  await page.locator('form[data-ready]').waitFor();
  const moved = await page.evaluate(
    () =>
      new Promise<unknown[]>((resolve) => {
        const shifts: unknown[] = [];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) {
            shifts.push({ value: entry.value, at: entry.startTime });
          }
        }).observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(shifts)));
      }),
  );
  expect(moved).toEqual([]);
});

describe.each(PAGES)('%s', (path) => {
  test('has few landmarks, headings named by their text, and stops of the keyboard that act', async () => {
    await using opened = await site.open(path, { viewport: { width: 1280, height: 900 } });
    const { page } = opened;
    const landmarks = await page.evaluate(
      () =>
        [
          ...document.querySelectorAll(
            'main, nav, search, body > header, body > footer, aside, form[aria-label], [role="region"], [role="search"], section[aria-label], section[aria-labelledby]',
          ),
        ].filter((element) => element.checkVisibility()).length,
    );
    expect(landmarks).toBeLessThanOrEqual(8);
    const headings = await page.evaluate(() =>
      [...document.querySelectorAll('main :is(h1, h2, h3, h4)')].filter(
        (heading) => heading.querySelector('[aria-label]') !== null,
      ),
    );
    expect(headings).toEqual([]);
    const idle = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('[tabindex="0"]')]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)
        .map(({ outerHTML }) => outerHTML.slice(0, 100)),
    );
    expect(idle).toEqual([]);
  });

  test('nothing scrolls sideways from a small phone to 4K, with text spacing as well', async () => {
    await using opened = await site.open(path);
    const { page } = opened;
    const spread = () => page.evaluate(() => document.documentElement.scrollWidth);
    for (const width of [320, 390, 768, 1280, 3840]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await spread(), `${width} pixels`).toBeLessThanOrEqual(width);
    }
    await page.setViewportSize({ width: 320, height: 900 });
    await page.evaluate(() => {
      const style = new CSSStyleSheet();
      style.replaceSync(
        '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }',
      );
      document.adoptedStyleSheets.push(style);
    });
    expect(await spread(), 'with text spacing').toBeLessThanOrEqual(320);
  });
});

test('long names in code and paths break, where they would make a phone scroll', async () => {
  const long = 'x'.repeat(160);
  const description = `Text.\n\n\`\`\`\n${'y'.repeat(400)}\n\`\`\`\n`;
  const get = {
    operationId: 'a',
    description,
    parameters: [{ name: long, in: 'path', required: true, schema: {}, description }],
    responses: { 204: { description } },
  };
  const info = { title: 'Any', version: '1.0.0', description };
  const made = await siteOf({ openapi: '3.1.0', info, paths: { [`/a/{${long}}`]: { get } } });
  const other = await serveSite(made);
  try {
    await using opened = await site.open('');
    const { page } = opened;
    await page.goto(other.url);
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  } finally {
    await other.close();
  }
});

test('the keyboard reaches what acts, visibly', async () => {
  await using opened = await site.open(PAGES[0] ?? '');
  const { page } = opened;
  await page.locator('form[data-ready]').waitFor();
  await page.evaluate(() => {
    document.addEventListener('focusin', ({ target }) => {
      if (!(target instanceof HTMLElement)) return;
      const name = `${target.tagName} ${target.id || target.getAttribute('href') || target.getAttribute('aria-label') || target.textContent}`;
      const { outlineStyle } = getComputedStyle(target);
      document.body.append(
        Object.assign(document.createElement('template'), {
          className: 'reached',
          title: name,
          hidden: outlineStyle === 'none',
        }),
      );
    });
  });
  const count = await page.locator('a[href], button, input, select, textarea, summary').count();
  for (let step = 0; step < count; step += 1) await page.keyboard.press('Tab');
  const { reached, hidden } = await page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>('template.reached')];
    return {
      reached: all.map(({ title }) => title),
      hidden: all.filter((one) => one.hidden).map(({ title }) => title),
    };
  });
  expect(hidden).toEqual([]);
  for (const part of ['A #main', 'BUTTON Search', 'A #listItems-200', 'BUTTON curl']) {
    expect(reached).toContain(part);
  }
});

test('the text column is wide enough to read, and the samples stay in view', async () => {
  await using opened = await site.open(PAGES[0] ?? '', { viewport: { width: 1280, height: 900 } });
  const { page } = opened;
  const characters = await page.evaluate(() => {
    const column = document.querySelector('.main-column .prose') as HTMLElement;
    const ruler = document.createElement('span');
    ruler.textContent = 'the quick brown fox jumps over a dog ';
    column.append(ruler);
    const width = ruler.getBoundingClientRect().width / ruler.textContent.length;
    return column.getBoundingClientRect().width / width;
  });
  expect(characters).toBeGreaterThanOrEqual(55);
  await page.mouse.wheel(0, 700);
  await page.waitForFunction(() => scrollY > 300);
  const box = await page.locator('.samples h2').boundingBox();
  expect(box?.y).toBeGreaterThan(0);
});

test('the search finds parameters and statuses, and its results are links', async () => {
  await using opened = await site.open('guides/get-started/');
  const { page } = opened;
  await page.keyboard.press('/');
  const results = page.locator('#search-results a');
  await page.locator('#search-input').fill('nosuchword');
  await page.getByText('Nothing found for “nosuchword”').waitFor();
  expect(await results.count()).toBe(0);
  await page.locator('#search-input').fill('$top');
  await results.first().waitFor();
  await page.keyboard.press('ArrowDown');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('A');
  await page.keyboard.press('Enter');
  await page.waitForURL(/operations\/listItems\/#listItems-parameter-\$top$/);
  expect(opened.trouble).toEqual([]);
});

test('a language is chosen once for all pages', async () => {
  await using opened = await site.open(PAGES[0] ?? '');
  const { page } = opened;
  const shown = () =>
    page
      .locator('.samples .example:visible')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-sample')));
  expect(await shown()).toEqual(['curl']);
  await page.getByRole('button', { name: 'Python', exact: true }).click();
  expect(await shown()).toEqual(['python']);
  await page.goto(new URL('operations/createItem/', site.url()).href);
  expect(await shown()).toEqual(['python']);
});

test('an anchor of an operation leads to its page once it has one', async () => {
  await using opened = await site.open('#showItem-404');
  await opened.page.waitForURL(/operations\/showItem\/#showItem-404$/);
});

test('what is copied is said, and the page can be copied as Markdown', async () => {
  await using opened = await site.open('operations/showItem/', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { page } = opened;
  await page.getByRole('button', { name: 'Copy page as Markdown' }).click();
  await page.locator('#said').getByText('Copied').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^# Show an item/);
});

test.each(['#%', '#%E0%A4%A', '#nowhere', '#/nowhere/nothing'])('%s ends nothing', async (hash) => {
  await using opened = await site.open(hash);
  await opened.page.locator('html.js').waitFor();
  await opened.page.keyboard.press('/');
  await opened.page.locator('#site-search[open]').waitFor();
  expect(opened.trouble.filter((each) => !/item\.json|NAME_NOT/.test(each))).toEqual([]);
});

describe('scripts that do not load', () => {
  test('leave no dead control', async () => {
    await using opened = await site.open('operations/showItem/', {}, (page) =>
      page.route(/\/main\..*\.js$/, (route) => route.abort()),
    );
    const { page } = opened;
    await page.getByText('could not be loaded').waitFor();
    expect(await page.locator('button:visible, input:visible').count()).toBe(0);
    expect(await page.locator('.samples .example:visible').count()).toBeGreaterThan(3);
  });

  test('leave no dead control where the page is opened as a file', async () => {
    await using folder = await temporaryFolder();
    await writeSite(await siteOf(readFixture('everything')), folder.path);
    await using opened = await site.open('');
    const { page } = opened;
    await page.goto(pathToFileURL(join(folder.path, 'operations/showItem/index.html')).href);
    await page.getByText('serve its folder over HTTP').waitFor();
    expect(await page.locator('button:visible, input:visible').count()).toBe(0);
    expect(await page.locator('.samples .example:visible').count()).toBeGreaterThan(3);
  });

  test('say so where they are needed, with a way to try again', async () => {
    await using opened = await site.open('operations/showItem/', {}, (page) =>
      page.route(/\/(search|try-it)\..*\.js$/, (route) => route.abort()),
    );
    const { page } = opened;
    await page
      .locator('[data-result]')
      .getByRole('button', { name: 'Load the page again' })
      .waitFor();
    await page.keyboard.press('/');
    await page
      .locator('#site-search')
      .getByRole('button', { name: 'Load the page again' })
      .waitFor();
  });
});

test('the theme follows the system until the reader chooses, and is there at the first paint', async () => {
  await using opened = await site.open('', { colorScheme: 'dark' });
  const { page } = opened;
  const background = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await background();
  await page.getByRole('button', { name: 'Switch between light and dark' }).click();
  const light = await background();
  expect(light).not.toBe(dark);
  await page.reload();
  expect(await background()).toBe(light);
});

test('the chosen language is visible in forced colors', async () => {
  await using opened = await site.open(PAGES[0] ?? '', { forcedColors: 'active' });
  const styles = await opened.page
    .locator('.languages button')
    .evaluateAll((buttons) => buttons.map((button) => getComputedStyle(button).outlineStyle));
  expect(styles.filter((style) => style !== 'none')).toHaveLength(1);
});

test('printed, it is the content alone', async () => {
  await using opened = await site.open(PAGES[0] ?? '');
  const { page } = opened;
  await page.emulateMedia({ media: 'print' });
  for (const selector of ['.bar', '.menu', '.try', '.copy', '.page-tools']) {
    expect(await page.locator(selector).first().isVisible(), selector).toBe(false);
  }
  expect(await textOf(page.locator('main'))).toContain('An invalid value');
});

test('who asked for less motion gets none', async () => {
  await using opened: OpenPage = await site.open(PAGES[0] ?? '', { reducedMotion: 'reduce' });
  const moving = await opened.page.evaluate(
    () =>
      [...document.querySelectorAll('*')].filter((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        return (
          animationName !== 'none' || transitionDuration.split(', ').some((time) => time !== '0s')
        );
      }).length,
  );
  expect(moving).toBe(0);
});
