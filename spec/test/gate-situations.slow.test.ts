import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '@sql-sessions/testing/process';
import { describe, expect, test, vi } from 'vitest';
import { readChangelog } from '../versioning/changelog.ts';
import { checkDeprecation } from '../versioning/check-deprecation.ts';
import { checkHistory } from '../versioning/check-history.ts';
import { checkNotes } from '../versioning/check-notes.ts';
import { checkCovered, diffSinceRelease } from '../versioning/gates.ts';
import { release } from '../versioning/release.ts';
import { frozenReleases } from '../versioning/releases.ts';
import { PATH } from './wire-facts.ts';
import { ROOT, workspaceCopy } from './workspace-copy.ts';

vi.setConfig({ testTimeout: 180_000 });

const MAIN = join(ROOT, 'spec', 'versioning', 'main.ts');
const FROZEN = 'spec/releases/1.0.0.yaml';

/** Runs a command of the version tooling as its users do; whatever happens, they see no stack trace. */
async function main(root: string, args: string[], env: Record<string, string | undefined> = {}) {
  const result = await run(process.execPath, [MAIN, ...args, '--root', root], {
    env: { CI: undefined, ...env },
  });
  expect(result.stdout + result.stderr).not.toMatch(/^\s+at /m);
  return result;
}

const CONTRACT = '"@sql-sessions/contract"';
const changesets: [string, string, string][] = [
  [
    'an unknown package',
    '---\n"@sql-sessions/contarct": minor\n---\n\nText.\n',
    'there is no published package @sql-sessions/contarct. There are @sql-sessions/contract,',
  ],
  ['bad YAML', `---\n${CONTRACT}: [minor\n---\n\nText.\n`, 'its front matter is not YAML'],
  ['no front matter', 'Text.\n', 'has no front matter'],
  [
    'an unknown bump',
    `---\n${CONTRACT}: huge\n---\n\nText.\n`,
    'unknown bump `huge` for @sql-sessions/contract. Known are none, patch, minor, major.',
  ],
  [
    'a verdict without a reason',
    `---\n${CONTRACT}: minor\n---\n\nverdict: #/info minor\n`,
    '`verdict: #/info minor` is not a verdict. Write',
  ],
  ['a list', `---\n- minor\n---\n\nText.\n`, 'its front matter is not a map. Write lines such as'],
  ['no text', `---\n${CONTRACT}: minor\n---\n`, '.changeset/one.md says nothing.'],
  [
    'a verdict about nothing',
    `---\n${CONTRACT}: minor\n---\n\nverdict: #/info minor because it is\n`,
    'nothing unknown changed at #/info',
  ],
];
const broken: [string, string, string, string][] = [
  ['an empty contract', 'spec/sessions.yaml', '', 'is empty. Expected OpenAPI 3.1.'],
  [
    'another version',
    'spec/sessions.yaml',
    'openapi: 3.0.3\n',
    'is OpenAPI 3.0.3. Expected OpenAPI 3.1.',
  ],
  ['a list for a contract', 'spec/sessions.yaml', '- 1\n', 'is a list. Expected OpenAPI 3.1.'],
  ['half a contract', 'spec/sessions.yaml', 'openapi: 3.1.0\ninfo: {', 'is not YAML'],
  [
    'a reference to nowhere',
    'spec/sessions.yaml',
    "openapi: 3.1.0\npaths:\n  /a: { $ref: '#/nowhere' }\n",
    'cannot be read as a contract',
  ],
  [
    'a schema that no tool reads',
    'spec/sessions.yaml',
    'openapi: 3.1.0\ninfo: { title: A, version: 1.0.0 }\npaths: {}\ncomponents: { schemas: { A: { type: object, properties: { a: {} }, required: true } } }\n',
    'sessions.yaml cannot be compared: ',
  ],
  ['a folder for a changeset', '.changeset/b.md/a', '', '.changeset/b.md cannot be read: EISDIR.'],
  [
    'a changelog that is not JSON',
    'spec/changelog.json',
    '{',
    'Restore it: git checkout HEAD -- spec/changelog.json',
  ],
  ['a changelog without entries', 'spec/changelog.json', '{}', 'Restore it'],
  [
    'a changelog with marks of a merge',
    'spec/changelog.json',
    '{\n<<<<<<< HEAD\n}\n',
    'has the marks of a merge',
  ],
];

