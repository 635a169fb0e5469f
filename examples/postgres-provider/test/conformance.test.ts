import { readFile } from 'node:fs/promises';
import { type Verification, verify } from '@sql-sessions/conformance';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import setup, { type ConformanceEnvironment } from '../conformance-setup.ts';
import { openSession } from '../src/open-session.ts';
import { operationHandlers } from '../src/operation-handlers.ts';
import { hashOf } from '../src/tokens.ts';
import { createWorkspaceRoles } from '../src/workspace-roles.ts';
import { MAJORS, servers } from './support/servers.ts';
import {
  type Database,
  OURS,
  type Provider,
  startDatabase,
  startProvider,
  THEIRS,
  TOKENS,
} from './support/stage.ts';

const README = await readFile(new URL('../README.md', import.meta.url), 'utf8');

describe.each(servers)('on $name', ({ folder, major }) => {
  let database: Database;
  let provider: Provider;
  let verification: Verification;

  beforeAll(async () => {
    database = await startDatabase(folder);
    provider = await startProvider(database, { closeTimeout: 1500, requestTimeout: 4000 });
    const env: ConformanceEnvironment = {
      ADMIN_URL: database.postgres.url(),
      PROVIDER_ROLE: 'sql_sessions_provider',
      OUR_URL: database.urlOf(OURS),
      OUR_TOKEN: TOKENS.ours,
      THEIR_URL: database.urlOf(THEIRS),
      THEIR_TOKEN: TOKENS.theirs,
      SUSPENDED_TOKEN: TOKENS.suspended,
    };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    // The contract may have operations that this server does not implement.
    const operations = Object.keys(operationHandlers);
    verification = await verify({ baseUrl: provider.url, setup, operations, level: 'hardening' });
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await provider[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  test('it is the major that it is taken for', async () => {
    const { rows } = await database.admin.query('show server_version_num');
    expect(Math.floor(rows[0].server_version_num / 10_000)).toBe(major);
  });

  test('every check of the kit was exercised and passed', () => {
    const { checks, summary, seed } = verification.report;
    const rest = checks.filter(({ outcome }) => outcome !== 'passed');
    expect(rest, `seed ${seed}`).toEqual([]);
    expect(summary).toMatchObject({ failed: 0, known: 0, 'not-exercised': 0 });
    expect(summary.passed).toBeGreaterThan(0);
  });

  test('every status that the service’s page lists was seen', () => {
    const { statuses } = verification.report;
    const seen = statuses.filter(({ seen }) => seen > 0).map(({ status }) => status);
    expect(seen).toEqual(expect.arrayContaining(['200', '400', '401', '403', '404', '408', '500']));
  });

  test('nothing that the kit sent left a token in the log', () => {
    const lines = provider.log().split('\n');
    expect(lines.length).toBeGreaterThan(verification.report.requests);
    const tokens = Object.values(TOKENS);
    expect(lines.filter((line) => tokens.some((token) => line.includes(token)))).toEqual([]);
  });

  test('the SQL of the README is all the set-up it takes', async () => {
    const [roles = '', ids = ''] = [...README.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql);
    await database.admin.query(roles);
    await using own = await startProvider(database, {
      databaseUrl: database.postgres.url('sql_sessions', 'change-me'),
      tokens: new Map([[hashOf(TOKENS.ours), { workspaces: ['team-a'] }]]),
    });
    const session = await openSession(database.postgres.url('team-a', 'change-me-too'));
    const { rows } = await database.admin.query(ids);
    expect(rows).toEqual([{ session_id: session.id }]);

    const client = new pg.Client(database.postgres.url('sql_sessions', 'change-me'));
    await client.connect();
    const pid = Number.parseInt(session.id.split('-')[1] ?? '', 16);
    // Its words differ from major to major.
    await expect(client.query('select pg_terminate_backend($1)', [pid])).rejects.toMatchObject({
      code: '42501',
    });
    await client.end();

    expect((await own.close(session.id, { workspace: 'team-a' })).status).toBe(200);
    expect(await session.ended).toBe('57P01');
  });

  test('roles are made all or none', async () => {
    await expect(createWorkspaceRoles(database.postgres, ['fresh', OURS])).rejects.toThrow(
      'already exists',
    );
    const { rows } = await database.admin.query("select 1 from pg_roles where rolname = 'fresh'");
    expect(rows).toEqual([]);
  });
});

const missing = MAJORS.filter((major) => !servers.some((server) => server.major === major));
for (const major of missing) {
  test.skip(`PostgreSQL ${major} is not here: pnpm test:majors installs it`, () => undefined);
}

test('the README claims the majors that this runs on', () => {
  expect(README).toContain(
    `The tests run on ${MAJORS.slice(0, -1).join(', ')} and ${MAJORS.at(-1)}`,
  );
});
