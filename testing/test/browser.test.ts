import { expect, test } from 'vitest';
import { launchBrowser } from '../src/browser.ts';

test('starts a browser that renders a page', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent('<title>ready</title>');
    expect(await page.title()).toBe('ready');
  } finally {
    await browser.close();
  }
});
