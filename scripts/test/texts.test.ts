/** What the texts at the root say can be done. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const TEXTS = ['README.md', 'CONTRIBUTING.md', 'AGENTS.md', 'SECURITY.md', 'RELEASING.md'];
const FOLDERS: Record<string, string> = {
  contract: 'spec',
  client: 'packages/client',
  mock: 'packages/mock',
  conformance: 'packages/conformance',
};
/** What pnpm itself does. */
const OWN = ['exec', 'install', 'docs'];

const read = (file: string) => readFile(new URL(file, root), 'utf8');
const scriptsIn = async (folder: string) =>
  Object.keys(JSON.parse(await read(`${folder}/package.json`)).scripts);

/** Every `pnpm …` in the code of a text, with the package that it is for. */
function commandsIn(text: string): { name: string | undefined; script: string }[] {
  const code = text.match(/```sh\n.*?```|`[^`\n]+`/gs) ?? [];
  const found = code
    .join('\n')
    .matchAll(/\bpnpm(?:@12)? (?:--filter @sql-sessions\/([\w-]+) )?(?:run )?([a-z][\w:-]*)/g);
  return [...found].map(([, name, script = '']) => ({ name, script }));
}

test.each(TEXTS)('%s names commands that exist', async (file) => {
  const commands = commandsIn(await read(file));
  if (file !== 'SECURITY.md') expect(commands.length).toBeGreaterThan(1);
  for (const { name, script } of commands) {
    const known = await scriptsIn(name === undefined ? '.' : (FOLDERS[name] ?? name));
    expect([...known, ...OWN], `${file}: ${name ?? ''} ${script}`).toContain(script);
  }
});

test.each(TEXTS)('%s names files and folders that exist', async (file) => {
  const named = (await read(file)).matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g);
  for (const [, path = ''] of named) {
    // One that is outside, that is made on the way, or that is the name of an action.
    if (/^(dist|test|src|components|actions|changesets)\//.test(path)) continue;
    expect(existsSync(fileURLToPath(new URL(path, root))), `${file}: ${path}`).toBe(true);
  }
});

test.each([
  ['mock', '## Build a screen'],
  ['conformance', '## Check a server'],
])('"Get started" asks for the Node that %s asks for', async (name, heading) => {
  const { engines } = JSON.parse(await read(`packages/${name}/package.json`));
  const [, section = ''] = (await read('docs/guides/get-started.md')).split(`${heading}\n`);
  expect(section).toMatch(new RegExp(`^\\s*You need Node ${engines.node.slice(2)} or later`));
});

test('whatever calls the mock where it usually is has the port that `start-mock.ts` says', async () => {
  const [, port] = /^ {2}port: (\d+),$/m.exec(await read('packages/mock/src/start-mock.ts')) ?? [];
  const places = {
    'docs/src/request/request-form.ts': /MOCK_URL = 'http:\/\/127\.0\.0\.1:(\d+)'/,
    'scripts/src/start-flags.ts': /'mock-port': \{ type: 'string', default: '(\d+)'/,
    'README.md': /baseUrl: 'http:\/\/127\.0\.0\.1:(\d+)'/,
    'docs/guides/get-started.md': /like the API at `http:\/\/127\.0\.0\.1:(\d+)`/,
    'docs/guides/mock.md': /Point your app at `http:\/\/127\.0\.0\.1:(\d+)`/,
  };
  for (const [file, place] of Object.entries(places))
    expect(place.exec(await read(file))?.[1], file).toBe(port);
});

test.each(Object.values(FOLDERS))(
  'the README of %s, read on npm, has no relative link',
  async (folder) => {
    const text = await read(`${folder}/README.md`);
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, href = '']) => href);
    expect(links.filter((href) => !/^(https:|#)/.test(href))).toEqual([]);
    for (const href of links) {
      const [, file] = /^https:\/\/github\.com\/[^/]+\/[^/]+\/blob\/main\/([^#]+)/.exec(href) ?? [];
      if (file) expect(existsSync(fileURLToPath(new URL(file, root))), href).toBe(true);
    }
  },
);

test('AGENTS.md stays short', async () => {
  expect((await read('AGENTS.md')).split('\n').length).toBeLessThanOrEqual(61);
});

test('commands are recognized in every form', () => {
  expect(
    commandsIn(
      'As pnpm itself: `npx -y pnpm@12 start`\n```sh\npnpm run docs\npnpm --filter @sql-sessions/mock run test\n```',
    ),
  ).toEqual([
    { name: undefined, script: 'start' },
    { name: undefined, script: 'docs' },
    { name: 'mock', script: 'test' },
  ]);
});
