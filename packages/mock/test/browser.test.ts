import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { type Mock, type ScenarioInput, type SettingsInput, startMock } from '@sql-sessions/mock';
import type { MockHandlers } from '@sql-sessions/mock/msw';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { fixturePath } from '@sql-sessions/testing/contracts';
import { listen } from '@sql-sessions/testing/listen';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import type { setupWorker } from 'msw/browser';
import type { Browser, Page } from 'playwright-core';
import { createServer as createViteServer } from 'vite';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bundle } from './support/bundle.ts';
import { guideBlocks, isStories, PAGES } from './support/guide-blocks.ts';

/** What the bundles of these tests export, in the page. */
declare const exports: {
  mock: MockHandlers;
  setupWorker: typeof setupWorker;
  worker: ReturnType<typeof setupWorker>;
  stories: Record<string, { beforeEach?(): void }>;
  default: {
    parameters: { msw: { handlers: MockHandlers['handlers'] } };
    beforeEach(): void;
    render(): HTMLElement;
  };
};

type Listening = Awaited<ReturnType<typeof listen>>;

let browser: Browser;
let app: Listening;
let mock: Mock;
let internet: Listening;
/** An app that Chrome takes for one of the internet. */
let preview: string;

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  const worker = await readFile(new URL(import.meta.resolve('msw/mockServiceWorker.js')));
  app = await listen(
    createServer(({ url }, response) => {
      const isWorker = url === '/mockServiceWorker.js';
      response.setHeader('content-type', isWorker ? 'text/javascript' : 'text/html');
      response.end(isWorker ? worker : '<!doctype html><title>An app</title>');
    }),
  );
  internet = await listen(createServer((_, response) => response.end('A preview')));
  const { port } = internet;
  preview = `http://preview.example:${port}`;
  browser = await launchBrowser([
    '--host-resolver-rules=MAP preview.example 127.0.0.1',
    `--ip-address-space-overrides=127.0.0.1:${port}=public`,
    `--unsafely-treat-insecure-origin-as-secure=${preview}`,
  ]);
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
  await internet?.[Symbol.asyncDispose]();
  await mock?.close();
});

beforeEach(() => mock.reset());

test('a page on another origin gets every status, a sequence, a double close and latency', async () => {
  const page = await openApp();
  const close = (session: string, headers: Record<string, string> = {}) =>
    page.evaluate(
      async ([url, sent]) => {
        const response = await fetch(url, { method: 'DELETE', headers: sent });
        const error = response.headers.get('x-mock-error');
        return { status: response.status, error, body: await response.text() };
      },
      [
        `${mock.url}/v1/workspaces/w-1/sessions/${session}`,
        { 'X-Auth-Token': 'token', ...headers },
      ] as const,
    );

  for (const status of [200, 400, 401, 403, 404, 408, 500]) {
    const response = await close('s', { Prefer: `code=${status}` });
    expect(response).toMatchObject({ status, error: null });
    if (status !== 200) expect(JSON.parse(response.body)).toHaveProperty('error_code');
  }
  expect(await close('s', { Prefer: 'code=999' })).toMatchObject({
    status: 422,
    error: 'unknown-status',
  });

  mock.scenario([408, 408, 200]);
  const sequence = [await close('s'), await close('s'), await close('s'), await close('s')];
  expect(sequence.map(({ status }) => status)).toEqual([408, 408, 200, 200]);

  mock.reset();
  mock.settings({ stateful: true });
  expect([(await close('s-1')).status, (await close('s-1')).status]).toEqual([200, 404]);

  mock.settings({ latency: 150 });
  await close('s-2');
  expect(mock.requests.at(-1)?.durationMs).toBeGreaterThanOrEqual(149);
  mock.settings({ latency: null });
  mock.scenario('reset');
  await expect(close('s-3')).rejects.toThrow(/Failed to fetch/);
  await page.close();
});

