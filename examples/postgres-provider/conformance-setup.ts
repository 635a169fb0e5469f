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
import { lives } from './src/own-folder.ts';
import { SESSION_ID } from './src/session-database.ts';

export interface ConformanceEnvironment {
  /** Connection string of a superuser of the provider's database. */
  ADMIN_URL: string;
  /** The provider's own role. Default: `sql_sessions`. */
  PROVIDER_ROLE?: string;
  /** Connection strings of two workspaces' roles, and tokens that the provider accepts for them. */
  OUR_URL: string;
  OUR_TOKEN: string;
  THEIR_URL: string;
  THEIR_TOKEN: string;
  /** Token of a suspended tenant. */
  SUSPENDED_TOKEN: string;
}

/** What a run does to the database bears its process id, so that the next one can undo what a killed one has left. */
const MARK = 'sql-sessions-conformance-';

export default defineSetup(async () => {
  const env = process.env as Partial<ConformanceEnvironment> as ConformanceEnvironment;
  const provider = env.PROVIDER_ROLE ?? 'sql_sessions';
  const admin = new pg.Pool({ connectionString: env.ADMIN_URL, max: 2 });
  // A server that is ended says so to each connection, also to one that is about to close.
  admin.on('connect', (client) => client.on('error', () => undefined));
  admin.on('error', () => undefined);
  const roleOf = (url: string) => decodeURIComponent(new URL(url).username);

  /** Takes the provider's right to act for a workspace, and notes in a role of its own that it has to come back. */
  const revoke = (workspace: string, mark = pg.escapeIdentifier(MARK + process.pid)) =>
    admin.query(`create role ${mark}; comment on role ${mark} is ${pg.escapeLiteral(workspace)};
      revoke ${pg.escapeIdentifier(workspace)} from ${pg.escapeIdentifier(provider)}`);
  const giveBack = (workspace: string, mark = MARK + process.pid) =>
    admin.query(`grant ${pg.escapeIdentifier(workspace)} to ${pg.escapeIdentifier(provider)};
      drop role ${pg.escapeIdentifier(mark)}`);

  /** Undoes what runs that were killed have left: rights that are gone, sessions that are stopped. */
  async function undoLeftovers(): Promise<void> {
    const isLeft = ({ mark }: { mark: string }) => !lives(Number(mark.slice(MARK.length)));
    const { rows: rights } = await admin.query(
      `select rolname as mark, shobj_description(oid, 'pg_authid') as workspace from pg_roles
       where starts_with(rolname, $1)`,
      [MARK],
    );
    for (const { mark, workspace } of rights.filter(isLeft)) await giveBack(workspace, mark);
    const { rows: sessions } = await admin.query(
      'select application_name as mark, pid from pg_stat_activity where starts_with(application_name, $1)',
      [MARK],
    );
    // Its client is gone, so it ends as soon as it goes on.
    for (const { pid } of sessions.filter(isLeft)) process.kill(pid, 'SIGCONT');
  }
  await undoLeftovers();

  /** A session, and the process of the database that serves it. */
  async function open(url: string): Promise<{ pid: number; subject: Subject }> {
    const marked = new URL(url);
    marked.searchParams.set('application_name', MARK + process.pid);
    const { id, client } = await openSession(marked.href);
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
    secrets: [provider, 'pg_stat_activity', new URL(env.ADMIN_URL).password],
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
      const workspace = roleOf(env.OUR_URL);
      await revoke(workspace);
      return {
        ...subject,
        async recover() {
          await giveBack(workspace);
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
