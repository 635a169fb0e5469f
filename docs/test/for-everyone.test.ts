import { expect, test } from 'vitest';
import { textOf, useSite } from './support/open-site.ts';

const site = useSite();

test('nothing moves under the eyes of the reader', async () => {
  await using opened = await site.open('', { viewport: { width: 1280, height: 900 } });
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

test('with and without JavaScript the content stands in the same place', async () => {
  const places = async (javaScriptEnabled: boolean) => {
    await using opened = await site.open('', { javaScriptEnabled });
    const found: (number | undefined)[] = [];
    for (const id of ['closeSession', 'closeSession-parameters', 'closeSession-403', 'about']) {
      found.push((await opened.page.locator(`#${id}`).boundingBox())?.x);
    }
    const heading = await opened.page.locator('#closeSession-parameters').boundingBox();
    return [...found, heading?.y];
  };
  expect(await places(true)).toEqual(await places(false));
});

test('the keyboard reaches everything, visibly', async () => {
  await using opened = await site.open('');
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
  const count = await page
    .locator('a[href], button, input, select, summary, [tabindex="0"]')
    .count();
  for (let step = 0; step < count; step += 1) await page.keyboard.press('Tab');
  const { reached, hidden } = await page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>('template.reached')];
    return {
      reached: all.map(({ title }) => title),
      hidden: all.filter((one) => one.hidden).map(({ title }) => title),
    };
  });
  expect(hidden).toEqual([]);
  for (const part of [
    'A #main',
    'BUTTON Search',
    'SELECT closeSession-try-answer',
    'INPUT closeSession-try-token',
    'A #closeSession-404',
    'PRE Example of 403',
    'A openapi.yaml',
  ]) {
    expect(reached).toContain(part);
  }
});

test('the search finds parameters, statuses and guides, and goes there', async () => {
  await using opened = await site.open('guides/get-started/');
  const { page } = opened;
  await page.keyboard.press('/');
  const options = page.locator('#search-results [role="option"]');
  const search = async (text: string) => {
    await page.locator('#search-input').fill(text);
    await options.first().waitFor();
    return (await options.allTextContents()).join('\n');
  };
  expect(await search('sessi')).toContain('session_id');
  expect(await search('408')).toContain('408');
  expect(await search('APIG.1002')).toContain('401 Unauthorized');
  expect(await search('build screen')).toContain('Build a screen');
  await page.locator('#search-input').fill('nosuchword');
  await page.getByText('Nothing found for “nosuchword”').waitFor();
  expect(await options.count()).toBe(0);
  await search('workspace_id');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#closeSession-parameter-workspace_id$/);
  expect(opened.trouble).toEqual([]);
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

test('printed, it is the content alone', async () => {
  await using opened = await site.open('');
  const { page } = opened;
  await page.emulateMedia({ media: 'print' });
  for (const selector of ['.bar', '.menu', '.try', '.copy']) {
    expect(await page.locator(selector).first().isVisible(), selector).toBe(false);
  }
  expect(await textOf(page.locator('main'))).toContain('timeout exception occurred');
});

test('who asked for less motion gets none', async () => {
  await using opened = await site.open('', { reducedMotion: 'reduce' });
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

test('nothing scrolls sideways from a small phone to 4K', async () => {
  await using opened = await site.open('');
  for (const width of [320, 390, 768, 1440, 3840]) {
    await opened.page.setViewportSize({ width, height: 900 });
    const scroll = await opened.page.evaluate(() => document.documentElement.scrollWidth);
    expect(scroll, `${width} pixels`).toBeLessThanOrEqual(width);
  }
});
