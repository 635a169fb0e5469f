import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { startMock } from '@sql-sessions/mock';
import { installInto, pack, temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { guideBlocks, PAGES } from './support/guide-blocks.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The samples of the guide that name their file in their first line. */
async function files(): Promise<Map<string, string>> {
  const blocks = await guideBlocks(PAGES['docs/guides/mock.md'], 'js');
  return new Map(blocks.map((code) => [/^\/\/ (\S+)\n/.exec(code)?.[1] ?? '', code]));
}

const JEST = ['jest@30.5.2', 'jest-environment-jsdom@30.5.2', 'jest-fixed-jsdom@0.0.11'];

test.each([
  ['Jest', JEST, 'jest/bin/jest.js', '.test.js', []],
  ['Vitest', ['vitest@5.1.1'], 'vitest/vitest.mjs', '.spec.js', ['run']],
])(
  'the recipe for %s runs with its defaults, four workers on one mock',
  async (name, packages, bin, suffix, args) => {
    await using project = await temporaryFolder();
    const tarballs = await Promise.all(
      ['spec', 'packages/mock'].map((folder) => pack(join(root, folder), project.path)),
    );
    await installInto(project.path, { tarballs, packages });
    await mkdir(join(project.path, 'test'));
    for (const [file, code] of await files()) {
      if (file.endsWith('.cy.js') || code.includes('vitest') !== (name === 'Vitest')) continue;
      const isTest = file.endsWith(suffix);
      const copies = isTest ? ['1', '2', '3', '4'].map((copy) => `test/${copy}-${file}`) : [file];
      for (const copy of copies) await writeFile(join(project.path, copy), code);
    }
    const path = join(project.path, 'node_modules', bin);
    const ended = await run(process.execPath, [path, ...args, '--maxWorkers=4'], {
      cwd: project.path,
    });
    const printed = stripVTControlCharacters(ended.stdout + ended.stderr);
    expect(printed).toMatch(/Tests:? +4 passed(, 4 total| \(4\))/);
    expect(ended.code).toBe(0);
  },
  900_000,
);

test('the recipe for Cypress compiles, and its calls are right', async () => {
  await using mock = await startMock({ port: 0 });
  const code = (await files()).get('close.cy.js') ?? '';
  const calls: (() => Promise<unknown>)[] = [];
  const headers: Record<string, string> = {};
  const seen: string[] = [];
  const chain = { click: () => undefined };
  const cy = {
    intercept: (_url: string, handler: (request: { headers: object }) => void) =>
      calls.push(async () => handler({ headers })),
    request: (options: {
      method: string;
      url: string;
      headers: Record<string, string>;
      body?: object;
    }) =>
      calls.push(async () => {
        const { method, url, body } = options;
        const response = await fetch(url.replace('http://127.0.0.1:4010', mock.url), {
          method,
          headers: options.headers,
          ...(body && { body: JSON.stringify(body) }),
        });
        expect(response.ok, `${method} ${url}`).toBe(true);
      }),
    visit: () => undefined,
    contains: (text: string) => {
      if (text.startsWith('Close')) {
        // What the page of the sample does.
        calls.push(async () => {
          const url = `${mock.url}/v1/workspaces/w-1/sessions/s-1`;
          seen.push(`Failed: ${(await fetch(url, { method: 'DELETE', headers })).status}`);
        });
      } else calls.push(async () => expect(seen).toContain(text));
      return chain;
    },
  };
  const Cypress = { currentTest: { title: 'a test' } };
  const collect = (list: (() => void)[]) => (first: unknown, second?: () => void) =>
    list.push(second ?? (first as () => void));
  const [each, its]: [(() => void)[], (() => void)[]] = [[], []];
  new Function('cy', 'Cypress', 'beforeEach', 'it', code)(cy, Cypress, collect(each), collect(its));
  for (const step of [...each, ...its]) step();
  for (const call of calls) await call();
  expect(headers).toEqual({ 'X-Mock-Space': 'a-test' });
  expect(mock.space('a-test').requests).toMatchObject([{ status: 404 }]);
  expect(mock.requests).toEqual([]);
});
