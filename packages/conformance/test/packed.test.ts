import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installInto, pack, temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { TOKENS } from './server/behavior.ts';
import { contract } from './server/contract.ts';
import { startTwin } from './server/twin.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

test('a stranger installs the package and checks a server', async () => {
  await using folder = await temporaryFolder();
  const tarballs = [
    await pack(join(PACKAGE, '../../spec'), folder.path),
    await pack(PACKAGE, folder.path),
  ];
  const project = join(folder.path, 'project');
  await installInto(project, { tarballs });
  await writeFile(join(project, 'contract.json'), JSON.stringify(contract));
  await using twin = await startTwin();
  const checked = await run(
    process.execPath,
    [
      join(project, 'node_modules/.bin/sql-sessions-conformance'),
      '--base-url',
      twin.url,
      '--contract',
      'contract.json',
      '--known',
      'node_modules/@sql-sessions/conformance/known/mock.json',
      '--only',
      'unknown-id,id-characters,response-schema',
      '--json',
    ],
    { cwd: project, env: { SQL_SESSIONS_TOKEN: TOKENS.main } },
  );
  // The mock's departures are not this server's: three checks run, and unknown-id has an entry too many.
  expect(checked).toMatchObject({ code: 1, stderr: '' });
  expect(JSON.parse(checked.stdout).summary).toEqual({
    passed: 2,
    failed: 1,
    known: 0,
    'not-exercised': 0,
  });
  // The oldest Node that the package says it runs on.
  const bin = 'node_modules/@sql-sessions/conformance/bin/sql-sessions-conformance.js';
  const flags = ['--base-url', twin.url, '--contract', 'contract.json'];
  const onOldest = (...more: string[]) =>
    run('npx', ['--yes', 'node@22.12.0', bin, ...flags, ...more], {
      cwd: project,
      env: { SQL_SESSIONS_TOKEN: TOKENS.main },
    });
  await writeFile(join(project, 'setup.ts'), 'export default async (): Promise<object> => ({});');
  expect(await onOldest('--setup', 'setup.ts')).toMatchObject({
    code: 2,
    stdout: '',
    stderr:
      '--setup setup.ts cannot be loaded: Node 22.12.0 does not run TypeScript: give a .js file, or use Node 22.18 or newer.\n',
  });
  const oldest = await onOldest('--only', 'unknown-id,id-characters');
  expect(oldest).toMatchObject({ code: 0, stdout: expect.stringContaining('2 passed') });
  const imported = await run(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { verify } from '@sql-sessions/conformance'; import { defineSetup } from '@sql-sessions/conformance/setup'; console.log(typeof verify, typeof defineSetup)`,
    ],
    { cwd: project },
  );
  expect(imported).toMatchObject({ code: 0, stdout: 'function function\n' });
}, 300_000);
