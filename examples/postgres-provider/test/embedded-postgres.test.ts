import { constants, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

test('it is a real PostgreSQL, on loopback only, with a password, and not as root', async () => {
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
});

test('two at once, and the same data after a restart', async () => {
  await using one = await startEmbeddedPostgres();
  await using two = await startEmbeddedPostgres();
  await query(one.url(), 'create table note (text text); insert into note values ($$kept$$)');
  await one.stop();
  await expect(query(one.url(), 'select 1')).rejects.toThrow('ECONNREFUSED');
  expect(await query(two.url(), 'select 1 as up')).toEqual([{ up: 1 }]);
  await one.start();
  expect(await query(one.url(), 'select text from note')).toEqual([{ text: 'kept' }]);
});
