import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml } from '@redocly/openapi-core';
import { readContract } from '@sql-sessions/contract/model';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { editYaml, editYamlFile, limitIds, operationsOf } from '@sql-sessions/testing/edit-yaml';
import { addOperations } from '@sql-sessions/testing/grow-contract';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { expect, test } from 'vitest';
import { escapeHtml } from '../src/render/html.ts';
import { serveDocs } from '../src/serve.ts';
import { findings } from './support/axe.ts';
import { copyRepository, edit, pageOf } from './support/site-fixture.ts';

test('an open page follows every save, and shows what is wrong while the contract is broken', async () => {
  await using folder = await temporaryFolder();
  await copyRepository(folder.path);
  const docs = await serveDocs({ port: 0, watch: true, root: folder.path });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(docs.url + (await pageOf(folder.path)));
    const contract = join(folder.path, 'spec/sessions.yaml');
    await editYamlFile(contract, (document) => {
      operationsOf(document).closeSession.summary = 'Close my session';
    });
    await page.locator('main').getByText('Close my session').first().waitFor();
    // What has changed since the last release follows when it has been worked out.
    const other = await browser.newPage();
    await other.goto(new URL('versions/changes/', docs.url).href);
    await other.locator('main').getByText('Close my session').first().waitFor();
    await other.emulateMedia({ reducedMotion: 'reduce' });
    expect(await findings(other), 'the comparison').toEqual([]);
    await other.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    expect(await findings(other, { rules: 'colors' }), 'the comparison, dark').toEqual([]);
    await other.setViewportSize({ width: 320, height: 640 });
    expect(await findings(other), 'the comparison on a phone').toEqual([]);

    // A page that says the same as before stays as its reader left it.
    await other.goto(new URL('guides/get-started/', docs.url).href);
    await other.evaluate(() => Object.assign(window, { marked: true }));
    await editYamlFile(contract, ({ components }) => {
      components.parameters.SessionId.description = 'The session to work on.';
    });
    await page.locator('main').getByText('The session to work on.').first().waitFor();
    expect(await other.evaluate(() => 'marked' in window)).toBe(true);

    const good = await readFile(contract, 'utf8');
    const bad = editYaml(good, limitIds('many'));
    await writeFile(contract, bad);
    const line = bad.slice(0, bad.indexOf('maxLength: many')).split('\n').length;
    await page.getByRole('heading', { name: 'The contract has problems' }).waitFor();
    const report = await page.getByRole('region', { name: 'Problems' }).textContent();
    expect(report).toContain(`sessions.yaml:${line}:`);
    expect(report).toContain('maxLength');
    expect(await findings(page), 'the problems').toEqual([]);

    await writeFile(contract, `${good}\n[`);
    await page
      .getByText(/sessions\.yaml:\d+:\d+/)
      .first()
      .waitFor();
    await writeFile(contract, good);
    await page.locator('main').getByText('The session to work on.').first().waitFor();

    await page.goto(new URL('errors/', docs.url).href);
    await edit(join(folder.path, 'docs/errors.md'), '# Error catalogue', '# All the errors');
    await page.getByRole('heading', { level: 1, name: 'All the errors' }).waitFor();
  } finally {
    await browser.close();
    await docs.close();
  }
});

test('operations that are added get their pages without any other change', async () => {
  await using folder = await temporaryFolder();
  await copyRepository(folder.path);
  const contract = join(folder.path, 'spec/sessions.yaml');
  const grown = addOperations(await readFile(contract, 'utf8'), 'family');
  await writeFile(contract, grown);
  const docs = await serveDocs({ port: 0, watch: true, root: folder.path });
  try {
    const page = await (await fetch(docs.url)).text();
    for (const { id, summary } of readContract(parseYaml(grown) as object).operations) {
      expect(page).toContain(`href="operations/${id}/"`);
      const own = await (await fetch(new URL(`operations/${id}/`, docs.url))).text();
      expect(own).toContain(`<h1 id="${id}">`);
      expect(own).toContain(escapeHtml(summary));
      expect(own).toContain(`data-try="${id}"`);
    }
    const errors = await (await fetch(new URL('errors/', docs.url))).text();
    expect(errors).toContain('<h2 id="409">');
  } finally {
    await docs.close();
  }
});
