import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import document from '@sql-sessions/contract/openapi.json' with { type: 'json' };
import { start } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOf } from '../src/tokens.ts';
import { MAIN, NOTHING_SET } from './support/main-program.ts';
import { parseResponses } from './support/raw-request.ts';
import {
  type Database,
  OURS,
  type Received,
  startDatabase,
  startProvider,
  THEIRS,
  TOKENS,
} from './support/stage.ts';

let database: Database;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

/** 500 as the contract's example has it, byte for byte: nothing from inside. */
function expectInnerFault({ status, text }: Received) {
  const { value } = document.components.examples.InternalServerError;
  expect([status, text]).toEqual([500, JSON.stringify(value)]);
}

/** Pids of the connections that providers have to the database. */
async function providerPids(): Promise<number[]> {
  const { rows } = await database.admin.query<{ pid: number }>(
    "select pid from pg_stat_activity where application_name = 'sql-sessions-provider' order by pid",
  );
  return rows.map(({ pid }) => pid);
}

async function postmasterPid(): Promise<number> {
  const { rows } = await database.admin.query("select pg_read_file('postmaster.pid') as file");
  return Number.parseInt(rows[0].file, 10);
}

test('the database goes away and comes back: 500 meanwhile, then business as usual', async () => {
  await using provider = await startProvider(database);
  const before = await database.open();
  await database.postgres.stop();
  try {
    expect(await before.ended).toBe('57P01');
    expectInnerFault(await provider.close(before.id));
    expectInnerFault(await provider.close(before.id));
    expect(provider.log()).toContain('ECONNREFUSED');
  } finally {
    await database.postgres.start();
  }
  expect((await provider.close(before.id)).status).toBe(404);
  const after = await database.open();
  expect((await provider.close(after.id)).status).toBe(200);
  expect(await after.ended).toBe('57P01');
  expect(provider.log()).toContain('idle database connection lost');
  expect(provider.log()).not.toMatch(/secretKey|password/);
});

test('the database goes away in the middle of a close: 500, since nobody knows', async () => {
  await using provider = await startProvider(database);
  const session = await database.open();
  const postmaster = await postmasterPid();
  process.kill(session.pid, 'SIGSTOP');
  const response = provider.close(session.id);
  await expect.poll(provider.log).toContain(session.id);
  process.kill(postmaster, 'SIGQUIT');
  process.kill(session.pid, 'SIGKILL');
  expectInnerFault(await response);
  await database.postgres.stop();
  await database.postgres.start();
});

test('the database hangs: 500 in time for as many calls as come, then business as usual', async () => {
  await using provider = await startProvider(database, { databaseTimeout: 2000, poolSize: 2 });
  const session = await database.open();
  const pids = [await postmasterPid(), ...(await providerPids())];
  expect(pids.length).toBeGreaterThan(1);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => provider.close(session.id)),
    );
    responses.forEach(expectInnerFault);
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
  await expect.poll(async () => (await provider.close(session.id)).status).not.toBe(500);
  expect(await session.ended).toBe('57P01');
});

test('sessions that do not react keep no connection from the others', async () => {
  await using provider = await startProvider(database, { poolSize: 1, closeTimeout: 2000 });
  const stuck = await Promise.all(Array.from({ length: 5 }, () => database.open()));
  for (const { pid } of stuck) process.kill(pid, 'SIGSTOP');
  try {
    let responded = 0;
    const responses = stuck.map(async ({ id }) => {
      const { status } = await provider.close(id);
      responded += 1;
      return status;
    });
    const healthy = await database.open();
    expect((await provider.close(healthy.id)).status).toBe(200);
    expect(responded).toBe(0);
    expect(await Promise.all(responses)).toEqual([408, 408, 408, 408, 408]);
  } finally {
    for (const { pid } of stuck) process.kill(pid, 'SIGCONT');
  }
  await Promise.all(stuck.map(({ ended }) => ended));
});