test.each([
  ...changesets.map(([name, text, message]) => [name, '.changeset/one.md', text, message] as const),
  ...broken,
])('the gate is closed by %s, and says so in a sentence', async (_, file, text, message) => {
  await using copy = await workspaceCopy();
  await mkdir(join(copy.root, dirname(file)), { recursive: true });
  await copy.write(file, text);
  const gate = await main(copy.root, ['gate']);
  expect(gate.stderr).toContain(message);
  expect(gate.code).not.toBe(0);
});

test('a folder that is not there is named', async () => {
  const { code, stderr } = await main('/nowhere', ['gate']);
  expect(stderr).toContain('There is no folder spec in /nowhere.');
  expect(code).toBe(2);
});

describe('frozen releases', () => {
  test('an edit that was reverted is none', async () => {
    await using copy = await workspaceCopy();
    await copy.edit(FROZEN, 'maxLength: 36', 'maxLength: 63');
    await copy.commit('Edit');
    expect((await checkHistory(copy.root)).problems.join()).toContain(
      'is not what it was when it was frozen. Restore it: git checkout',
    );
    await copy.git('revert', '--no-edit', 'HEAD');
    expect(await checkHistory(copy.root)).toEqual({ problems: [], notChecked: [] });
  });

  test('an edit inside a merge is seen, and so is one whose digest was adapted', async () => {
    await using copy = await workspaceCopy();
    await copy.git('checkout', '--quiet', '-b', 'side');
    await copy.write('side.txt', 'side');
    await copy.commit('Side');
    await copy.git('checkout', '--quiet', 'main');
    await copy.git('merge', '--no-ff', '--no-commit', 'side');
    await copy.edit(FROZEN, 'maxLength: 36', 'maxLength: 63');
    await copy.commit('Merge side');
    expect((await checkHistory(copy.root)).problems).toHaveLength(1);
  });

  test('a removed one is missed, and an entry of the changelog stays as it was written', async () => {
    await using copy = await workspaceCopy();
    await copy.edit('spec/changelog.json', 'The first release.', 'The very first release.');
    await copy.commit('Reword');
    expect((await checkHistory(copy.root)).problems.join()).toContain(
      'The entry of 1.0.0 in spec/changelog.json is not what it was',
    );
    await rm(join(copy.root, FROZEN));
    await copy.commit('Remove');
    expect((await checkHistory(copy.root)).problems.join()).toContain(`${FROZEN} was removed`);
  });
});

describe('a history that cannot be read is not checked: said loudly, and red in CI', () => {
  const situations: [string, (copy: Copy) => Promise<[string, object]>, string][] = [
    [
      'no git',
      async ({ root }) => {
        await rm(join(root, '.git'), { recursive: true });
        return [root, {}];
      },
      'this is not a git repository',
    ],
    [
      'another owner',
      async ({ root }) => [root, { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }],
      'git does not trust the owner of this folder',
    ],
    [
      'no commit',
      async ({ root, git }) => {
        await rm(join(root, '.git'), { recursive: true });
        await git('init', '--quiet');
        return [root, {}];
      },
      'because',
    ],
    [
      'a shallow clone',
      async ({ root, git, commit, write }) => {
        await write('more.txt', 'more');
        await commit('More');
        const clone = join(root, 'clone');
        await git('clone', '--quiet', '--depth', '1', `file://${root}`, clone);
        return [clone, {}];
      },
      'this is a shallow clone. Fetch the rest: git fetch --unshallow',
    ],
  ];
  type Copy = Awaited<ReturnType<typeof workspaceCopy>>;
  test.each(situations)('%s', async (_, prepare, reason) => {
    await using copy = await workspaceCopy();
    const [root, env] = await prepare(copy);
    const here = await main(root, ['gate'], env as Record<string, string>);
    expect(here.stderr).toContain(
      'NOT CHECKED: whether the frozen releases are as they were published',
    );
    expect(here.stderr).toContain(reason);
    expect((await main(root, ['gate'], { ...env, CI: 'true' })).code).toBe(1);
  });
});