test('a page of the internet may call the mock once its reader allows it (Local Network Access)', async () => {
  const call = async (setting: 'granted' | 'denied') => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const { targetInfo } = await (await context.newCDPSession(page)).send('Target.getTargetInfo');
    const { browserContextId = '' } = targetInfo;
    const session = await browser.newBrowserCDPSession();
    // The name of today's Chrome, and the one before it.
    for (const name of ['loopback-network', 'local-network-access']) {
      const permission = { name };
      const target = { permission, setting, origin: preview, browserContextId };
      await session.send('Browser.setPermission', target);
    }
    await page.goto(preview);
    const result = await page.evaluate(async (url) => {
      const init = { method: 'DELETE', headers: { 'X-Auth-Token': 'token' } };
      return await fetch(url, init).then(({ status }) => status, String);
    }, `${mock.url}/v1/workspaces/w-1/sessions/s-1`);
    await context.close();
    return result;
  };
  expect(await call('granted')).toBe(200);
  expect(await call('denied')).toMatch(/Failed to fetch/);
  expect(mock.requests.map(({ method }) => method)).toEqual(['OPTIONS', 'DELETE']);
});

async function openApp(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`http://localhost:${app.port}/`);
  return page;
}

test.each(['GET', 'POST'])(
  'a page sees each 408 of a scenario by %s, through a dev proxy too',
  async (method) => {
    const spec = fixturePath('family');
    await using own = await startMock({ port: 0, spec, validate: false });
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'index.html'), '<!doctype html><title>An app</title>');
    const vite = await createViteServer({
      root: folder.path,
      configFile: false,
      logLevel: 'silent',
      cacheDir: join(folder.path, '.vite'),
      server: { port: 0, host: '127.0.0.1', ws: false, proxy: { '/v1': own.url } },
    });
    await vite.listen();
    const page = await browser.newPage();
    try {
      const origin = vite.resolvedUrls?.local[0]?.replace(/\/$/, '') ?? '';
      await page.goto(origin);
      for (const base of [origin, own.url]) {
        const path = '/v1/workspaces/w/sessions';
        own.scenario([
          { status: 200, body: {} },
          { status: 408, body: {} },
          { status: 200, body: {} },
        ]);
        const statuses = await page.evaluate(
          async ([url, verb]) => {
            const seen: number[] = [];
            for (let call = 0; call < 3; call += 1) {
              const response = await fetch(url, { method: verb });
              await response.text();
              seen.push(response.status);
            }
            return seen;
          },
          [base + path, method] as const,
        );
        expect(statuses, base).toEqual([200, 408, 200]);
      }
    } finally {
      await page.close();
      await vite.close();
    }
  },
);

/** A page whose calls a service worker of MSW responds to, with what the code exports as `exports`. */
async function openMswPage(code: string): Promise<Page> {
  const page = await openApp();
  await page.addScriptTag({
    content: await bundle(`${code}\nexport { setupWorker } from 'msw/browser';`),
  });
  return page;
}

test('in a page, MSW’s worker responds as the real server does: status, headers and body', async () => {
  const api = 'http://api.example';
  const page = await openMswPage(`
    import { createMockHandlers } from '@sql-sessions/mock/msw';
    export const mock = createMockHandlers({ baseUrl: '${api}' });`);
  await page.evaluate(async () => {
    const { mock, setupWorker } = exports;
    await setupWorker(...mock.handlers).start({ quiet: true, onUnhandledFrame: 'bypass' });
  });
  const see = (base: string, session: string, headers: Record<string, string>) =>
    page.evaluate(
      async ([url, sent]) => {
        const response = await fetch(url, { method: 'DELETE', headers: sent }).catch(() => null);
        if (!response) return { status: 0, headers: [], body: 'no response' };
        // How long a response is concerns the way it travels, which is no way at all with a worker.
        const readable = [...response.headers].filter(([name]) => name !== 'content-length');
        return { status: response.status, headers: readable, body: await response.text() };
      },
      [`${base}/v1/workspaces/w-1/sessions/${session}`, headers] as const,
    );
  const close = async (session: string, sent: Record<string, string> = {}) => {
    const worker = await see(api, session, sent);
    const server = await see(mock.url, session, sent);
    expect({ session, sent, ...worker }).toEqual({ session, sent, ...server });
    return worker.status;
  };
  const set = async (scenario: ScenarioInput | null, settings: SettingsInput = {}) => {
    mock.scenario(scenario);
    mock.settings(settings);
    await page.evaluate(
      ([input, changes]) => {
        exports.mock.scenario(input);
        exports.mock.settings(changes);
      },
      [scenario, settings] as const,
    );
  };

  for (const status of [200, 400, 401, 403, 404, 408, 500]) {
    expect(await close('s', { Prefer: `code=${status}` })).toBe(status);
    await set(status);
    expect(await close('s')).toBe(status);
  }
  await set(null);
  expect(await close('under_score')).toBe(400);
  expect(await close('s', { Prefer: 'code=999' })).toBe(422);
  expect(await close('s', { Prefer: 'example=Nothing' })).toBe(422);

  await set([408, 'NotFound', 200, 'reset']);
  const sequence = [await close('s'), await close('s'), await close('s'), await close('s')];
  expect(sequence).toEqual([408, 404, 200, 0]);

  await set(null, { stateful: true, strictToken: true });
  expect(await close('s-1')).toBe(401);
  const token = { 'X-Auth-Token': 'token' };
  expect([await close('s-1', token), await close('s-1', token)]).toEqual([200, 404]);
  await page.close();
});

