import { readFile } from 'node:fs/promises';
import { ERROR_EXAMPLES, readExamples } from '@sql-sessions/testing/examples';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { textOf, useSite } from './support/open-site.ts';
import { pageOf, siteOf } from './support/site-fixture.ts';

const site = useSite();
const events = useSite(() => {
  const example = 'id: 1\ndata: {"a": 1}\n\n';
  const content = { 'text/event-stream': { schema: { type: 'string' }, example } };
  const responses = { 200: { description: 'Events.', content } };
  const paths = { '/events': { get: { operationId: 'watchEvents', responses } } };
  return siteOf({ openapi: '3.1.0', info: { title: 'Events', version: '1.0.0' }, paths });
});

/** The policy keeps the colours out that Redoc's view has for samples other than JSON, as attributes. */
const isNotStyle = (trouble: string) => !trouble.startsWith('Applying inline style violates');

const contract = new URL(import.meta.resolve('@sql-sessions/contract/openapi.json'));
const { components } = JSON.parse(await readFile(contract, 'utf8'));
const { error_code: code, error_msg: text } = components.schemas.Error.properties;
const EXAMPLES = readExamples(contract);

const FACTS = [
  'DELETE',
  'workspace_id',
  'session_id',
  'X-Auth-Token',
  '1 to 36 characters',
  '^[A-Za-z0-9-]+$',
  `${code.minLength} to ${code.maxLength} characters`,
  `${text.minLength} to ${text.maxLength} characters`,
  ...Object.values(ERROR_EXAMPLES).map((name) => String(EXAMPLES[name]?.error_msg)),
];

async function unreadable(page: Page): Promise<string[]> {
  const text = await textOf(page.locator('main'));
  return FACTS.filter((fact) => !text.includes(fact));
}

test('everything can be read without JavaScript', async () => {
  await using opened = await site.open(await pageOf(), { javaScriptEnabled: false, settle: true });
  expect(await unreadable(opened.page)).toEqual([]);
  expect(opened.trouble).toEqual([]);
});

test('everything can be read with JavaScript, and no other host is asked', async () => {
  await using opened = await site.open(await pageOf(), { settle: true });
  expect(await unreadable(opened.page)).toEqual([]);
  expect(opened.trouble).toEqual([]);
});

test("Redoc's view shows an operation without a click, and asks no other host", async () => {
  await using opened = await site.open('', { settle: true });
  const { page } = opened;
  const title = await page
    .locator('.operation h2, .operations a span:nth-of-type(2)')
    .first()
    .textContent();
  await page.getByRole('link', { name: 'Open in Redoc' }).click();
  const view = page.locator('#redoc-view');
  await view
    .getByRole('heading', { name: title ?? '' })
    .first()
    .waitFor();
  expect(opened.trouble.filter(isNotStyle)).toEqual([]);
});

test("Redoc's view shows what has no tag, and samples that are not JSON", async () => {
  await using opened = await events.open('', { settle: true });
  await opened.page.getByRole('link', { name: 'Open in Redoc' }).click();
  await opened.page.locator('#redoc-view .th-token').first().waitFor();
  expect(opened.trouble.filter(isNotStyle)).toEqual([]);
});
