import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from '@sql-sessions/testing/process';
import { expect, test, vi } from 'vitest';
import { printChangelog, printValues, readChangelog } from '../versioning/changelog.ts';
import { checkCovered, checkFrozen, checkVersions, diffSinceRelease } from '../versioning/gates.ts';
import { toMarkdown, toText } from '../versioning/print-diff.ts';
import { release } from '../versioning/release.ts';
import { publishedPackages } from '../versioning/workspace.ts';
import { ROOT, workspaceCopy } from './workspace-copy.ts';

// Each test runs a build, changesets or both; this only ends what hangs.
vi.setConfig({ testTimeout: 180_000 });

const MAIN = join(ROOT, 'spec', 'versioning', 'main.ts');

test('a minor and then a major release write the version everywhere, freeze the contract and say what changed', async () => {
  await using copy = await workspaceCopy();
  await copy.setIdLength();
  await copy.edit('spec/sessions.yaml', 'openapi: ', '# A comment.\nopenapi:   ');
  const longer = await copy.read('spec/sessions.yaml');
  await copy.changeset('minor', 'Workspace ids may have up to 64 characters.');
  expect(await release(copy.root, '2026-02-01')).toBe('1.1.0');

  const packages = await publishedPackages(copy.root);
  expect(packages.map(({ manifest }) => manifest.version)).toEqual(packages.map(() => '1.1.0'));
  // Nothing but the two edited places differs: comments and layout survive.
  expect(await copy.read('spec/sessions.yaml')).toBe(
    longer.replace('version: 1.0.0', 'version: 1.1.0'),
  );
  expect(await copy.read('spec/releases/1.1.0.yaml')).toBe(
    await copy.read('spec/dist/openapi.yaml'),
  );
  expect(await readdir(join(copy.root, '.changeset'))).toEqual(['config.json']);
  expect(await copy.read('packages/client/CHANGELOG.md')).toContain('## 1.1.0');
  await copy.commit('Release 1.1.0');

  await copy.dropErrorMessage();
  await copy.changeset('major', 'Errors may come without a message.');
  expect(await release(copy.root, '2026-03-01')).toBe('2.0.0');
  await copy.commit('Release 2.0.0');

  const { releases } = await readChangelog(copy.spec);
  expect(releases.map(({ version, rating, date }) => [version, rating, date])).toEqual([
    ['2.0.0', 'major', '2026-03-01'],
    ['1.1.0', 'minor', '2026-02-01'],
    ['1.0.0', 'none', '2026-01-01'],
  ]);
  const text = await copy.read('spec/CHANGELOG.md');
  expect(text).toContain(
    '## 2.0.0 (2026-03-01)\n\nErrors may come without a message.\n\n### Breaking',
  );
  expect(text).toContain('  - before: `36`\n  - after: `64`');
  expect(text).toContain('  - migration: Look whether the field is there before using it.');
  for (const gate of [checkCovered, checkFrozen, checkVersions])
    expect(await gate(copy.root)).toEqual([]);
});

test('a release of the packages alone says that the contract stayed the same', async () => {
  await using copy = await workspaceCopy();
  await copy.changeset('patch', 'A better message.', '@sql-sessions/client');
  expect(await release(copy.root, '2026-02-01')).toBe('1.0.1');
  expect(await copy.read('spec/CHANGELOG.md')).toContain(
    '## 1.0.1 (2026-02-01)\n\nThe contract itself did not change.\n\n### @sql-sessions/client\n\n- A better message.',
  );
  expect(await checkVersions(copy.root)).toEqual([]);
});

test('a release needs changesets, and as many as the contract asks for', async () => {
  await using copy = await workspaceCopy();
  await expect(release(copy.root, '2026-02-01')).rejects.toThrow('There are no changesets');
  await copy.setIdLength(32);
  await copy.changeset('patch', 'A better message.', '@sql-sessions/client');
  await expect(release(copy.root, '2026-02-01')).rejects.toThrow('needs a major changeset');
  expect(await copy.git('status', '--short', 'spec/releases', 'spec/package.json')).toBe('');
});

test('the changelog for people is the one for machines', async () => {
  const spec = join(ROOT, 'spec');
  expect(printChangelog(await readChangelog(spec))).toBe(
    await readFile(join(spec, 'CHANGELOG.md'), 'utf8'),
  );
});

