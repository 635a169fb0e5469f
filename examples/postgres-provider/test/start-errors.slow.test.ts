import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { closedPort, listen } from '@sql-sessions/testing/listen';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run, start } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSession } from '../src/open-session.ts';
import { postgresUser } from '../src/postgres-user.ts';
import { hashOf } from '../src/tokens.ts';
import { MAIN, NOTHING_SET } from './support/main-program.ts';
import { type Database, OURS, startDatabase, startProvider } from './support/stage.ts';

let database: Database;
let own: Record<string, string>;

beforeAll(async () => {
  database = await startDatabase();
  own = { DATABASE_URL: database.providerUrl, TOKENS: tokensOf(OURS) };
});
afterAll(() => database[Symbol.asyncDispose]());

const tokensOf = (...workspaces: string[]) => JSON.stringify({ [hashOf('x')]: { workspaces } });

/** What a start says that does not come about: one line on the standard error and nothing else. */
async function refusal(env: Record<string, string | undefined>): Promise<string> {
  const { code, stdout, stderr } = await run(process.execPath, [MAIN], {
    env: { ...NOTHING_SET, LOG_LEVEL: 'silent', ...own, ...env },
  });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^[^\n]+\.\n$/);
  expect(stderr).not.toContain(new URL(database.providerUrl).password);
  return stderr.trim();
}

/** The provider's connection string with some of it replaced. */
function urlWith(change: (url: URL) => unknown): { DATABASE_URL: string } {
  const url = new URL(database.providerUrl);
  change(url);
  return { DATABASE_URL: url.href };
}

/** Responds to whoever connects with one error of the PostgreSQL protocol, as a pooler does at the start. */
async function standIn(
  message: string,
  code = '08P01',
): Promise<AsyncDisposable & { url: string }> {
  const fields = ['SFATAL', `C${code}`, `M${message}`, ''].join('\0');
  const body = Buffer.from(`${fields}\0`);
  const head = Buffer.from('E0000');
  head.writeInt32BE(body.length + 4, 1);
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.end(Buffer.concat([head, body])));
  });
  const listening = await listen(server);
  return { ...listening, url: `postgres://a:b@${listening.host}/c` };
}

test.each<[string, () => Record<string, string>, RegExp]>([
  [
    'another scheme',
    () => ({ DATABASE_URL: 'mysql://a@127.0.0.1/b' }),
    /^DATABASE_URL: expected postgres:/,
  ],
  [
    'a port that is none',
    () => ({ DATABASE_URL: 'postgres://a@127.0.0.1:99999/b' }),
    /ERR_INVALID_URL.*Expected/,
  ],
  [
    'a file that is missing',
    () => urlWith((url) => url.searchParams.set('sslrootcert', '/no/such')),
    /ENOENT.*file/,
  ],
  [
    'a wrong password',
    () => urlWith((url) => (url.password = 'guess')),
    /28P01.* Check user and password/,
  ],
  [
    'an unknown role',
    () => urlWith((url) => (url.username = 'nobody')),
    /28P01.* Check user and password/,
  ],
  [
    'an unknown database',
    () => urlWith((url) => (url.pathname = '/none')),
    /3D000.* Name a database/,
  ],
  [
    'a port where nobody listens',
    () => urlWith((url) => (url.port = '1')),
    /ECONNREFUSED.* Check host and port/,
  ],
  [
    'a name with two addresses where nobody listens',
    () => urlWith((url) => (url.host = 'localhost:1')),
    /ECONNREFUSED.* Check host and port/,
  ],
  [
    'TLS that the server lacks',
    () => urlWith((url) => url.searchParams.set('sslmode', 'verify-full')),
    /does not support SSL.*sslmode=disable/,
  ],
  [
    'a superuser',
    () => ({ DATABASE_URL: database.postgres.url() }),
    /^DATABASE_URL: "postgres" is a superuser/,
  ],
  [
    "a tenant's role",
    () => ({ DATABASE_URL: database.urlOf(OURS) }),
    /^TOKENS: "ours" is the provider's own role/,
  ],
  [
    'hexadecimal',
    () => ({ PORT: '0x50' }),
    /^PORT: expected a whole number from 0 to 65535, not "0x50"/,
  ],
  ['an exponent', () => ({ POOL_SIZE: '1e1' }), /^POOL_SIZE: expected a whole number/],
  ['more connections than there are', () => ({ POOL_SIZE: '400' }), /53300.* lower POOL_SIZE/],
])('at start, %s is one sentence', async (_name, env, sentence) => {
  expect(await refusal(env())).toMatch(sentence);
});