test('tenants who take every slot of the database stop no close, as every connection is there from the start', async () => {
  await using provider = await startProvider(database);
  expect(await providerPids()).toHaveLength(10);
  const tenants: Awaited<ReturnType<Database['open']>>[] = [];
  const takeOne = () =>
    database.open().then(
      (session) => void tenants.push(session),
      (error: Error) => error,
    );
  try {
    const many = () => Promise.all(Array.from({ length: 20 }, takeOne));
    while (!(await many()).some(Boolean));
    // Those that were refused at the same time may have held a slot for a moment.
    let refused: Error | undefined;
    while (refused === undefined) refused = (await takeOne()) ?? undefined;
    expect(refused).toMatchObject({ code: '53300' });
    const closes = tenants.splice(0, 10).map(({ id }) => provider.close(id));
    expect((await Promise.all(closes)).map(({ status }) => status)).toEqual(Array(10).fill(200));

    // A connection that dies is opened again by itself, and a statement that is refused costs none.
    const [first, ...others] = await providerPids();
    await database.admin.query('select pg_terminate_backend($1)', [first]);
    await expect.poll(async () => (await providerPids()).length, { timeout: 60_000 }).toBe(10);
    expect(await providerPids()).toEqual(expect.arrayContaining(others));
  } finally {
    await Promise.all(tenants.map(({ client }) => client.end()));
  }
});

test('CLOSE_TIMEOUT_MS bounds a close that gets no connection, and one whose statement does not return', async () => {
  const options = { poolSize: 1, closeTimeout: 300, databaseTimeout: 3_600_000 };
  await using provider = await startProvider(database, options);
  const session = await database.open();
  const pids = await providerPids();
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    const both = [provider.close(session.id), provider.close(session.id)];
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([408, 408]);
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
  // The statement that was under way has ended it, or this one does.
  expect([200, 404]).toContain((await provider.close(session.id)).status);
});

test('a right that the provider has lost is 500, the reason is in the log only, and nothing is closed', async () => {
  await using provider = await startProvider(database);
  const session = await database.open();
  const pids = await providerPids();
  await database.admin.query(`revoke ${OURS} from sql_sessions_provider`);
  try {
    expectInnerFault(await provider.close(session.id));
    expect(provider.log()).toContain('permission denied to set role');
    expect(await database.lists(session.id)).toBe(true);
  } finally {
    await database.admin.query(`grant ${OURS} to sql_sessions_provider`);
  }
  expect((await provider.close(session.id)).status).toBe(200);
  expect(await providerPids()).toEqual(pids);
});

test('closing down: no new connection, the calls under way get their responses, then all is released', async () => {
  const provider = await startProvider(database);
  const { hostname, port } = new URL(provider.url);
  const connectTo = () => connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const [silent, unfinished, busy] = [connectTo(), connectTo(), connectTo()];
  unfinished.write('DELETE /');
  const hungUp = [silent, unfinished].map((socket) => once(socket.resume(), 'end'));
  const call = (id: string) =>
    `DELETE /v1/workspaces/${OURS}/sessions/${id} HTTP/1.1\r\nHost: here\r\nX-Auth-Token: ${TOKENS.ours}\r\n\r\n`;
  const session = await database.open();
  process.kill(session.pid, 'SIGSTOP');
  const responses = text(busy);
  busy.write(call(session.id));
  await expect.poll(provider.log).toContain(session.id);

  let down = false;
  const closed = provider.app.close().then(() => {
    down = true;
  });
  await Promise.all(hungUp);
  await expect(provider.close('abc')).rejects.toThrow('fetch failed');
  busy.write(call('one-more'));
  await expect.poll(provider.log).toContain('one-more');
  expect(down).toBe(false);
  process.kill(session.pid, 'SIGCONT');

  expect(parseResponses(await responses).map(({ status }) => status)).toEqual([200, 404]);
  for (const socket of [silent, unfinished, busy]) socket.destroy();
  await closed;
  await expect.poll(providerPids).toEqual([]);
});

test('closing down does not wait for a database that hangs', async () => {
  const provider = await startProvider(database, { databaseTimeout: 2000 });
  const pids = await providerPids();
  expect(pids).toHaveLength(10);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await provider.app.close();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
});

test("a database of one's own works, with a warning of each workspace that will not", async () => {
  const workspaces = [OURS, THEIRS, 'nobody'];
  const own = {
    DATABASE_URL: database.providerUrl,
    TOKENS: JSON.stringify({ [hashOf(TOKENS.ours)]: { workspaces } }),
  };
  await database.admin.query(`revoke ${THEIRS} from sql_sessions_provider`);
  const provider = start(process.execPath, [MAIN], {
    env: { ...NOTHING_SET, ...own },
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
    await database.admin.query(`grant ${THEIRS} to sql_sessions_provider`);
  }
});