test('the stories of the guide show what they are named after', async () => {
  const [code = ''] = (await guideBlocks(PAGES['docs/guides/mock.md'], 'ts')).filter(isStories);
  const page = await openMswPage(code);
  await page.evaluate(async () => {
    const worker = exports.setupWorker();
    await worker.start({ quiet: true });
    exports.worker = worker;
    exports.stories = { ...exports } as unknown as typeof exports.stories;
  });
  // In the order in which Storybook and its addon do it.
  const show = (name: string) =>
    page.evaluate(async (story) => {
      const { default: meta, worker, stories } = exports;
      worker.resetHandlers(...meta.parameters.msw.handlers);
      await meta.beforeEach();
      await stories[story]?.beforeEach?.();
      document.body.replaceChildren(meta.render());
    }, name);
  const click = (text: string) => page.getByRole('button').filter({ hasText: text }).click();
  const shown = (text: string) => page.getByText(text, { exact: true }).waitFor();

  await show('Closed');
  await click('Close the session');
  await shown('Closed');
  await show('NotAllowed');
  await click('Close the session');
  await shown('Failed: 403');
  await show('TimesOutFirst');
  await click('Close the session');
  await shown('Failed: 408');
  await click('Failed');
  await shown('Closed');
  await show('NeverResponds');
  await click('Close the session');
  await shown('Closing');
  await page.close();
});

