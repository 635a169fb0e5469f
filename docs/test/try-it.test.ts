import { createServer } from 'node:http';
import { type Operation, readContract } from '@sql-sessions/contract/model';
import { type Mock, startMock } from '@sql-sessions/mock';
import { fixturePath, readFixture } from '@sql-sessions/testing/contracts';
import { closedPort, listen } from '@sql-sessions/testing/listen';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toRequestForm } from '../src/contract/to-request-form.ts';
import { fillIn } from '../src/request/fill-in.ts';
import { exampleValues } from '../src/request/request-form.ts';
import { textOf, useSite } from './support/open-site.ts';
import { siteOf } from './support/site-fixture.ts';

const TOKEN = 'a-token-nobody-may-see';
let mock: Mock;

/** Opens the form of an operation, fills it in and sends the request; returns what is shown. */
async function send(page: Page, fields: Record<string, string>): Promise<string> {
  const form = page.locator('form[data-ready]');
  await form.waitFor();
  for (const [label, value] of Object.entries(fields)) {
    const field = form.getByLabel(label, { exact: label === 'Request body' });
    if ((await field.evaluate(({ tagName }) => tagName)) === 'SELECT') {
      await field.selectOption(value);
    } else await field.fill(value);
  }
  await form.locator('button[type="submit"]').click();
  await page
    .locator('[data-result]:not([aria-busy]) .status, [data-wrong]:not(:empty)')
    .first()
    .waitFor();
  return textOf(page.locator('.try'));
}

