import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { start } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyWorkspace, type WorkspaceCopy } from '../src/copy-workspace.ts';

/** All that somebody writes who adds an operation. */
const OPERATION = `
    get:
      summary: Get a session
      description: Tells whether a session is open.
      operationId: getSession
      tags:
        - Sessions
      parameters:
        - $ref: '#/components/parameters/WorkspaceId'
        - $ref: '#/components/parameters/SessionId'
      responses:
        '200':
          $ref: '#/components/responses/SessionFound'
        '404':
          $ref: '#/components/responses/NotFound'
`;

const RESPONSE = `
    SessionFound:
      description: 'OK: the session is open.'
      content:
        application/json:
          schema:
            $ref: '#/components/schemas/Session'
          examples:
            SessionFound:
              $ref: '#/components/examples/SessionFound'
`;

const SCHEMA = `
    Session:
      description: A session that is open.
      type: object
      required:
        - state
      properties:
        state:
          description: What the session is doing.
          type: string
          enum:
            - idle
            - running
`;

const EXAMPLE = `
    SessionFound:
      summary: A session that does nothing
      value:
        state: idle
`;

const CHANGESET = `---
'@sql-sessions/contract': minor
---

A session can be asked for its state.
`;

/** A caller's program, compiled by the workspace's own TypeScript and run against the copy's own mock. */
const PROGRAM = `
import { createSessionsClient } from '@sql-sessions/client';

const client = createSessionsClient({ baseUrl: process.argv[2] ?? '', token: 'any' });
const answer = await client.getSession({ workspace_id: 'w-1', session_id: 's-1' });
if (answer.status === 200) {
  const state: 'idle' | 'running' = answer.body.state;
  console.log('the session is ' + state);
}
await client.getSession({ workspace_id: 'w-1', session_id: '..' }).catch((error: Error) => console.log(error.message));
// @ts-expect-error getSession documents no 403.
if (answer.ok === false && answer.status === 403) console.log(answer.body.error_code);
// @ts-expect-error there is no such operation.
export type None = typeof client.openSession;
`;

let copy: WorkspaceCopy;

beforeAll(async () => {
  copy = await copyWorkspace();
  const contract = join(copy.path, 'spec/sessions.yaml');
  const source = await readFile(contract, 'utf8');
  await writeFile(
    contract,
    source
      .replace(/\n\ncomponents:\n/, (end) => `${OPERATION.trimEnd()}${end}`)
      .replace('\n  responses:', (line) => line + RESPONSE.trimEnd())
      .replace('\n  schemas:', (line) => line + SCHEMA.trimEnd())
      .replace('\n  examples:', (line) => line + EXAMPLE.trimEnd()),
  );
  await writeFile(join(copy.path, '.changeset/get-session.md'), CHANGESET);
  await copy.run('node', ['scripts/src/turbo.ts', 'run', 'build']);
}, 300_000);

afterAll(() => copy?.[Symbol.asyncDispose]());

test('the client has the method with its types, and the mock answers it', async () => {
  const folder = join(copy.path, 'e2e/caller');
  await copy.run('mkdir', [folder]);
  await writeFile(join(folder, 'program.ts'), PROGRAM);
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.base.json',
      compilerOptions: { types: ['node'], noEmit: true },
    }),
  );
  await copy.run('pnpm', ['exec', 'tsc', '--project', 'caller'], { cwd: join(copy.path, 'e2e') });

  const mock = start('node', ['packages/mock/bin/sql-sessions-mock.js', '--port', '0'], {
    cwd: copy.path,
  });
  try {
    const [address] = await mock.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
    const { stdout } = await copy.run('node', ['program.ts', address], { cwd: folder });
    expect(stdout).toContain('the session is idle');
    expect(stdout).toMatch(/session_id.*1 to 36 letters, digits or hyphens/);
  } finally {
    await mock.stop();
    await copy.run('rm', ['-r', folder]);
  }
});

test('the reference shows it', async () => {
  const page = await readFile(join(copy.path, 'docs/dist/index.html'), 'utf8');
  expect(page).toContain('getSession');
  expect(page).toContain('A session that does nothing');
});

test('every package still type-checks, tests included, and the tests of the contract stay green', async () => {
  await copy.run('node', ['scripts/src/turbo.ts', 'run', 'typecheck']);
  const gates = ['wire-facts', 'examples', 'mutations', 'build-contract'];
  await copy.run('pnpm', ['exec', 'vitest', 'run', ...gates], { cwd: join(copy.path, 'spec') });
}, 300_000);

test('no other tracked file differs', async () => {
  expect(await copy.changedFiles()).toEqual(['spec/sessions.yaml', '.changeset/get-session.md']);
});

test('CI shows the change on its page, and its gate is open with the changeset and closed without', async () => {
  const summary = join(copy.path, '.release/summary.md');
  await mkdir(join(copy.path, '.release'));
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  const shown = await copy.run('pnpm', ['run', 'ci:contract'], { env });
  expect(shown.stdout).toMatch(
    /^::notice file=spec\/sessions\.yaml,line=\d+,title=minor change of the contract::operation `get` was added\./m,
  );
  expect(await readFile(summary, 'utf8')).toMatch(
    /^\| minor \| operation `get` was added\..*GET \/v1\//m,
  );

  const open = await copy.run('pnpm', ['run', 'ci:gate']);
  expect(open.stdout).toContain('The changes are covered');
  const changeset = join(copy.path, '.changeset/get-session.md');
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
  expect(asked).toContain('A session can be asked for its state.');
  expect(asked.match(/[^/\\]+\.(yaml|json)$/gm)).toEqual([
    `${version}.yaml`,
    'changelog.json',
    ...['client', 'conformance', 'contract', 'mock'].map(
      (name) => `sql-sessions-${name}-${version}.cdx.json`,
    ),
  ]);
});
