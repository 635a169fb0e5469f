import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { type RunningProcess, run, start } from '@sql-sessions/testing/process';
import pg from 'pg';
import { expect, test } from 'vitest';
import { refuseServer } from '../src/server-check.ts';
import { readSettings } from '../src/settings.ts';
import { hashOf } from '../src/tokens.ts';
import { OURS, startDatabase, THEIRS, TOKENS } from './support/stage.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const UNSET = Object.fromEntries(
  ['DATABASE_URL', 'TOKENS', 'HOST', 'CLOSE_TIMEOUT_MS', 'POOL_SIZE', 'LOG_LEVEL'].map((name) => [
    name,
    undefined,
  ]),
);

const INVITATION = /curl -i -X (\S+) -H '([^:]+): ([^']+)' (\S+)/;

/** Does what the printed command does. */
async function follow([, method = '', header = '', token = '', url = '']: RegExpExecArray) {
  return fetch(url, { method, headers: { [header]: token } });
}

async function startDemo(tmp: string): Promise<RunningProcess> {
  // The database may run as another user, who has to get there.
  await chmod(tmp, 0o755);
  return start(process.execPath, [MAIN], { env: { ...UNSET, PORT: '0', TMPDIR: tmp } });
}

test('a first look: one command, a session to close, a clean end', async () => {
  await using tmp = await temporaryFolder();
  const demo = await startDemo(tmp.path);
  try {
    const invitation = await demo.waitFor(INVITATION);
    const [, databaseUrl = ''] = await demo.waitFor(/connect any client to (\S+)/);
    expect((await follow(invitation)).status).toBe(200);
    await demo.waitFor(/is closed; its client was told 57P01.*curl/s);
    expect((await follow(invitation)).status).toBe(404);

    const own = new pg.Client(databaseUrl);
    await own.connect();
    await own.end();
    expect(await demo.stop('SIGINT')).toEqual({ code: 0, signal: null });
    await expect(new pg.Client(databaseUrl).connect()).rejects.toThrow('ECONNREFUSED');
    expect(await readdir(tmp.path)).toEqual([]);
    expect(demo.stdout()).not.toMatch(/^\{/m);
  } finally {
    await demo.stop('SIGKILL');
  }
});

test('the embedded database does not outlive a provider that is killed', async () => {
  await using tmp = await temporaryFolder();
  const demo = await startDemo(tmp.path);
  const [, databaseUrl] = await demo.waitFor(/connect any client to (\S+)/);
  const client = new pg.Client(databaseUrl);
  const errors: (string | undefined)[] = [];
  client.on('error', (error: Error & { code?: string }) => errors.push(error.code));
  const ended = once(client, 'end');
  await client.connect();
  await demo.stop('SIGKILL');
  await ended;
  expect(errors[0]).toBe('57P01');
  await expect
    .poll(() => new pg.Client(databaseUrl).connect().then(String, String))
    .toContain('ECONNREFUSED');
  await expect.poll(() => existsSync(`${tmp.path}/data/postmaster.pid`)).toBe(false);
});

test('--help says what there is to set', async () => {
  const { code, stdout } = await run(process.execPath, [MAIN, '--help']);
  expect(code).toBe(0);
  for (const name of [...Object.keys(UNSET), 'PORT']) expect(stdout).toContain(name);
});

/** Runs it with settings that it cannot start with and gives the one line that it says about that. */
async function refusalFor(env: Record<string, string | undefined>): Promise<string> {
  const { code, stdout, stderr } = await run(process.execPath, [MAIN], {
    env: { ...UNSET, PORT: '0', LOG_LEVEL: 'silent', ...env },
  });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr;
}

test('a setting that is wrong is named, with what it has to be', () => {
  const url = 'postgres://somebody@127.0.0.1:1/postgres';
  const tokens = (value: unknown) => ({ DATABASE_URL: url, TOKENS: JSON.stringify(value) });
  const sha = hashOf('x');
  const cases: [Record<string, string>, RegExp][] = [
    [{ PORT: 'http' }, /^PORT: expected a whole number from 0 to 65535, not "http"/],
    [{ POOL_SIZE: '0' }, /^POOL_SIZE: expected a whole number from 1/],
    [{ CLOSE_TIMEOUT_MS: '1.5' }, /^CLOSE_TIMEOUT_MS: /],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: expected one of fatal, /],
    [{ TOKENS: '{}' }, /^TOKENS is set and DATABASE_URL is not/],
    [{ DATABASE_URL: 'localhost' }, /^DATABASE_URL: expected postgres:\/\//],
    [{ DATABASE_URL: url }, /^TOKENS: expected /],
    [tokens({}), /^TOKENS: expected /],
    [tokens({ 'my-token': { workspaces: [OURS] } }), /^TOKENS: expected /],
    [tokens({ [sha]: { workspaces: ['under_score'] } }), /^TOKENS: expected /],
    [tokens({ [sha]: { workspaces: [OURS], suspend: true } }), /^TOKENS: expected /],
  ];
  for (const [env, message] of cases) expect(() => readSettings(env)).toThrow(message);
  expect(readSettings(tokens({ [sha]: { workspaces: [OURS] } })).database?.url).toBe(url);
});

test("a database of one's own: what is wrong with it is said at start, what is right works", async () => {
  await using database = await startDatabase();
  const web = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
  await once(web, 'listening');
  const { port } = web.address() as AddressInfo;
  const tokens = (...workspaces: string[]) =>
    JSON.stringify({ [hashOf(TOKENS.ours)]: { workspaces } });
  const own = { DATABASE_URL: database.providerUrl, TOKENS: tokens(OURS) };
  try {
    const wrongPassword = own.DATABASE_URL.replace(/:[^:@]+@/, ':wrong@');
    expect(await refusalFor({ ...own, DATABASE_URL: wrongPassword })).toMatch(
      /lets us in \(28P01\)/,
    );
    expect(await refusalFor({ ...own, DATABASE_URL: `postgres://a@127.0.0.1:${port}/b` })).toMatch(
      /^DATABASE_URL: no PostgreSQL/,
    );
    expect(await refusalFor({ ...own, TOKENS: tokens('sql_sessions_provider') })).toMatch('TOKENS');
    expect(await refusalFor({ ...own, PORT: String(port) })).toMatch(/\(EADDRINUSE\)/);
    expect(await refusalFor({ ...own, PORT: 'http' })).toMatch(/^PORT: /);
  } finally {
    web.close();
  }

  await database.admin.query(`revoke ${THEIRS} from sql_sessions_provider`);
  const provider = start(process.execPath, [MAIN], {
    env: { ...UNSET, ...own, TOKENS: tokens(OURS, THEIRS, 'nobody'), PORT: '0' },
  });
  try {
    const [, url] = await provider.waitFor(/Closing PostgreSQL sessions at (\S+);/);
    expect(provider.stderr()).toMatch(/"workspace":"theirs","msg":"not allowed to SET ROLE/);
    expect(provider.stderr()).toMatch(/"workspace":"nobody","msg":"no such role/);
    const session = await database.open();
    const response = await fetch(`${url}/v1/workspaces/${OURS}/sessions/${session.id}`, {
      method: 'DELETE',
      headers: { 'x-auth-token': TOKENS.ours },
    });
    expect(response.status).toBe(200);
    expect(await session.ended).toBe('57P01');
    expect(provider.stdout()).not.toContain('curl');
  } finally {
    expect(await provider.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  }
});

test('PostgreSQL 13, and what only speaks its language, are refused by name', () => {
  expect(() => refuseServer('PostgreSQL 13.22 on x86_64-pc-linux-gnu', 130022)).toThrow(
    'DATABASE_URL: PostgreSQL 14 or newer is needed, and this is PostgreSQL 13.22',
  );
  expect(() => refuseServer('CockroachDB CCL v24.1.0 (x86_64)', 140000)).toThrow('CockroachDB');
  expect(() => refuseServer('PostgreSQL 14.0 on x86_64-pc-linux-gnu', 140000)).not.toThrow();
});
