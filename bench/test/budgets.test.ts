import { launchBrowser } from '@sql-sessions/testing/browser';
import { expect, test } from 'vitest';
import { startSiteServer } from '../../docs/src/server/site-server.ts';
import { ownSite } from '../src/docs/doc-sites.ts';
import { whatToRead } from '../src/docs/docs-part.ts';
import { loadPage } from '../src/docs/load-page.ts';

// Room for a little growth. Whoever needs more says in the change why it is worth it to everyone.
const BUDGETS = { beforeContent: 24_000, inAll: 40_000, requests: 4 };

test('the reference stays within its budgets and asks no other host', async () => {
  const { files, address } = await ownSite();
  const server = await startSiteServer({ host: '127.0.0.1', port: 0, files: () => files });
  const browser = await launchBrowser();
  try {
    const url = new URL(address, server.url).href;
    const load = await loadPage(browser, url, await whatToRead(), {
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
    await server.close();
  }
});