describe('everything', () => {
  const site = useSite(() => siteOf(readFixture('everything')));
  beforeAll(async () => {
    mock = await startMock({ port: 0, spec: fixturePath('everything') });
  });
  afterEach(() => mock.reset());
  afterAll(() => mock.close());

  const { paths } = readFixture('everything') as {
    paths: Record<string, Record<string, { operationId?: string }>>;
  };
  const ids = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .flatMap(({ operationId }) => operationId ?? []);

  test.each(ids)('sends %s with the values that are filled in from the start', async (id) => {
    await using opened = await site.open(`operations/${id}/`);
    const { page } = opened;
    const fields: Record<string, string> = { 'Base URL': mock.url };
    for (const name of await page.locator('form :not([hidden]) > input[type="password"]').all()) {
      await name.fill('user:secret');
    }
    await send(page, fields);
    const shown = await page.locator('[data-result] .status b').textContent();
    expect(shown).toMatch(/^(2\d\d|Redirect)$/);
  });

  test('a credential and a body have a field while they are sent', async () => {
    await using opened = await site.open('operations/readOauth/');
    const { page } = opened;
    const fields = page.locator('form :not([hidden]) > [name^="credential:"]');
    const shown = () => fields.evaluateAll((all) => all.map((one) => one.getAttribute('name')));
    const choice = page.getByLabel('Authentication', { exact: true });
    for (const option of await choice.locator('option').allTextContents()) {
      await choice.selectOption({ label: option });
      const schemes = option === 'None' ? [] : option.split(' and ');
      expect(await shown()).toEqual(schemes.map((scheme) => `credential:${scheme}`));
    }
    await page.goto(new URL('../changeItem/', page.url()).href);
    await page.locator('form[data-ready]').waitFor();
    const type = page.getByLabel('Request body', { exact: true });
    for (const index of [1, 0, 1]) {
      await type.selectOption({ index });
      expect(await page.locator('[name="body"]').isVisible()).toBe(index > 0);
    }
  });

  test('parameters of every style arrive as the sample shows them', async () => {
    await using opened = await site.open('operations/listItems/');
    const { page } = opened;
    const urls: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    await send(page, { 'Base URL': mock.url, color: '["red","green"]', size: '[1,2,3]' });
    const sent = urls.find((url) => url.startsWith(mock.url)) ?? '';
    expect(sent).toContain('color=red&color=green&size=1,2,3');
    expect(await page.locator('[data-sample="curl"] code').textContent()).toContain(sent);
  });

  test('a value that breaks its rule is refused at its field', async () => {
    await using opened = await site.open('operations/showItem/');
    const { page } = opened;
    const shown = await send(page, { 'Base URL': mock.url, item_id: '..' });
    expect(shown).toContain('Nothing was sent. item_id must be');
    const field = page.getByLabel('item_id');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const note = page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`);
    expect(await textOf(note)).toContain('item_id must be');
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(mock.requests).toEqual([]);
  });

  test('broken JSON stays as it is typed, and is what the samples show and what is sent', async () => {
    await using opened = await site.open('operations/createItem/');
    const { page } = opened;
    const bodies: (string | null)[] = [];
    page.on('request', (request) => bodies.push(request.postData()));
    await send(page, { 'Base URL': mock.url, 'Content of the body': '{"name": 9007199254740993,' });
    expect(bodies).toContain('{"name": 9007199254740993,');
    expect(await page.locator('[data-sample="curl"] code').textContent()).toContain(
      '{"name": 9007199254740993,',
    );
  });

  test('a boolean is a choice', async () => {
    await using opened = await site.open('operations/listItems/');
    const field = opened.page.getByLabel('archived');
    expect(await field.locator('option').allTextContents()).toEqual(['Not sent', 'true', 'false']);
  });

  test('an empty value of a list is the one that is not sent', async () => {
    const schema = { type: 'string', enum: ['a', ''] };
    const parameters = [{ name: 'order', in: 'query', schema }];
    const get = { operationId: 'listItems', parameters, responses: { 204: { description: 'A.' } } };
    const info = { title: 'Items', version: '1.0.0' };
    const { files } = await siteOf({ openapi: '3.1.0', info, paths: { '/items': { get } } });
    expect(String(files.get('index.html'))).toMatch(
      /<select[^>]*><option value="" selected>Not sent<\/option><option value="a">a<\/option><\/select>/,
    );
  });

  test.each([
    [{ type: ['string', 'null'], enum: ['a', null] }, ['a', 'null']],
    [{ enum: [{ a: 1 }, 'b'] }, ['{"a":1}', '"b"']],
    [{ oneOf: [{ const: 'list' }, { const: 'map' }] }, ['list']],
    [{ type: 'string', minLength: 1, maxLength: 1 }, ['😀']],
  ])('what %j allows can be sent', (schema, values) => {
    const parameters = [{ name: 'a', in: 'query', required: true, schema }];
    const get = { operationId: 'readA', parameters, responses: { 204: { description: 'A.' } } };
    const info = { title: 'Any', version: '1.0.0' };
    const contract = readContract({ openapi: '3.1.0', info, paths: { '/a': { get } } });
    const form = toRequestForm(contract, contract.operations[0] as Operation);
    const { options } = form.parameters[0] ?? {};
    if ('enum' in schema) expect(options).toEqual(values);
    for (const value of values) {
      const filled = { ...exampleValues(form, 'http://a.test'), parameters: { 'query:a': value } };
      expect(fillIn(form, filled).problems).toEqual([]);
    }
  });

  test('base URL and values last for the tab, a credential for the page', async () => {
    await using opened = await site.open('operations/readBearer/');
    const { page } = opened;
    const asked: { url: string; token: string | undefined }[] = [];
    page.on('request', (request) => {
      asked.push({ url: request.url(), token: request.headers().authorization });
    });
    await page.locator('form input[type="password"]').fill(TOKEN);
    await send(page, { 'Base URL': mock.url });
    expect(asked.filter(({ token }) => token?.includes(TOKEN))).toMatchObject([
      { url: expect.stringContaining(mock.url), token: `Bearer ${TOKEN}` },
    ]);
    expect(await textOf(page.locator('body'))).not.toContain(TOKEN);
    expect(
      await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
    ).not.toContain(TOKEN);
    await page.goto(new URL('operations/showItem/', site.url()).href);
    await page.locator('form[data-ready]').waitFor();
    expect(await page.getByLabel('Base URL').inputValue()).toBe(mock.url);
    await page.goBack();
    expect(await page.locator('form input[type="password"]').inputValue()).toBe('');
  });
});

describe('what comes back', () => {
  const site = useSite(() => siteOf(readFixture('family')));
  let server: Awaited<ReturnType<typeof listen>>;
  let respond: {
    status: number;
    type: string;
    body: string | Buffer;
    location?: string;
    length?: number;
    delay?: boolean;
    cors?: boolean;
  };
  let url: string;
  let asked: string[];
  beforeAll(async () => {
    const responder = createServer(({ method, url: target }, response) => {
      if (respond.cors !== false) {
        response.setHeader('Access-Control-Allow-Origin', '*');
        response.setHeader('Access-Control-Allow-Headers', '*');
        response.setHeader('Access-Control-Allow-Methods', '*');
      }
      if (method === 'OPTIONS') return response.end();
      asked.push(`${target}`);
      if (respond.delay) return;
      const { status, type, body, location, length } = respond;
      response.setHeader('Content-Type', type);
      if (location) response.setHeader('Location', location);
      if (!length) return response.writeHead(status).end(body);
      response.writeHead(status, { 'Content-Length': length });
      response.write(body, () => response.destroy());
    });
    server = await listen(responder);
    url = server.url;
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(() => server[Symbol.asyncDispose]());
  const path = 'operations/showSession/';

  test.each([
    [
      'numbers stay as they are',
      'application/json',
      '{"a":9007199254740993,"b":1.0,"a":2}',
      ['"a": 9007199254740993', '"b": 1.0', '"a": 2'],
    ],
    ['a page of a gateway is text', 'text/html', '<h1>Bad Gateway</h1>', ['<h1>Bad Gateway</h1>']],
    ['what broke off is shown', 'application/json', '{"error_code":', ['{"error_code":']],
  ])('%s', async (_name, type, body, parts) => {
    respond = { status: 404, type, body };
    await using opened = await site.open(path);
    const shown = await send(opened.page, { 'Base URL': url });
    for (const part of parts) expect(shown).toContain(part);
    expect(shown).toContain(`${body.length} bytes`);
    expect(shown).toContain('What 404 means');
    expect(await opened.page.locator('[data-result] h1').count()).toBe(0);
  });

  test('an undocumented status is named as one, and a long body can be saved whole', async () => {
    respond = { status: 418, type: 'text/plain', body: 'x'.repeat(60_000) };
    await using opened = await site.open(path);
    const shown = await send(opened.page, { 'Base URL': url });
    expect(shown).toContain('does not document the status');
    expect(shown).toContain('Save the whole body');
  });

  test('a redirect is not followed, so that no other server gets the token', async () => {
    respond = { status: 302, type: 'text/plain', body: '', location: '/elsewhere' };
    await using opened = await site.open(path);
    expect(await send(opened.page, { 'Base URL': url })).toContain('The server redirects');
    expect(asked).toEqual([expect.stringMatching(/^\/v1\//)]);
  });

  test('a body that breaks off is one, and not forbidden by CORS', async () => {
    respond = { status: 200, type: 'text/plain', body: 'some', length: 100 };
    await using opened = await site.open(path);
    const shown = await send(opened.page, { 'Base URL': url });
    expect(shown).toContain('The response (status 200) broke off');
  });

  test.each([
    ['iso-8859-1', 'latin1'],
    ['no-charset', 'utf8'],
  ] as const)('a text in %s is read as one', async (charset, encoding) => {
    const body = Buffer.from('grüße', encoding);
    respond = { status: 200, type: `text/plain; charset=${charset}`, body };
    await using opened = await site.open(path);
    expect(await send(opened.page, { 'Base URL': url })).toContain('grüße');
  });

  test('a request is cancelled, and the focus stays on the button', async () => {
    respond = { status: 200, type: 'text/plain', body: '', delay: true };
    await using opened = await site.open(path);
    const { page } = opened;
    const form = page.locator('form[data-ready]');
    await form.getByLabel('Base URL').fill(url);
    await form.locator('button[type="submit"]').click();
    await page.locator('[data-result][aria-busy]').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('submit');
    await form.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled').first().waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel');
  });

  test('says that nothing responds', async () => {
    const port = await closedPort();
    await using opened = await site.open(path);
    const shown = await send(opened.page, { 'Base URL': `http://127.0.0.1:${port}` });
    expect(shown).toContain('Nothing responded');
  });

  test('says that CORS forbids it', async () => {
    respond = { status: 200, type: 'text/plain', body: 'no CORS here', cors: false };
    await using opened = await site.open(path);
    expect(await send(opened.page, { 'Base URL': url })).toContain('CORS forbids it');
  });
});