test('a change is shown in four forms, and the gate closes with exit code 1', async () => {
  await using copy = await workspaceCopy();
  await copy.setIdLength(32);
  const { diff, since } = (await diffSinceRelease(copy.root)) ?? expect.unreachable();
  const text = toText(diff, since);
  expect(text).toContain('1 change since 1.0.0; the next version has to be at least a major.');
  expect(text).toContain('`36` → `32`');
  expect(text).toMatch(/sessions\.yaml:\d+:\d+ \(schema-constraint-changed\)/);
  expect(toMarkdown(diff, since)).toContain(
    '| **major** | `maxLength` of schema `WorkspaceId` changed',
  );

  const main = (...args: string[]) =>
    run(process.execPath, [MAIN, ...args, '--root', copy.root], {
      env: { GITHUB_STEP_SUMMARY: join(copy.root, 'summary.md') },
    });
  const json = await main('diff', '--json');
  expect(json.code).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({
    since: '1.0.0',
    rating: 'major',
    changes: [{ rating: 'major', kind: 'modified', before: 36, after: 32, affects: ['callers'] }],
  });
  const github = await main('diff', '--github');
  expect(github.stdout).toMatch(
    /^::warning file=spec\/sessions\.yaml,line=\d+,title=major change of the contract::/,
  );
  expect(await copy.read('summary.md')).toBe(`${toMarkdown(diff, since)}\n`);

  const gate = await main('gate');
  expect(gate.code).toBe(1);
  expect(gate.stderr).toContain('pnpm changeset add --major @sql-sessions/contract');
});

test('long values are cut to where they differ', () => {
  const same = 'The session is closed, and all that was open in it is closed with it. '.repeat(3);
  const values = printValues({ kind: 'modified', before: `${same}Now.`, after: `${same}Later.` });
  expect(values).toEqual([
    expect.stringMatching(/^`….{40}Now\."`$/),
    expect.stringMatching(/^`….{40}Later\."`$/),
  ]);
  const [old] = printValues({ kind: 'modified', before: `Once. ${same}`, after: same }) ?? [];
  expect(old).toMatch(/^`"Once\. .{150,}…`$/);
  expect(printValues({ kind: 'modified' })).toBeUndefined();
});

test('the GitHub release carries the changelog, the frozen contract and the bills of materials', async () => {
  await using copy = await workspaceCopy();
  const main = (env: Record<string, string>) =>
    run(process.execPath, [MAIN, 'github', '--root', copy.root], {
      env: { TARGET: 'c0ffee', ...env },
    });
  expect((await main({})).stderr).toContain('run `pnpm release:sbom` first');

  // A gh that knows no release and notes what it is asked for.
  const bin = join(copy.root, 'bin');
  await mkdir(bin);
  await mkdir(join(copy.root, '.release'));
  await copy.write('.release/sql-sessions-client-1.0.0.cdx.json', '{}');
  await copy.write('.release/sql-sessions-client-0.9.0.cdx.json', '{}');
  await copy.write(
    'bin/gh',
    '#!/bin/sh\nif [ "$2" = view ]; then exit 1; fi\nprintf "%s\\n" "$@" > asked.txt\n',
  );
  await chmod(join(bin, 'gh'), 0o755);
  const made = await main({ PATH: `${bin}${delimiter}${process.env.PATH}` });
  expect(made, made.stderr).toMatchObject({ code: 0, stdout: 'The release is there.\n' });
  const asked = await copy.read('asked.txt');
  expect(asked).toContain('release\ncreate\nv1.0.0\n--target\nc0ffee\n');
  expect(asked).toContain('The first release.');
  expect(asked.match(/[^/]+\.(yaml|json)$/gm)).toEqual([
    '1.0.0.yaml',
    'changelog.json',
    'sql-sessions-client-1.0.0.cdx.json',
  ]);
});

test.each([
  [[], 'One of diff, gate, release, publish, published, github is expected.'],
  [['dif'], 'Unknown command dif. Known are diff, gate, release, publish, published, github.'],
  [['diff', '--xml'], "Unknown option '--xml'"],
  [['diff', 'a', 'b'], 'diff takes options only; "a b" is too much. See --help.'],
])('wrong usage is one clear message and exit code 2: %j', async (args, message) => {
  const result = await run(process.execPath, [MAIN, ...args]);
  expect(result.code).toBe(2);
  expect(result.stderr).toContain(message);
  expect(result.stderr).not.toMatch(/^\s+at /m);
});
