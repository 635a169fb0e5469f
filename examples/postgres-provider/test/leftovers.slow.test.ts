import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { start } from '@sql-sessions/testing/process';
import { expect, test, vi } from 'vitest';
import setup from '../conformance-setup.ts';
import { postgresUser } from '../src/postgres-user.ts';
import { MAIN, NOTHING_SET } from './support/main-program.ts';
import { OURS, startDatabase, startProvider, THEIRS } from './support/stage.ts';

test('the folder of a provider that was killed is removed by the next start, and nobody else’s', async () => {
  await using tmp = await temporaryFolder();
  const { path } = tmp;
  await chmod(path, 0o755);
  const startDemo = async () => {
    const demo = start(process.execPath, [MAIN], { env: { ...NOTHING_SET, TMPDIR: path } });
    await demo.waitFor(/curl/);
    return demo;
  };
  const killed = await startDemo();
  const [left = ''] = await readdir(path);
  await killed.stop('SIGKILL');
  await expect
    .poll(() => existsSync(join(path, left, 'data', 'postmaster.pid')), { timeout: 60_000 })
    .toBe(false);

  const running = await startDemo();
  const inUse = (await readdir(path)).filter((name) => name !== left);
  try {
    expect(await readdir(path)).toEqual(inUse);
    const user = postgresUser();
    const gone = { host: hostname(), pid: 2 ** 22 };
    const marks = {
      unmarked: undefined,
      unreadable: 'pid 1',
      'of-another-machine': JSON.stringify({ ...gone, host: `not-${hostname()}` }),
      'of-a-process-that-lives': JSON.stringify({ ...gone, pid: process.pid }),
      'really-left': JSON.stringify(gone),
    };
    for (const [name, mark] of Object.entries(marks)) {
      const folder = join(path, `sql-sessions-postgres-${name}`);
      await mkdir(folder);
      if (mark) await writeFile(join(folder, 'sql-sessions-owner.json'), mark);
      if (user) await chown(folder, user.uid, user.gid);
    }
    const others = (await readdir(path)).filter((name) => !name.endsWith('really-left'));
    const last = await startDemo();
    await last.stop('SIGINT');
    expect(await readdir(path)).toEqual(others);
  } finally {
    await running.stop('SIGINT');
  }
});

/** A run of the kit that has brought about a fault and a session that does not react. */
const RUN = `
  import setup from './conformance-setup.ts';
  const { innerFault, stuck } = await setup({ baseUrl: '', token: undefined, seed: 1 });
  await innerFault();
  console.log('stuck', (await stuck()).params.session_id);
`;

test('the setup of the kit undoes what a run that was killed has left in the database', async () => {
  await using database = await startDatabase();
  await using provider = await startProvider(database);
  const env = {
    ADMIN_URL: database.postgres.url(),
    PROVIDER_ROLE: 'sql_sessions_provider',
    OUR_URL: database.urlOf(OURS),
    THEIR_URL: database.urlOf(THEIRS),
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const run = start(process.execPath, ['--input-type=module', '-e', RUN], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env,
  });
  const [, id = ''] = await run.waitFor(/stuck (\S+)/);
  await run.stop('SIGKILL');
  expect((await provider.close(id)).status).toBe(500);
  expect(await database.lists(id)).toBe(true);

  const { close } = await setup({ baseUrl: provider.url, token: undefined, seed: 1 });
  await close?.();
  vi.unstubAllEnvs();
  await expect.poll(() => database.lists(id), { timeout: 60_000 }).toBe(false);
  expect((await provider.close(id)).status).toBe(404);
  const { rows } = await database.admin.query(
    "select rolname from pg_roles where rolname like 'sql-%'",
  );
  expect(rows).toEqual([]);
});