describe('what cannot be sent is refused at its field', () => {
  const body = { content: { 'text/plain': { schema: { type: 'string' }, example: 'a' } } };
  const note = { name: 'Note', in: 'header', schema: { type: 'string' } };
  const get = {
    operationId: 'readNote',
    parameters: [note],
    requestBody: body,
    responses: { 204: { description: 'None.' } },
  };
  const key = { type: 'apiKey', in: 'header', name: 'Key' };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Notes', version: '1.0.0' },
    security: [{ key: [] }],
    paths: { '/note': { get } },
    components: { securitySchemes: { key } },
  };
  const site = useSite(() => siteOf(document));

  test.each([
    ['Base URL', 'http://127.0.0.1:401000', 'The base URL must be a URL'],
    ['Base URL', 'http://[::1', 'The base URL must be a URL'],
    ['Base URL', 'http://%', 'The base URL must be a URL'],
    ['Base URL', 'http://a:b@127.0.0.1:1', 'The browser refuses it'],
    ['Note', '日本', 'Note must be'],
    ['Note', '\u0001', 'Note must be'],
    ['key', '日本', 'key must be'],
    ['Request body', '0', 'The browser refuses it'],
  ])('%s: %s', async (label, value, message) => {
    await using opened = await site.open('');
    const { page } = opened;
    const shown = await send(page, { 'Base URL': 'http://127.0.0.1:1', [label]: value });
    expect(shown).toContain(`Nothing was sent. ${message}`);
    expect(await page.locator('[aria-invalid]').count()).toBe(1);
  });
});
