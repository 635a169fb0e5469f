import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '@sql-sessions/testing/browser';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { type DocsServer, serveDocs } from '../../src/serve.ts';

export interface OpenPage extends AsyncDisposable {
  page: Page;
  /** What must not happen on a page of ours: requests to other hosts, errors, broken policies. */
  trouble: string[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** Wait until nothing is loaded any more, for tests that look for what must not be asked for. */
  settle?: boolean;
}

/** Serves the built site to a real browser for the tests of one file. */
export function useSite(): {
  url(): string;
  open(path: string, options?: OpenOptions): Promise<OpenPage>;
} {
  let docs: DocsServer;
  let browser: Browser;
  beforeAll(async () => {
    [docs, browser] = await Promise.all([serveDocs({ port: 0 }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await docs.close();
  });
  return {
    url: () => docs.url,
    async open(path, { settle = false, ...options } = {}) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const trouble: string[] = [];
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

/** The addresses of all pages of the built site, from its top: '', 'errors/', … */
export async function pagePaths(): Promise<string[]> {
  const folder = fileURLToPath(new URL('../../dist', import.meta.url));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name }) => name === 'index.html')
    .map(({ parentPath }) =>
      join(parentPath, '/')
        .slice(folder.length + 1)
        .replaceAll(sep, '/'),
    )
    .sort();
}

/** The text that a reader sees: unlike `textContent`, without what is hidden. */
export function textOf(locator: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: only text that is shown counts
  return locator.innerText();
}
