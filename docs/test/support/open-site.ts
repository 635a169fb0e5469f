import { launchBrowser } from '@sql-sessions/testing/browser';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { Site } from '../../src/build-site.ts';
import { type DocsServer, serveDocs } from '../../src/serve.ts';
import { startSiteServer } from '../../src/server/site-server.ts';
import { writeSite } from '../../src/site/write-site.ts';

export interface OpenPage extends AsyncDisposable {
  page: Page;
  /** What must not happen on a page of ours: requests to other hosts, errors, broken policies. */
  trouble: string[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** Wait until nothing is loaded any more, for tests that look for what must not be asked for. */
  settle?: boolean;
}

/** Serves the built site, or the one that is made, to a real browser for the tests of one file. */
export function useSite(make?: () => Promise<Site>): {
  url(): string;
  /** `before` is called with the page before anything is loaded. */
  open(
    path: string,
    options?: OpenOptions,
    before?: (page: Page) => Promise<unknown>,
  ): Promise<OpenPage>;
} {
  let docs: DocsServer;
  let browser: Browser;
  beforeAll(async () => {
    const serve = make ? async () => serveSite(await make()) : () => serveDocs({ port: 0 });
    [docs, browser] = await Promise.all([serve(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await docs.close();
  });
  return {
    url: () => docs.url,
    async open(path, { settle = false, ...options } = {}, before) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const trouble: string[] = [];
      await before?.(page);
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(docs.url) && !url.startsWith('data:'))
          trouble.push(`request to ${url}`);
      });
      page.on('pageerror', (error) => trouble.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') trouble.push(message.text());
      });
      await page.goto(new URL(path, docs.url).href, {
        waitUntil: settle ? 'networkidle' : 'load',
      });
      return { page, trouble, [Symbol.asyncDispose]: () => context.close() };
    },
  };
}

export async function serveSite(site: Site): Promise<DocsServer> {
  const folder = await temporaryFolder();
  await writeSite(site, folder.path);
  const { url, close } = await startSiteServer({ port: 0, host: '127.0.0.1', folder: folder.path });
  return {
    url,
    async close() {
      await close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** The text that a reader sees: unlike `textContent`, without what is hidden. */
export function textOf(locator: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: only text that is shown counts
  return locator.innerText();
}