test('pre-releases stand before their release, and are compared with the last one that is none', async () => {
  await using copy = await workspaceCopy();
  const changeset = (...args: string[]) =>
    run(process.execPath, [join(ROOT, 'node_modules/@changesets/cli/bin.js'), ...args], {
      cwd: copy.root,
    });
  await changeset('pre', 'enter', 'next');
  await copy.dropErrorMessage();
  await copy.changeset('major', 'Errors may come without a message.');
  expect(await release(copy.root, '2026-02-01')).toBe('2.0.0-next.0');
  await copy.commit('Release 2.0.0-next.0');
  expect((await diffSinceRelease(copy.root))?.since).toBe('1.0.0');
  await expect(release(copy.root, '2026-02-02')).rejects.toThrow(
    '2.0.0-next.0 is released already',
  );
  await copy.git('checkout', '--quiet', '.');

  await copy.setIdLength();
  await copy.changeset('minor', 'Workspace ids may be longer.');
  expect(await release(copy.root, '2026-02-03')).toBe('2.0.0-next.1');
  await copy.commit('Release 2.0.0-next.1');
  await changeset('pre', 'exit');
  expect(await release(copy.root, '2026-03-01')).toBe('2.0.0');
  await copy.commit('Release 2.0.0');
  const order = ['1.0.0', '2.0.0-next.0', '2.0.0-next.1', '2.0.0'];
  expect((await frozenReleases(copy.spec)).map(({ version }) => version)).toEqual(order);
  expect((await readChangelog(copy.spec)).releases.map(({ version }) => version)).toEqual(
    order.reverse(),
  );
  expect(await main(copy.root, ['gate'], { CI: 'true' })).toMatchObject({ code: 0, stderr: '' });
});

test('a contract with lint errors is refused before a release changes any file', async () => {
  await using copy = await workspaceCopy();
  await copy.editContract(({ paths }) => delete paths[PATH].delete.summary);
  await copy.changeset('major', 'No summary.');
  await copy.commit('No summary');
  const { code, stderr } = await main(copy.root, ['release']);
  expect(code).toBe(2);
  expect(stderr).toContain('sessions.yaml');
  expect(await copy.git('status', '--porcelain')).toBe('');
});

test('a change that rides on the changeset of another one gets no note, and closes the gate', async () => {
  await using copy = await workspaceCopy();
  await copy.setIdLength();
  await copy.changeset('minor', 'Workspace ids may be longer.');
  await copy.commit('First');
  expect(await checkNotes(copy.root)).toEqual({ problems: [], notChecked: [] });
  await copy.editContract(({ paths }) => Object.assign(paths[PATH].delete, { deprecated: true }));
  await copy.commit('Second');
  expect((await checkNotes(copy.root)).problems.join()).toContain(
    '`deprecated` of operation `closeSession` was added',
  );
  await copy.changeset('minor', 'closeSession is deprecated.');
  await copy.commit('Its note');
  expect(await checkNotes(copy.root)).toEqual({ problems: [], notChecked: [] });
});

test.each([
  ['a mark of its encoding', '\uFEFF'],
  ['blank lines', '\n\n'],
])('a changeset that begins with %s counts', async (_, start) => {
  await using copy = await workspaceCopy();
  await copy.setIdLength();
  await copy.write('.changeset/one.md', `${start}---\n${CONTRACT}: minor\n---\n\nLonger ids.\n`);
  expect(await checkCovered(copy.root)).toEqual([]);
});

