import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@sql-sessions/testing/process';
import { expect, test, vi } from 'vitest';
import { readChangelog } from '../versioning/changelog.ts';
import { checkHistory } from '../versioning/check-history.ts';
import { checkCovered, checkFrozen, checkVersions } from '../versioning/gates.ts';
import { ROOT, workspaceCopy } from './workspace-copy.ts';

vi.setConfig({ testTimeout: 180_000 });

test('this repository passes its own gates', async () => {
  expect(await checkCovered(ROOT)).toEqual([]);
  expect(await checkFrozen(ROOT)).toEqual([]);
  expect((await checkHistory(ROOT)).problems).toEqual([]);
  expect(await checkVersions(ROOT)).toEqual([]);
});

test('a change without a changeset closes the gate, which lists it and prints the command that fixes it', async () => {
  await using copy = await workspaceCopy();
  expect(await checkCovered(copy.root)).toEqual([]);
  await copy.setIdLength();
  const [problem = ''] = await checkCovered(copy.root);
  expect(problem).toContain('`maxLength` of schema `WorkspaceId` changed.');
  expect(problem).toContain('36` → `64');
  expect(problem).toContain(
    'needs a minor changeset, but no changeset names @sql-sessions/contract',
  );

  const command = /pnpm changeset (add --minor .*)/.exec(problem)?.[1] ?? '';
  const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  const cli = join(ROOT, 'node_modules', '@changesets', 'cli', 'bin.js');
  const added = await run(process.execPath, [cli, ...args], { cwd: copy.root });
  expect(added.code, added.stdout + added.stderr).toBe(0);
  expect(await checkCovered(copy.root)).toEqual([]);
});

test('a breaking change needs a major changeset that names the contract', async () => {
  await using copy = await workspaceCopy();
  await copy.setIdLength(32);
  await copy.changeset('minor', 'Ids are shorter.');
  expect((await checkCovered(copy.root))[0]).toContain(
    'needs a major changeset, but the changesets ask for a minor',
  );
  await copy.changeset('major', 'The client changed too.', '@sql-sessions/client');
  expect(await checkCovered(copy.root)).toHaveLength(1);
  await copy.changeset('major', 'Ids are shorter, really.');
  expect(await checkCovered(copy.root)).toEqual([]);
});

test('comments, order and layout need no changeset', async () => {
  await using copy = await workspaceCopy();
  await copy.edit('spec/sessions.yaml', 'info:\n', '# A comment.\ninfo:\n\n');
  expect(await checkCovered(copy.root)).toEqual([]);
});

test('a frozen release can neither change nor vanish nor appear', async () => {
  await using copy = await workspaceCopy();
  const frozen = 'spec/releases/1.0.0.yaml';
  expect(await checkFrozen(copy.root)).toEqual([]);

  const original = await copy.read(frozen);
  await copy.edit(frozen, 'maxLength: 36', 'maxLength: 63');
  expect(await checkFrozen(copy.root)).toEqual([
    `${frozen} changed after its release. Restore it from git.`,
  ]);
  await copy.write(frozen, original);
  await copy.write('spec/releases/1.0.1.yaml', original);
  expect((await checkFrozen(copy.root)).join()).toContain(
    '1.0.1.yaml is not in spec/changelog.json',
  );
  await rm(join(copy.root, 'spec/releases/1.0.1.yaml'));
  await rm(join(copy.root, frozen));
  expect((await checkFrozen(copy.root)).join()).toContain('1.0.0.yaml is missing');
});

test('not even a commit that adapts the digest gets a frozen release changed', async () => {
  await using copy = await workspaceCopy();
  await copy.edit('spec/releases/1.0.0.yaml', 'maxLength: 36', 'maxLength: 63');
  const digest = /changed after/;
  expect((await checkFrozen(copy.root)).join()).toMatch(digest);
  const [{ sha256 = '' } = {}] = (await readChangelog(copy.spec)).releases;
  const { createHash } = await import('node:crypto');
  const now = createHash('sha256')
    .update(await copy.read('spec/releases/1.0.0.yaml'))
    .digest('hex');
  await copy.edit('spec/changelog.json', sha256, now);
  await copy.commit('Nothing to see here');
  expect(await checkFrozen(copy.root)).toEqual([]);
  expect((await checkHistory(copy.root)).problems.join()).toContain(
    'spec/releases/1.0.0.yaml is not what it was when it was frozen.',
  );
});

test.each([
  ['a package', 'packages/client/package.json', '"version": "1.0.0"', '"version": "1.0.1"'],
  ['the document', 'spec/sessions.yaml', 'version: 1.0.0', 'version: 1.1.0'],
  ['the constant', 'spec/dist/index.js', '"1.0.0"', '"1.0.1"'],
  ['the type of the constant', 'spec/dist/index.d.ts', '"1.0.0"', '"1.0.1"'],
  ['the changelog', 'spec/changelog.json', '"1.0.0"', '"1.0.1"'],
])('versions must agree: %s says something else', async (_, file, from, to) => {
  await using copy = await workspaceCopy();
  expect(await checkVersions(copy.root)).toEqual([]);
  await copy.edit(file, from, to);
  const [problem = ''] = await checkVersions(copy.root);
  expect(problem).toContain('The versions do not agree');
  expect(problem.match(/^ {2}1\.0\.0 /gm)?.length).toBeGreaterThan(3);
});
