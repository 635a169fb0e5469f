import { chmod, readdir } from 'node:fs/promises';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { type RunningProcess, run, start } from '@sql-sessions/testing/process';
import pg from 'pg';
import { expect, test } from 'vitest';
import { refuseServer } from '../src/server-check.ts';
import { readSettings } from '../src/settings.ts';
import { hashOf } from '../src/tokens.ts';
import { MAIN, NOTHING_SET } from './support/main-program.ts';
import { OURS } from './support/stage.ts';

const INVITATION = /curl -i -X (\S+) '([^']+)' -H '([^:]+): ([^']+)'/;

/** Does what the printed command does. */
async function follow([, method = '', url = '', header = '', token = '']: RegExpExecArray) {
  return fetch(url, { method, headers: { [header]: token } });
}

async function startDemo(tmp: string): Promise<RunningProcess> {
  // The database may run as another user, who has to get there.
  await chmod(tmp, 0o755);
  return start(process.execPath, [MAIN], { env: { ...NOTHING_SET, TMPDIR: tmp } });
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
  const ended = new Promise<void>((resolve) => client.on('end', resolve));
  await client.connect();
  await demo.stop('SIGKILL');
  await ended;
  expect(errors[0]).toBe('57P01');
  await expect
    .poll(() => new pg.Client(databaseUrl).connect().then(String, String))
    .toContain('ECONNREFUSED');
});

test('--help says what there is to set', async () => {
  const { code, stdout } = await run(process.execPath, [MAIN, '--help']);
  expect(code).toBe(0);
  for (const name of Object.keys(NOTHING_SET)) expect(stdout).toContain(name);
});

test('an argument that it does not know is refused', async () => {
  const { code, stderr } = await run(process.execPath, [MAIN, '--port=1'], { env: NOTHING_SET });
  expect([code, stderr]).toEqual([
    1,
    'There is no argument --port=1: settings are environment variables, which --help lists.\n',
  ]);
});

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

test('PostgreSQL 13, and what only speaks its language, are refused by name', () => {
  expect(() => refuseServer('PostgreSQL 13.22 on x86_64-pc-linux-gnu', 130022)).toThrow(
    'DATABASE_URL: PostgreSQL 14 or newer is needed, and this is PostgreSQL 13.22',
  );
  expect(() => refuseServer('CockroachDB CCL v24.1.0 (x86_64)', 140000)).toThrow('CockroachDB');
  expect(() => refuseServer('PostgreSQL 14.0 on x86_64-pc-linux-gnu', 140000)).not.toThrow();
});
