import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOf } from '../src/tokens.ts';
import {
  type Database,
  OURS,
  type Provider,
  startDatabase,
  startProvider,
  THEIRS,
  TOKENS,
} from './support/stage.ts';

let database: Database;
let provider: Provider;

beforeAll(async () => {
  database = await startDatabase();
  await database.admin.query(
    `create table ledger (id int primary key, amount int); insert into ledger values (1, 100);
     grant all on ledger to ${OURS}`,
  );
  provider = await startProvider(database);
});

afterAll(async () => {
  await provider[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test('a session with an open transaction is gone: client told, locks free, nothing kept', async () => {
  const session = await database.open();
  await session.client.query('begin');
  await session.client.query('update ledger set amount = 0 where id = 1');
  const locks = () => database.admin.query('select 1 from pg_locks where pid = $1', [session.pid]);
  expect((await locks()).rowCount).toBeGreaterThan(0);

  expect(await provider.close(session.id)).toMatchObject({ status: 200, text: '' });

  expect(await database.lists(session.id)).toBe(false);
  expect((await locks()).rowCount).toBe(0);
  expect(await session.ended).toBe('57P01');
  const { rows } = await database.admin.query('select amount from ledger for update nowait');
  expect(rows).toEqual([{ amount: 100 }]);
});

test('a session in the middle of a statement is gone too', async () => {
  const session = await database.open();
  const told = session.client.query('select pg_sleep(3600)').catch((error) => error.code);
  expect((await provider.close(session.id)).status).toBe(200);
  expect(await told).toBe('57P01');
});

test('the second close gets a 404, like an id that never was', async () => {
  const session = await database.open();
  expect((await provider.close(session.id)).status).toBe(200);
  const again = await provider.close(session.id);
  const never = await provider.close('660fd6d5-1');
  expect(again.status).toBe(404);
  expect([again.status, again.text]).toEqual([never.status, never.text]);
});

test('a pid that was given out again is not killed', async () => {
  const session = await database.open();
  const [start = '', pid] = session.id.split('-');
  const earlier = (Number.parseInt(start, 16) - 1).toString(16);
  expect((await provider.close(`${earlier}-${pid}`)).status).toBe(404);
  expect((await provider.close(String(session.pid))).status).toBe(404);
  expect((await session.client.query('select 1 as alive')).rows).toEqual([{ alive: 1 }]);
  await session.client.end();
});

test('a stopped backend means 408 after the timeout and is closed once it goes on', async () => {
  await using impatient = await startProvider(database, { closeTimeout: 300 });
  const session = await database.open();
  process.kill(session.pid, 'SIGSTOP');
  try {
    expect(await impatient.close(session.id)).toMatchObject({ status: 408 });
    expect(await database.lists(session.id)).toBe(true);
  } finally {
    process.kill(session.pid, 'SIGCONT');
  }
  expect(await session.ended).toBe('57P01');
  // The first call's signal may have done it already.
  expect([200, 404]).toContain((await impatient.close(session.id)).status);
  expect(await database.lists(session.id)).toBe(false);
});

test('parallel closes of one session: it is closed, and every response is 200 or 404', async () => {
  const session = await database.open();
  const responses = await Promise.all(Array.from({ length: 8 }, () => provider.close(session.id)));
  const statuses = responses.map(({ status }) => status);
  expect(statuses).toContain(200);
  expect(statuses.filter((status) => status !== 200 && status !== 404)).toEqual([]);
  expect(await session.ended).toBe('57P01');
});

test('200 sessions closed at once: each by its own call, each once, and nobody else', async () => {
  const bystander = await database.open();
  const sessions = await Promise.all(Array.from({ length: 200 }, () => database.open()));
  expect(new Set(sessions.map(({ id }) => id)).size).toBe(200);

  const responses = await Promise.all(sessions.map(({ id }) => provider.close(id)));

  expect(responses.filter(({ status }) => status !== 200)).toEqual([]);
  const told = await Promise.all(sessions.map(({ ended }) => ended));
  expect(told.filter((code) => code !== '57P01')).toEqual([]);
  expect((await bystander.client.query('select 1 as alive')).rows).toEqual([{ alive: 1 }]);
  await bystander.client.end();
});

describe("another tenant's session", () => {
  test('looks like an unknown id, whatever is tried, and lives on', async () => {
    const session = await database.open(THEIRS);
    const unknown = await provider.close('660fd6d5-1');
    for (const [workspace, token] of [
      [OURS, TOKENS.ours],
      [THEIRS, TOKENS.ours],
      [OURS, TOKENS.theirs],
    ] as const) {
      const response = await provider.close(session.id, { workspace, token });
      expect([response.status, response.text]).toEqual([404, unknown.text]);
      const names = (headers: Headers) => [...headers.keys()].sort();
      expect(names(response.headers)).toEqual(names(unknown.headers));
    }
    expect((await session.client.query('select 1 as alive')).rows).toEqual([{ alive: 1 }]);
    expect(
      (await provider.close(session.id, { workspace: THEIRS, token: TOKENS.theirs })).status,
    ).toBe(200);
  });

  test('is hidden even from a role that may read all statistics or belongs to the other', async () => {
    const session = await database.open(THEIRS);
    await database.admin.query(`grant pg_read_all_stats, ${THEIRS} to ${OURS}`);
    try {
      expect((await provider.close(session.id)).status).toBe(404);
      expect(await database.lists(session.id)).toBe(true);
    } finally {
      await database.admin.query(`revoke pg_read_all_stats, ${THEIRS} from ${OURS}`);
      await session.client.end();
    }
  });
});

test("the database's own processes, helpers and the provider's sessions cannot be named", async () => {
  const session = await database.open();
  // A statement that runs in a helper process, which has our role and an id like a session's.
  await session.client.query("select set_config('debug_parallel_query', 'on', false)");
  const told = session.client.query('select pg_sleep(3600)').catch((error) => error.code);
  const listed = async (where: string) => {
    const { rows } = await database.admin.query<{ id: string }>(
      `select to_hex(extract(epoch from date_trunc('second', backend_start))::bigint) || '-' || to_hex(pid) as id
       from pg_stat_activity where ${where}`,
    );
    return rows.map(({ id }) => id);
  };
  await expect.poll(() => listed("backend_type = 'parallel worker'")).toHaveLength(1);
  const others = await listed(
    `usename is distinct from '${OURS}' or backend_type = 'parallel worker'`,
  );
  expect(others.length).toBeGreaterThan(4);
  const responses = await Promise.all(others.map((id) => provider.close(id)));
  expect(responses.filter(({ status }) => status !== 404)).toEqual([]);

  expect((await provider.close(session.id)).status).toBe(200);
  expect(await told).toBe('57P01');
  await expect.poll(() => listed("backend_type = 'parallel worker'")).toEqual([]);
});

test('a workspace whose role is gone has no sessions', async () => {
  await using other = await startProvider(database, {
    tokens: new Map([[hashOf(TOKENS.ours), { workspaces: ['no-such-role', 'none'] }]]),
  });
  for (const workspace of ['no-such-role', 'none']) {
    expect((await other.close('660fd6d5-1', { workspace })).status).toBe(404);
  }
});