test('rights that are missing are one sentence: on the database, on every workspace', async () => {
  const { admin } = database;
  await admin.query(
    `revoke connect on database postgres from public; revoke ${OURS} from sql_sessions_provider`,
  );
  try {
    expect(await refusal({})).toMatch(/42501.* Grant the role CONNECT/);
    await admin.query('grant connect on database postgres to public');
    expect(await refusal({})).toMatch(
      /^TOKENS: "sql_sessions_provider" may take the role of no workspace. Run: grant "ours" to /,
    );
  } finally {
    await admin.query(
      `grant connect on database postgres to public; grant ${OURS} to sql_sessions_provider`,
    );
  }
});

test('a server that wants TLS: the sentence says what to add', async () => {
  const { admin } = database;
  const { rows } = await admin.query(
    "select current_setting('hba_file') as file, pg_read_file(current_setting('hba_file')) as text",
  );
  const { file, text } = rows[0];
  const write = async (lines: string) => {
    await writeFile(file, lines);
    await admin.query('select pg_reload_conf()');
  };
  await write(
    `hostssl all sql_sessions_provider all scram-sha-256\nhost all postgres all scram-sha-256\n`,
  );
  try {
    const code = () => openSession(database.providerUrl).then(String, (error) => error.code);
    await expect.poll(code, { timeout: 60_000 }).toBe('28000');
    expect(await refusal({})).toMatch(/28000.* add \?sslmode=require/);
  } finally {
    await write(text);
  }
});

test('a port that is taken is one sentence', async () => {
  await using taken = await listen(createServer());
  expect(await refusal({ PORT: String(taken.port) })).toMatch(
    /^Cannot listen at 127.0.0.1, port \d+ \(EADDRINUSE\)/,
  );
});

test.each([
  ['unsupported startup parameter: options', 'ignore_startup_parameters'],
  ['no such database: c', '[databases]'],
  ['SSL required', '?sslmode=require'],
])('PgBouncer that says "%s" is told of %s', async (message, setting) => {
  await using pooler = await standIn(message);
  const sentence = await refusal({ DATABASE_URL: pooler.url });
  expect(sentence).toContain(message);
  expect(sentence).toContain(setting);
});

const PGBOUNCER = '/usr/sbin/pgbouncer';
describe.skipIf(!existsSync(PGBOUNCER))(`behind ${PGBOUNCER}`, () => {
  /** Debian's PgBouncer in front of the database, in one of its modes. */
  async function startPooler(mode: string) {
    const stack = new AsyncDisposableStack();
    const { path } = stack.use(await temporaryFolder());
    await chmod(path, 0o755);
    const { hostname, port, username, password } = new URL(database.providerUrl);
    const listenPort = await closedPort();
    await writeFile(join(path, 'users'), `"${username}" "${password}"\n`);
    await writeFile(
      join(path, 'pgbouncer.ini'),
      `[databases]\npostgres = host=${hostname} port=${port}\n[pgbouncer]\nlisten_addr = 127.0.0.1
listen_port = ${listenPort}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = ${path}/users\npool_mode = ${mode}\n`,
    );
    const user = postgresUser();
    const pooler = start(
      PGBOUNCER,
      user ? ['-u', 'nobody', `${path}/pgbouncer.ini`] : [`${path}/pgbouncer.ini`],
    );
    stack.defer(async () => void (await pooler.stop('SIGTERM')));
    await pooler.waitFor(/process up/).catch(() => undefined);
    const url = new URL(database.providerUrl);
    url.port = String(listenPort);
    return { url: url.href, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  }

  test.each(['transaction', 'session'])(
    'in %s mode it works without any other setting',
    async (mode) => {
      await using pooler = await startPooler(mode);
      await using provider = await startProvider(database, { databaseUrl: pooler.url });
      const session = await database.open();
      expect((await provider.close(session.id)).status).toBe(200);
      expect(await session.ended).toBe('57P01');
    },
  );

  test('in statement mode it is refused, with what to set', async () => {
    await using pooler = await startPooler('statement');
    expect(await refusal({ DATABASE_URL: pooler.url })).toMatch(
      /statement pooling.* set pool_mode = transaction/,
    );
  });
});
