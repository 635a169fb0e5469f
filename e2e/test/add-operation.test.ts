import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { operationsOf } from '@sql-sessions/testing/edit-yaml';
import { start } from '@sql-sessions/testing/process';
import { slow } from '@sql-sessions/testing/slow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { copyWorkspace, type WorkspaceCopy } from '../src/copy-workspace.ts';
import { CHANGESET, growCopy, grownFiles, toNewestRelease } from '../src/grow-copy.ts';

const START = `
import { createSessionsClient } from '@sql-sessions/client';

const client = createSessionsClient({ baseUrl: process.argv[2] ?? '', token: 'any' });
const ids = { workspace_id: 'w-1', session_id: 's-1' };
// @ts-expect-error there is no such operation.
export type None = typeof client.openSession;
`;

/**
 * What a caller's program does with each operation, and what that prints. It is compiled by the workspace's own
 * TypeScript and run against the copy's own mock.
 */
const CALLS: Record<string, [program: string, prints: string]> = {
  showSession: [
    `
const shown = await client.showSession(ids);
if (shown.status === 200) {
  const state: 'idle' | 'running' | 'blocked' = shown.body.state;
  console.log('the session is ' + state);
}
await client.showSession({ ...ids, session_id: '..' }).catch((error: Error) => console.log(error.message));
// @ts-expect-error showSession documents no 408.
if (shown.ok === false && shown.status === 408) console.log(shown.body.error_code);
`,
    'the session is running\nshowSession: session_id must be',
  ],
  createSession: [
    `
const created = await client.createSession({ workspace_id: 'w-1', body: { database: 'sales' } });
if (created.status === 201) console.log('created ' + created.body.session_id);
`,
    'created 0b5f8f0e-2f43-4a0e-8a3b-5a1f6f9f7c21',
  ],
  listSessions: [
    `
const listed = await client.listSessions({ workspace_id: 'w-1', state: ['idle', 'running'], limit: 5 });
if (listed.status === 200) console.log('listed ' + listed.body.sessions.length);
if (listed.status === 429) console.log(listed.body.error_code);
`,
    'listed 2',
  ],
  cancelStatement: [
    `
const cancelled = await client.cancelStatement({ ...ids, statement_id: 'stmt_1' });
console.log('cancelled ' + cancelled.status);
`,
    'cancelled 204',
  ],
  executeStatement: [
    `
// @ts-expect-error a statement needs a text.
export const missing = () => client.executeStatement({ ...ids, body: {} });
`,
    '',
  ],
};

let copy: WorkspaceCopy;
/** Operations that came in: the contract may have others of these names, or in these places, by now. */
let added: string[];

beforeAll(async () => {
  copy = await copyWorkspace(toNewestRelease);
  const before = await operationIds();
  await growCopy(copy);
  added = (await operationIds()).filter((id) => !before.includes(id));
  await copy.run('node', ['scripts/src/turbo.ts', 'run', 'build']);
}, 300_000);

afterAll(() => copy?.[Symbol.asyncDispose]());

async function operationIds(): Promise<string[]> {
  const text = await readFile(join(copy.path, 'spec/sessions.yaml'), 'utf8');
  return Object.keys(operationsOf(parse(text)));
}

test('the client has the methods with their types, and the mock responds to them', async () => {
  const folder = join(copy.path, 'e2e/caller');
  const calls = added.flatMap((id) => (CALLS[id] ? [CALLS[id]] : []));
  expect(calls).not.toEqual([]);
  await copy.run('mkdir', [folder]);
  const program = calls.map(([code]) => code).join('');
  await writeFile(join(folder, 'program.ts'), START + program);
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.base.json',
      compilerOptions: { types: ['node'], noEmit: true },
    }),
  );
  const mock = start('node', ['packages/mock/bin/sql-sessions-mock.js', '--port', '0'], {
    cwd: copy.path,
  });
  try {
    await copy.run('pnpm', ['exec', 'tsc', '--project', 'caller'], { cwd: join(copy.path, 'e2e') });
    const [baseUrl] = await mock.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
    const { stdout } = await copy.run('node', ['program.ts', baseUrl], { cwd: folder });
    for (const [, prints] of calls) expect(stdout).toContain(prints);
  } finally {
    await mock.stop();
    await copy.run('rm', ['-r', folder]);
  }
});