test('a contract in two files is compared with both of the commit', async () => {
  await using copy = await workspaceCopy();
  await copy.editContract(({ components }) => {
    components.schemas.WorkspaceId = { $ref: './ids.yaml#/WorkspaceId' };
  });
  const ids = 'WorkspaceId:\n  description: An id.\n  type: string\n  maxLength: 64\n';
  await copy.write('spec/ids.yaml', ids);
  await copy.changeset('major', 'Ids are something else.');
  await copy.commit('Ids');
  expect(await checkNotes(copy.root)).toEqual({ problems: [], notChecked: [] });
  await copy.write('spec/ids.yaml', ids.replace('64', '80'));
  expect((await checkNotes(copy.root)).problems.join()).toContain('`maxLength`');
});

test('a changeset that is not in git yet is seen, however git shows such files', async () => {
  await using copy = await workspaceCopy();
  await copy.setIdLength();
  await copy.changeset('minor', 'Workspace ids may be longer.');
  await copy.commit('First');
  await copy.dropErrorMessage();
  await copy.git('config', 'status.showUntrackedFiles', 'no');
  await copy.changeset('minor', 'Errors may come without a message.');
  expect(await checkNotes(copy.root)).toEqual({ problems: [], notChecked: [] });
});

const sunset = (day: string) => ({ deprecated: true, 'x-sunset': day });

test.each([
  ['nothing', '2026-01-01', undefined, { deprecated: true }, 'does not say until when it works'],
  [
    'a day less than six months',
    '2026-01-31',
    undefined,
    sunset('2026-07-30'),
    'has to be 2026-07-31 or later',
  ],
  ['six months', '2026-01-31', undefined, sunset('2026-07-31'), ''],
  [
    'six months after a day that the sixth has not',
    '2026-08-31',
    undefined,
    sunset('2027-02-28'),
    '',
  ],
  [
    'gone too early',
    '2026-05-31',
    '2026-06-01',
    undefined,
    'was promised until 2026-06-01 and is gone',
  ],
  ['gone on the day', '2026-06-01', '2026-06-01', undefined, ''],
  [
    'brought forward',
    '2026-01-01',
    '2026-06-01',
    sunset('2026-05-01'),
    'may be put off, never brought forward',
  ],
  ['put off', '2026-01-01', '2026-06-01', sunset('2026-07-01'), ''],
])('what is deprecated works as long as it says: %s', async (_, today, until, now, problem) => {
  await using copy = await workspaceCopy();
  if (until !== undefined)
    await copy.editContract(
      ({ paths }) => Object.assign(paths[PATH].delete, sunset(until)),
      FROZEN,
    );
  await copy.editContract(({ paths }) => {
    const { delete: close, ...others } = paths[PATH];
    paths[PATH] = now ? { ...others, delete: { ...close, ...now } } : { ...others, post: close };
  });
  expect((await checkDeprecation(copy.root, today)).join()).toContain(problem);
  expect(await checkDeprecation(copy.root, today)).toHaveLength(problem === '' ? 0 : 1);
});

test('an unknown change asks its author for a verdict, which counts and is not printed', async () => {
  await using copy = await workspaceCopy();
  await copy.editContract(({ components }) => {
    const parameters = { session_id: '$request.header.x-id' };
    components.responses.Closed.links = { Again: { operationId: 'closeSession', parameters } };
  });
  await copy.commit('A link');
  const text = await copy.read('spec/sessions.yaml');
  await copy.write(FROZEN, text);
  await copy.edit('spec/sessions.yaml', 'header.x-id', 'header.x-session-id');
  const [problem = ''] = await checkCovered(copy.root);
  expect(problem).toContain(
    'No rule knows what this means. Say it in a changeset of @sql-sessions/contract',
  );
  const [line = ''] = /verdict: #\S+ minor because /.exec(problem) ?? [];
  await copy.changeset('patch', `The header is another one.\n\n${line}nobody used it`);
  expect((await checkCovered(copy.root)).join()).toContain(
    'needs a minor changeset, but the changesets ask for a patch',
  );
  await copy.changeset('minor', 'Really.');
  expect(await checkCovered(copy.root)).toEqual([]);
});
