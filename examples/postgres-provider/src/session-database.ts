import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import pg from 'pg';
import { checkServer } from './server-check.ts';

export interface SessionDatabase {
  /** Ends a session of a workspace and waits until it is gone. Rejects if that could not be found out. */
  close(workspace: string, session: string): Promise<'closed' | 'unknown' | 'still open'>;
  /** Disconnects, without waiting for a database that does not react. */
  end(): Promise<void>;
}

export interface SessionDatabaseOptions {
  /** Connection string of a login role that may `SET ROLE` to the role of every workspace. */
  url: string;
  workspaces: readonly string[];
  /** Milliseconds that a session has to be gone in. */
  closeTimeout: number;
  /** Milliseconds that the database has for each step: to let us in, to carry out a statement. */
  databaseTimeout: number;
  /** Connections at most. */
  poolSize: number;
  log: FastifyBaseLogger;
}

/**
 * PostgreSQL's own session id as an SQL expression over `pg_stat_activity`: start time and pid, both in hexadecimal,
 * the way `%c` prints it in the server's log but with a hyphen for the dot. A pid alone is given out again and again.
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LINE-PREFIX
 */
export const SESSION_ID =
  "to_hex(trunc(extract(epoch from backend_start))::bigint) || '-' || to_hex(pid)";

/** `SET LOCAL ROLE` with a parameter; no row where the role does not exist. */
const TAKE_ROLE = "select set_config('role', rolname, true) from pg_roles where rolname = $1";

const SESSION = `
  from pg_stat_activity
  where usename = $1 and backend_type = 'client backend' and ${SESSION_ID} = $2`;

const FIND = `select 1 ${SESSION}`;
const FIND_AND_TERMINATE = `select pg_terminate_backend(pid) ${SESSION}`;

/** Milliseconds between two looks at a session that is on its way out: short at first, as most are gone at once. */
const PAUSES = { first: 5, longest: 200 };

/** Connects; rejects with a `StartError` if nothing usable is there. */
export async function openSessionDatabase({
  url,
  workspaces,
  closeTimeout,
  databaseTimeout,
  poolSize,
  log,
}: SessionDatabaseOptions): Promise<SessionDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'sql-sessions-provider',
    max: poolSize,
    // What is connected stays connected: tenants that take every free slot must not lock the provider out.
    idleTimeoutMillis: 0,
    keepAlive: true,
    connectionTimeoutMillis: databaseTimeout,
    statement_timeout: databaseTimeout,
    query_timeout: databaseTimeout,
  });
  // Without listeners a lost connection would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'));
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await checkServer(pool, workspaces, log);
  } catch (error) {
    await pool.end();
    throw error;
  }

  /** Whether the statement finds the session. */
  async function finds(statement: string, workspace: string, session: string): Promise<boolean> {
    return inWorkspace(pool, workspace, async (client) => {
      const { rowCount } = await client.query(statement, [workspace, session]);
      return rowCount === 1;
    });
  }

  return {
    async close(workspace, session) {
      if (!(await finds(FIND_AND_TERMINATE, workspace, session))) return 'unknown';
      const deadline = performance.now() + closeTimeout;
      for (let ms = PAUSES.first; ; ms = Math.min(2 * ms, PAUSES.longest)) {
        // Between the looks no connection is held, so sessions that are stuck do not block others from being closed.
        await pause(Math.min(ms, Math.max(0, deadline - performance.now())));
        if (!(await finds(FIND, workspace, session))) return 'closed';
        if (performance.now() >= deadline) return 'still open';
      }
    },
    end: () => pool.end(),
  };
}

/** Works in a transaction as the workspace's role: the database itself knows what that may see and end. */
async function inWorkspace(
  pool: pg.Pool,
  workspace: string,
  work: (client: pg.PoolClient) => Promise<boolean>,
): Promise<boolean> {
  const client = await pool.connect();
  let finished = false;
  try {
    await client.query('begin');
    const { rowCount } = await client.query(TAKE_ROLE, [workspace]);
    const result = rowCount === 1 && (await work(client));
    await client.query('commit');
    finished = true;
    return result;
  } finally {
    // A connection that has seen an error is not used again.
    client.release(!finished);
  }
}