test('the reference shows them', async () => {
  const pages = await readdir(join(copy.path, 'docs/dist'), { recursive: true });
  const texts = await Promise.all(
    pages
      .filter((name) => name.endsWith('.html'))
      .map((name) => readFile(join(copy.path, 'docs/dist', name), 'utf8')),
  );
  const missing = (words: string[]) =>
    words.filter((word) => !texts.some((text) => text.includes(word)));
  const summary = added.includes('showSession') ? ['A session that runs a statement'] : [];
  expect(missing([...added, ...summary])).toEqual([]);
});

test('no other tracked file differs', async () => {
  const changed = await copy.changedFiles();
  expect(changed).toContain('spec/sessions.yaml');
  expect(changed.filter((file) => !grownFiles.includes(file))).toEqual([]);
});

if (slow) {
  test('every package still type-checks, tests included', async () => {
    await copy.run('node', ['scripts/src/turbo.ts', 'run', 'typecheck']);
  });

  test('CI shows the change on its page, and its gate is open with the changeset and closed without', async () => {
    const summary = join(copy.path, '.release/summary.md');
    await mkdir(join(copy.path, '.release'));
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const shown = await copy.run('pnpm', ['run', 'ci:contract'], { env });
    expect(shown.stdout).toMatch(
      /^::notice file=spec\/sessions\.yaml,line=\d+,title=minor change of the contract::Operation `\w+` was added\./m,
    );
    expect(await readFile(summary, 'utf8')).toMatch(
      /^\| minor \| Operation `\w+` was added\..*GET \/v1\//m,
    );

    const open = await copy.run('pnpm', ['run', 'ci:gate']);
    expect(open.stdout).toContain('The changes are covered');
    const changeset = join(copy.path, '.changeset/grow.md');
    await rm(changeset);
    await expect(copy.run('pnpm', ['run', 'ci:gate'])).rejects.toThrow(
      /ended with 1:[\s\S]*pnpm changeset add --minor @sql-sessions\/contract/,
    );
    await writeFile(changeset, CHANGESET);
  });

  test('the release workflow makes the version of it, and the release on GitHub', async () => {
    const made = await copy.run('pnpm', ['run', 'release:version']);
    expect(made.stdout).toMatch(/^(\d+\.\d+\.0) is ready\./m);
    const [, version] = /^(\S+) is ready/m.exec(made.stdout) ?? [];
    await copy.run('pnpm', ['run', 'ci:gate']);
    await copy.run('pnpm', ['exec', 'biome', 'check', '--error-on-warnings']);
    expect(await copy.changedFiles()).toContain(`spec/releases/${version}.yaml`);

    // A gh that knows no release and notes what it is asked for: there is no other GitHub on a machine without a network.
    const bin = join(copy.path, '.release/bin');
    await mkdir(bin);
    await writeFile(
      join(bin, 'gh'),
      '#!/bin/sh\nif [ "$2" = view ]; then exit 1; fi\nprintf "%s\\n" "$@" > .release/asked.txt\n',
    );
    await chmod(join(bin, 'gh'), 0o755);
    await copy.run('pnpm', ['run', 'release:sbom']);
    await copy.run('pnpm', ['run', 'release:github'], {
      env: { TARGET: 'c0ffee', PATH: `${bin}${delimiter}${process.env.PATH}` },
    });
    const asked = await readFile(join(copy.path, '.release/asked.txt'), 'utf8');
    expect(asked).toContain(`release\ncreate\nv${version}\n--target\nc0ffee\n`);
    expect(asked).toContain('Sessions can be created, listed and shown');
    expect(asked.match(/[^/\\]+\.(yaml|json)$/gm)).toEqual([
      `${version}.yaml`,
      'changelog.json',
      ...['client', 'conformance', 'contract', 'mock'].map(
        (name) => `sql-sessions-${name}-${version}.cdx.json`,
      ),
    ]);
  });
}
