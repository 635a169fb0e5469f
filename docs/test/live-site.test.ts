import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { expect, test } from 'vitest';
import { serveDocs } from '../src/serve.ts';
import { findings } from './support/axe.ts';
import { copyRepository, edit } from './support/site-fixture.ts';

test('an open page follows every save, and shows what is wrong while the contract is broken', async () => {
  await using folder = await temporaryFolder();
  await copyRepository(folder.path);
  const docs = await serveDocs({ port: 0, watch: true, root: folder.path });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(docs.url);
    const contract = join(folder.path, 'spec/sessions.yaml');
    await edit(contract, 'summary: Close a session', 'summary: Close my session');
    await page.getByRole('heading', { level: 2, name: 'Close my session' }).waitFor();
    // What has changed since the last release follows when it has been worked out.
    const other = await browser.newPage();
    await other.goto(new URL('versions/changes/', docs.url).href);
    await other.getByRole('cell', { name: 'Close my session' }).waitFor();
    await other.emulateMedia({ reducedMotion: 'reduce' });
    expect(await findings(other), 'the comparison').toEqual([]);
    await other.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    expect(await findings(other, { rules: 'colours' }), 'the comparison, dark').toEqual([]);
    await other.setViewportSize({ width: 320, height: 640 });
    expect(await findings(other), 'the comparison on a phone').toEqual([]);

    // A page that says the same as before stays as its reader left it.
    await other.goto(new URL('guides/get-started/', docs.url).href);
    await other.evaluate(() => Object.assign(window, { marked: true }));
    await edit(contract, 'summary: Close my session', 'summary: Close one session');
    await page.getByRole('heading', { level: 2, name: 'Close one session' }).waitFor();
    expect(await other.evaluate(() => 'marked' in window)).toBe(true);

    const good = await readFile(contract, 'utf8');
    await edit(contract, 'maxLength: 36', 'maxLength: many');
    const line = good.slice(0, good.indexOf('maxLength: 36')).split('\n').length;
    await page.getByRole('heading', { name: 'The contract has problems' }).waitFor();
    const report = await page.getByRole('region', { name: 'Problems' }).textContent();
    expect(report).toContain(`sessions.yaml:${line}:`);
    expect(report).toContain('many');
    expect(await findings(page), 'the problems').toEqual([]);

    await writeFile(contract, `${good}\n  : [`);
    await page
      .getByText(/sessions\.yaml:\d+:\d+/)
      .first()
      .waitFor();
    await writeFile(contract, good);
    await page.getByRole('heading', { level: 2, name: 'Close one session' }).waitFor();

    await page.goto(new URL('errors/', docs.url).href);
    await edit(join(folder.path, 'docs/errors.md'), '# Error catalogue', '# All the errors');
    await page.getByRole('heading', { level: 1, name: 'All the errors' }).waitFor();
  } finally {
    await browser.close();
    await docs.close();
  }
});

test('a second operation is in the reference without any other change', async () => {
  await using folder = await temporaryFolder();
  await copyRepository(folder.path);
  await edit(
    join(folder.path, 'spec/sessions.yaml'),
    '\ncomponents:\n',
    `    get:
      summary: Get a session
      description: Says what is known about one session.
      operationId: getSession
      tags:
        - Sessions
      parameters:
        - $ref: "#/components/parameters/WorkspaceId"
        - $ref: "#/components/parameters/SessionId"
      responses:
        "200":
          $ref: "#/components/responses/Closed"
        "404":
          $ref: "#/components/responses/NotFound"
        "409":
          $ref: "#/components/responses/Conflict"

components:
`,
  );
  await edit(
    join(folder.path, 'spec/sessions.yaml'),
    '    InternalServerError:\n      description:',
    `    Conflict:
      description: "Conflict: somebody else is closing it."
      content:
        application/json:
          schema:
            $ref: "#/components/schemas/Error"
          examples:
            NotFound:
              $ref: "#/components/examples/NotFound"
    InternalServerError:
      description:`,
  );
  const docs = await serveDocs({ port: 0, watch: true, root: folder.path });
  try {
    const page = await (await fetch(docs.url)).text();
    expect(page).toContain('<h2 id="getSession">Get a session');
    expect(page).toContain('id="getSession-409"');
    expect(page).toContain('data-try="getSession"');
    // A status that the catalogue's text does not know has an entry all the same.
    const errors = await (await fetch(new URL('errors/', docs.url))).text();
    expect(errors).toContain('<h2 id="409">');
    expect(errors).toContain('omebody else is closing it');
  } finally {
    await docs.close();
  }
});
