import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { operations } from '@sql-sessions/contract';
import { type Mock, startMock } from '@sql-sessions/mock';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { textOf, useSite } from './support/open-site.ts';

const site = useSite();
const TOKEN = 'a-token-nobody-may-see';
const { closeSession } = operations;
let mock: Mock;

beforeAll(async () => {
  mock = await startMock({ port: 0 });
});
afterEach(() => mock.reset());
afterAll(() => mock.close());

/** Opens the panel, fills it in and sends the request; returns what is shown. */
async function send(page: Page, fields: Record<string, string>): Promise<string> {
  const form = page.locator('form[data-try="closeSession"][data-ready]');
  await form.waitFor();
  for (const [label, value] of Object.entries(fields)) {
    const field = form.getByLabel(label);
    if (label === 'Answer') await field.selectOption(value);
    else await field.fill(value);
  }
  await form.getByRole('button', { name: 'Send DELETE' }).click();
  await form.locator('button[type="submit"]:enabled').waitFor();
  return textOf(page.locator('[data-result]'));
}

test('closes a session on the mock and shows the answer', async () => {
  await using opened = await site.open('');
  const shown = await send(opened.page, { Address: mock.url });
  expect(shown).toContain('200');
  expect(shown).toContain('No body.');
  expect(mock.requests).toMatchObject([{ method: 'DELETE', status: 200 }]);
});

test('shows each documented error with its body when asked for it', async () => {
  await using opened = await site.open('');
  for (const status of Object.keys(closeSession.responses).filter((each) => each >= '400')) {
    const shown = await send(opened.page, { Address: mock.url, Answer: status });
    expect(shown).toMatch(new RegExp(`^${status}\\s+[A-Z]\\D+\\d+ ms`));
    expect(shown).toContain('content-type: application/json');
    expect(shown).toContain('"error_msg"');
    await opened.page.getByRole('link', { name: `What ${status} means` }).click();
    expect(new URL(opened.page.url()).hash).toBe(`#closeSession-${status}`);
  }
});

test('the token is masked and goes to the address alone', async () => {
  await using opened = await site.open('');
  const { page } = opened;
  const asked: { url: string; token: string | undefined }[] = [];
  page.on('request', (request) => {
    asked.push({ url: request.url(), token: request.headers()['x-auth-token'] });
  });
  await send(page, { Address: mock.url, Token: TOKEN });
  expect(await page.getByRole('textbox', { name: 'Token' }).getAttribute('type')).toBe('password');
  expect(
    asked.filter(({ token }) => token === TOKEN).map(({ url }) => new URL(url).origin),
  ).toEqual([mock.url]);
  expect(asked.filter(({ url }) => url.includes(TOKEN))).toEqual([]);
  expect(await textOf(page.locator('body'))).not.toContain(TOKEN);
  expect(
    await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
  ).not.toContain(TOKEN);
  await page.reload();
  expect(await page.getByRole('textbox', { name: 'Token' }).inputValue()).toBe('');
});

test('the samples follow what is filled in, without the token', async () => {
  await using opened = await site.open('');
  await send(opened.page, { Address: mock.url, session_id: 's-7', Token: TOKEN, Answer: '404' });
  const curl = await textOf(opened.page.locator('[data-sample="curl"] code'));
  expect(curl).toContain(`${mock.url}/v1/workspaces/`);
  expect(curl).toContain('/sessions/s-7');
  expect(curl).toContain('X-Auth-Token: $TOKEN');
  expect(curl).toContain('Prefer: code=404');
  const typescript = await textOf(opened.page.locator('[data-sample="typescript"] code'));
  expect(typescript).toContain("session_id: 's-7'");
  expect(typescript).not.toContain(TOKEN);
});

test('an id that breaks its rule is refused before anything is sent', async () => {
  await using opened = await site.open('');
  const shown = await send(opened.page, { Address: mock.url, session_id: '../other' });
  expect(shown).toContain('Nothing was sent');
  expect(shown).toContain('1 to 36 letters, digits or hyphens');
  expect(
    await opened.page.getByRole('textbox', { name: 'session_id' }).getAttribute('aria-invalid'),
  ).toBe('true');
  expect(mock.requests).toEqual([]);
});

test('an answer outside the contract is shown with what is wrong with it', async () => {
  const server = createServer(({ method, url = '' }, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Methods', '*');
    response.setHeader('Content-Type', url.endsWith('html') ? 'text/html' : 'application/json');
    if (method === 'OPTIONS') response.end();
    else if (url.endsWith('html')) response.writeHead(502).end('<h1>Bad Gateway</h1>');
    else response.writeHead(url.endsWith('broken') ? 500 : 408).end('{"error_code":');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const Address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await using opened = await site.open('');
    const gateway = await send(opened.page, { Address, session_id: 'html' });
    expect(gateway).toContain('502');
    expect(gateway).toContain('This status is not in the contract.');
    expect(gateway).toContain('<h1>Bad Gateway</h1>');
    const broken = await send(opened.page, { Address, session_id: 'broken' });
    expect(broken).toMatch(/^500\s+InternalServerError\s+\d+ ms/);
    expect(broken).toContain('The body is not what the contract documents.');
    expect(broken).toContain('{"error_code":');
    expect(await opened.page.locator('[data-result] h1').count()).toBe(0);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('says that nothing listens there', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  await using opened = await site.open('');
  const shown = await send(opened.page, { Address: `http://127.0.0.1:${port}` });
  expect(shown).toContain('Nothing listens there');
});

test('says that CORS forbids it', async () => {
  const server = createServer((_, response) => response.end('no CORS here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await using opened = await site.open('');
    const shown = await send(opened.page, { Address: `http://127.0.0.1:${port}`, Token: TOKEN });
    expect(shown).toContain('CORS forbids it');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
