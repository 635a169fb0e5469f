import { launchBrowser } from '@sql-sessions/testing/browser';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { serveFiles } from '@sql-sessions/testing/serve-files';
import { expect, test } from 'vitest';
import { whatToRead } from '../src/docs/docs-cases.ts';
import { loadPage } from '../src/docs/load-page.ts';
import { ownSite } from '../src/docs/sites.ts';

// Room for a little growth. Whoever needs more says in the change why it is worth it to everyone.
// On a fast line the script is there, too, by the time that the content is seen first.
const BUDGETS = { beforeContent: 24_000, inAll: 32_000, requests: 4 };

test('the reference stays within its budgets and asks no other host', async () => {
  await using folder = await temporaryFolder();
  const site = await ownSite(folder.path);
  await using server = await serveFiles(site.folder);
  const browser = await launchBrowser();
  try {
    const load = await loadPage(browser, server.url + site.place, whatToRead(), {
      throttle: false,
      patience: 30_000,
    });
    expect(load.everything, 'something has to be unfolded').toBeDefined();
    expect(load.bytesBefore).toBeLessThanOrEqual(BUDGETS.beforeContent);
    expect(load.bytes).toBeLessThanOrEqual(BUDGETS.inAll);
    expect(load.requests).toBeLessThanOrEqual(BUDGETS.requests);
    expect(load.foreign).toBe(0);
    expect(load.shift).toBeLessThan(0.1);
  } finally {
    await browser.close();
  }
});
