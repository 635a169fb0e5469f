/**
 * What `@sql-sessions/conformance` needs from this server's side: sessions to close, some of which do not react, a
 * second tenant, a fault. Runs on the provider's machine, as a user who may signal the database's processes.
 *
 *   ADMIN_URL=postgres://… OUR_URL=postgres://… OUR_TOKEN=… THEIR_URL=postgres://… THEIR_TOKEN=… SUSPENDED_TOKEN=… \
 *     npx @sql-sessions/conformance --base-url http://127.0.0.1:8080 --setup ./conformance-setup.ts --strict
 */
import { defineSetup, type StuckSubject, type Subject } from '@sql-sessions/conformance';
import pg from 'pg';
import { openSession } from './src/open-session.ts';
import { SESSION_ID } from './src/session-database.ts';

export interface ConformanceEnvironment {
  /** Connection string of a superuser of the provider's database. */
  ADMIN_URL: string;
  /** Connection strings of two workspaces' roles, and tokens that the provider accepts for them. */
  OUR_URL: string;
  OUR_TOKEN: string;
  THEIR_URL: string;
  THEIR_TOKEN: string;
  /** Token of a suspended tenant. */
  SUSPENDED_TOKEN: string;
}

export default defineSetup(() => {
  const env = process.env as Partial<ConformanceEnvironment> as ConformanceEnvironment;
  const admin = new pg.Pool({ connectionString: env.ADMIN_URL, max: 2 });
  // A server that is ended says so to each connection, also to one that is about to close.
  admin.on('connect', (client) => client.on('error', () => undefined));
  admin.on('error', () => undefined);
  const roleOf = (url: string) => decodeURIComponent(new URL(url).username);

  /** A session, and the process of the database that serves it. */
  async function open(url: string): Promise<{ pid: number; subject: Subject }> {
    const { id, client } = await openSession(url);
    return {
      pid: Number.parseInt(id.split('-')[1] ?? '', 16),
      subject: {
        params: { workspace_id: roleOf(url), session_id: id },
        async isOpen() {
          const sql = `select 1 from pg_stat_activity where ${SESSION_ID} = $1`;
          return (await admin.query(sql, [id])).rowCount === 1;
        },
        release: () => client.end().catch(() => undefined),
      },
    };
  }
  const live = async (url: string) => (await open(url)).subject;

  return {
    token: env.OUR_TOKEN,
    requiresToken: true,
    retries: 'not-found',
    secrets: ['sql_sessions_provider', 'pg_stat_activity', new URL(env.ADMIN_URL).password],
    live: () => live(env.OUR_URL),
    async stuck(): Promise<StuckSubject> {
      const { pid, subject } = await open(env.OUR_URL);
      process.kill(pid, 'SIGSTOP');
      return {
        ...subject,
        async recover() {
          process.kill(pid, 'SIGCONT');
        },
      };
    },
    // The provider loses the right to act for the workspace.
    async innerFault(): Promise<StuckSubject> {
      const subject = await live(env.OUR_URL);
      const role = pg.escapeIdentifier(roleOf(env.OUR_URL));
      // PostgreSQL 16 tells inheriting and becoming apart; before, the provider's role is NOINHERIT as a whole.
      const { rows } = await admin.query('show server_version_num');
      const terms =
        Number(rows[0].server_version_num) >= 160_000 ? 'with inherit false, set true' : '';
      await admin.query(`revoke ${role} from sql_sessions_provider`);
      return {
        ...subject,
        async recover() {
          await admin.query(`grant ${role} to sql_sessions_provider ${terms}`);
        },
      };
    },
    secondTenant: { token: env.THEIR_TOKEN, live: () => live(env.THEIR_URL) },
    async forbidden() {
      return {
        token: env.SUSPENDED_TOKEN,
        params: { workspace_id: roleOf(env.OUR_URL), session_id: 'abc' },
      };
    },
    close: () => admin.end(),
  };
});
