import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import AxeBuilder from '@axe-core/playwright';
import { type Mock, startMock } from '@sql-sessions/mock';
import { launchBrowser } from '@sql-sessions/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

let browser: Browser;
let app: Server;
let mock: Mock;

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  app = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>An app</title>');
  });
  app.listen(0, '127.0.0.1');
  await once(app, 'listening');
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  app?.close();
  await mock?.close();
});

beforeEach(() => mock.reset());

test('a page on another origin plays every status, a sequence, a double close and latency', async () => {
  const page = await browser.newPage();
  await page.goto(`http://localhost:${(app.address() as AddressInfo).port}/`);
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
    const answer = await close('s', { Prefer: `code=${status}` });
    expect(answer).toMatchObject({ status, error: null });
    if (status !== 200) expect(JSON.parse(answer.body)).toHaveProperty('error_code');
  }
  expect(await close('s', { Prefer: 'code=418' })).toMatchObject({
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
  expect(mock.requests.at(-1)?.tookMs).toBeGreaterThanOrEqual(149);
  mock.settings({ latency: null });
  mock.scenario('reset');
  await expect(close('s-3')).rejects.toThrow(/Failed to fetch/);
  await page.close();
});

async function openPanel(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${mock.url}/__mock`);
  await page.getByText('Live', { exact: true }).waitFor();
  expect(problems).toEqual([]);
  return page;
}

function call(session = 's'): Promise<Response> {
  return fetch(`${mock.url}/v1/workspaces/w-1/sessions/${session}`, { method: 'DELETE' });
}

test('in the panel, a person picks what the next calls get, and watches them arrive', async () => {
  const page = await openPanel({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByRole('radio', { name: /408/ }).check({ force: true });
  await page.getByLabel('For', { exact: true }).selectOption('2');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByText('408 for the next 2 calls').waitFor();
  expect([(await call()).status, (await call()).status, (await call()).status]).toEqual([
    408, 408, 200,
  ]);
  await page.getByText('the usual answer', { exact: true }).waitFor();
  expect(await page.getByRole('listitem').count()).toBe(3);

  await page.getByText('A sequence instead').click();
  await page.getByLabel(/One answer per call/).fill('500, NotFound');
  await page.getByLabel(/Only for session_id/).fill('s-9');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByText(/500, 404 \(NotFound\).*only session_id s-9/).waitFor();
  expect([(await call('s-9')).status, (await call('s-8')).status]).toEqual([500, 200]);
  await page.getByLabel(/One answer per call/).fill('418');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByText(/"418" is no step/).waitFor();
  await page.getByRole('button', { name: 'Back to the usual answers' }).click();
  await page.getByText('The usual answers are back.').waitFor();

  await page.getByLabel('Latency from (ms)').fill('120');
  await page.getByLabel(/Stateful/).check();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('Applied.').waitFor();
  await page.getByRole('button', { name: 'Send it' }).click();
  await page.getByText('Answered 200.').waitFor();
  expect(mock.requests.at(-1)?.tookMs).toBeGreaterThanOrEqual(119);
  await page.getByRole('button', { name: 'Send it' }).click();
  await page.getByText('Answered 404.').waitFor();

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
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const focused = page.locator(':focus');
  expect(await focused.getAttribute('value')).toBe('401');
  await page.keyboard.press('Enter');
  await page.getByText('401 for every call').waitFor();
  expect((await call()).status).toBe(401);
  await page.context().close();
});

test.each([
  ['light', 1200],
  ['dark', 1200],
  ['light', 320],
  ['dark', 320],
] as const)(
  'the panel in %s at %i pixels: nothing for axe to find, nothing to scroll sideways',
  async (colorScheme, width) => {
    const page = await openPanel({ colorScheme, viewport: { width, height: 900 } });
    mock.scenario([408, 'reset']);
    await call();
    await fetch(`${mock.url}/nothing/${'long'.repeat(40)}`);
    await page.getByText(/unknown-path/).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, on: nodes.map(({ html }) => html) }))).toEqual(
      [],
    );
    const scrolls = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(scrolls).toBe(false);
    await page.context().close();
  },
);

test('the panel runs its own files only, and shows what is sent as text', async () => {
  const response = await fetch(`${mock.url}/__mock`);
  expect(response.headers.get('content-security-policy')).toContain(
    "default-src 'none'; script-src 'self'",
  );
  const page = await openPanel();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).origin));
  await fetch(`${mock.url}/<img src=x onerror=alert(1)>`);
  await page.getByText('onerror').waitFor();
  await page.reload();
  await page.getByText('Live', { exact: true }).waitFor();
  expect(await page.locator('main img').count()).toBe(0);
  expect(new Set(asked)).toEqual(new Set([mock.url]));
  await page.context().close();
});