async function openPanel(
  options: Parameters<Browser['newContext']>[0] = {},
  { url } = mock,
): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${url}/__mock`);
  await page.getByText('Live', { exact: true }).waitFor();
  expect(problems).toEqual([]);
  // There is a choice where the contract has more than one operation.
  if (await page.locator('#operation').isVisible()) {
    await page.locator('#operation').selectOption('closeSession');
  }
  return page;
}

function call(session = 's'): Promise<Response> {
  return fetch(`${mock.url}/v1/workspaces/w-1/sessions/${session}`, { method: 'DELETE' });
}

test('in the panel, a person picks what the next calls get, and watches them arrive', async () => {
  const page = await openPanel({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByRole('radio', { name: /408/ }).check({ force: true });
  await page.getByLabel('For', { exact: true }).selectOption('2');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await page.getByText('408 for the next 2 calls').waitFor();
  expect([(await call()).status, (await call()).status, (await call()).status]).toEqual([
    408, 408, 200,
  ]);
  await page.getByText('the default response', { exact: true }).waitFor();
  await expect.poll(() => page.getByRole('listitem').count()).toBe(3);

  await page.getByText('A sequence instead').click();
  await page.getByLabel(/One response per call/).fill('500, NotFound');
  await page.getByLabel(/Only for session_id/).fill('s-9');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await page.getByText(/500, 404 \(NotFound\).*only .*session_id s-9/).waitFor();
  expect([(await call('s-9')).status, (await call('s-8')).status]).toEqual([500, 200]);
  await page.getByLabel(/One response per call/).fill('999');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await page.getByText(/Unknown step "999"/).waitFor();
  await page.getByRole('button', { name: 'Back to the default responses' }).click();
  await page.getByText('The default responses are back.').waitFor();

  await page.getByLabel('Latency from (ms)').fill('120');
  await page.getByLabel(/Stateful/).check();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('Applied.').waitFor();
  await page.getByRole('button', { name: 'Send it' }).click();
  await page.getByText('Responded 200.').waitFor();
  expect(mock.requests.at(-1)?.durationMs).toBeGreaterThanOrEqual(119);
  await page.getByRole('button', { name: 'Send it' }).click();
  await page.getByText('Responded 404.').waitFor();

  await page.getByRole('button', { name: 'Copy curl', exact: true }).first().click();
  await page.getByText('Copied.').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^curl -i -X DELETE 'http:\/\/127\.0\.0\.1:\d+\/v1\/workspaces\//,
  );
  await page
    .getByRole('button', { name: /^Copy curl of request/ })
    .first()
    .click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
    "-H 'x-auth-token: token'",
  );

  await page.getByRole('button', { name: 'Reset everything' }).click();
  await page.getByText('All is as it was at the start.').waitFor();
  expect(await page.getByRole('listitem').count()).toBe(0);
  expect(mock.requests).toHaveLength(0);
  await page.context().close();
});

test('the panel works by keyboard alone', async () => {
  const page = await openPanel();
  await page.keyboard.press('Tab');
  if (await page.locator('#operation').isVisible()) await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const focused = page.locator(':focus');
  const radios = page.locator(`input[name="${await focused.getAttribute('name')}"]`);
  const third = await radios.nth(2).inputValue();
  expect(await focused.getAttribute('value')).toBe(third);
  await page.keyboard.press('Enter');
  await page.getByText(`${third} for every call`).waitFor();
  expect((await call()).status).toBe(Number(third));
  await page.context().close();
});

test('the panel, light and wide, dark and narrow: nothing for axe to find, nothing to scroll sideways', async () => {
  const page = await openPanel();
  mock.scenario([408, 'reset']);
  await call();
  await fetch(`${mock.url}/nothing/${'long'.repeat(40)}`);
  await page.getByText(/unknown-path/).waitFor();
  await page.getByText('A sequence instead').click();
  await page.getByText('Headers and body', { exact: true }).click();
  await page.getByText('Headers and bodies').first().click();
  await page.getByText(/"type":"urn:sql-sessions:mock:unknown-path"/).waitFor();
  for (const [colorScheme, width] of [
    ['light', 1200],
    ['dark', 320],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => ({ id, on: nodes.map(({ html }) => html) }));
    expect(found, `${colorScheme}, ${width} pixels`).toEqual([]);
    const scrolls = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(scrolls, `${width} pixels`).toBe(false);
  }
  await page.context().close();
});

test('the panel says that the contract file is broken, until it has recovered', async () => {
  await using folder = await temporaryFolder();
  const spec = join(folder.path, 'api.json');
  const whole = await readFile(
    fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.json')),
  );
  await writeFile(spec, whole);
  await using watched = await startMock({ port: 0, spec, watch: true });
  const page = await openPanel({}, watched);
  const banner = page.getByRole('alert');
  expect(await banner.isVisible()).toBe(false);
  await writeFile(spec, whole.subarray(0, 200));
  await banner.waitFor();
  expect(await banner.textContent()).toMatch(/^The last good contract is served\. .*api\.json: .+/);
  const { violations } = await new AxeBuilder({ page }).include('#problem').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await writeFile(spec, whole);
  await banner.waitFor({ state: 'hidden' });
  await page.context().close();
});

test('the panel runs its own files only, and shows what is sent as text', async () => {
  const response = await fetch(`${mock.url}/__mock`);
  expect(response.headers.get('content-security-policy')).toContain(
    "default-src 'none'; script-src 'self'",
  );
  const page = await openPanel();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).origin));
  await fetch(`${mock.url}/<img src=x onerror=alert(1)>`, { headers: { 'x-test': '<img>' } });
  await page.getByText('onerror').waitFor();
  await page.reload();
  await page.getByText('Live', { exact: true }).waitFor();
  expect(await page.locator('main img').count()).toBe(0);
  expect(new Set(asked)).toEqual(new Set([mock.url]));
  await page.context().close();
});
