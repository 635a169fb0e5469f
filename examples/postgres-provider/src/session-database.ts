import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import pg from 'pg';
import { checkServer, startErrorOf } from './server-check.ts';

export interface SessionDatabase {
  /**
   * Ends a session of a workspace and waits until it is gone: `still open` if that is not so within `closeTimeout`,
   * whatever has taken the time. Rejects if it could not be found out.
   */
  close(workspace: string, session: string): Promise<'closed' | 'unknown' | 'still open'>;
  /** Disconnects, without waiting for a database that does not react. */
  end(): Promise<void>;
}

export interface SessionDatabaseOptions {
  /** Connection string of a login role that may `SET ROLE` to the role of every workspace. */
  url: string;
  workspaces: readonly string[];
  /** Milliseconds for a whole call: to get a connection, to find the session, to end it, to see it gone. */
  closeTimeout: number;
  /** Milliseconds that the database has for each step: to let us in, to carry out a statement. */
  databaseTimeout: number;
  /** Connections, all of them open from the start. */
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

/**
 * `SET LOCAL ROLE` and `SET LOCAL statement_timeout` with parameters; no row where the role does not exist. What holds
 * for one transaction only works through a pooler too, unlike a start-up parameter.
 */
const TAKE_ROLE = `select set_config('statement_timeout', $2, true), set_config('role', rolname, true)
  from pg_roles where rolname = $1`;

const SESSION = `
  from pg_stat_activity
  where usename = $1 and backend_type = 'client backend' and ${SESSION_ID} = $2`;

const FIND = `select 1 ${SESSION}`;
const FIND_AND_TERMINATE = `select pg_terminate_backend(pid) ${SESSION}`;

/** Milliseconds between two looks at a session that is on its way out: short at first, as most are gone at once. */
const PAUSES = { first: 5, longest: 200 };

/** Milliseconds until a connection that could not be opened again is tried once more. */
const REOPEN_PAUSE = 1000;

/** Connections that are opened at the same time. */
const AT_ONCE = 20;

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
    query_timeout: databaseTimeout,
  });
  // Without listeners a lost connection would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'));
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await checkServer(pool, workspaces, log);
    await openAll(pool);
  } catch (error) {
    await pool.end();
    throw startErrorOf(error);
  }

  let reopening = false;
  function reopen(pause: number): void {
    if (reopening || pool.ending) return;
    reopening = true;
    setTimeout(async () => {
      reopening = false;
      await openAll(pool).catch(() => reopen(REOPEN_PAUSE));
    }, pause).unref();
  }
  pool.on('remove', () => reopen(0));

  async function end(workspace: string, session: string, signal: AbortSignal) {
    /** Whether the statement finds the session. */
    const finds = (statement: string) =>
      inWorkspace(pool, workspace, databaseTimeout, async (client) => {
        if (signal.aborted) return false;
        const { rowCount } = await client.query(statement, [workspace, session]);
        return rowCount === 1;
      });
    if (!(await finds(FIND_AND_TERMINATE))) return 'unknown';
    for (let ms = PAUSES.first; ; ms = Math.min(2 * ms, PAUSES.longest)) {
      // Between the looks no connection is held, so sessions that are stuck do not block others from being closed.
      await pause(ms, undefined, { signal });
      if (!(await finds(FIND))) return 'closed';
    }
  }

  return {
    async close(workspace, session) {
      const signal = AbortSignal.timeout(closeTimeout);
      const timeUp = new Promise<'still open'>((resolve) => {
        signal.addEventListener('abort', () => resolve('still open'));
      });
      return Promise.race([timeUp, end(workspace, session, signal)]);
    },
    end: () => pool.end(),
  };
}

/** Opens what is missing of the pool's connections, a few at a time: a server that is busy with many answers none in time. */
async function openAll(pool: pg.Pool): Promise<void> {
  const missing = pool.options.max - pool.totalCount;
  for (let left = missing; left > 0; left -= AT_ONCE) await open(pool, Math.min(left, AT_ONCE));
}

async function open(pool: pg.Pool, missing: number): Promise<void> {
  // The pool opens a connection only where no idle one is left, so those are taken too, for a moment.
  const connections = Array.from({ length: pool.idleCount + missing }, async () => {
    const client = await pool.connect();
    await setImmediate();
    client.release();
  });
  const results = await Promise.allSettled(connections);
  const failures = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (failures.length === 0) return;
  // What the server says, and only then that it took too long to say anything.
  throw failures.find(({ code }) => code !== undefined) ?? failures[0];
}

/** Works in a transaction as the workspace's role: the database itself knows what that may see and end. */
async function inWorkspace(
  pool: pg.Pool,
  workspace: string,
  timeout: number,
  work: (client: pg.PoolClient) => Promise<boolean>,
): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rowCount } = await client.query(TAKE_ROLE, [workspace, String(timeout)]);
    const result = rowCount === 1 && (await work(client));
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // Where PostgreSQL has said no and listens on, the connection is kept: its slot might be taken by a tenant.
    const usable =
      error instanceof pg.DatabaseError &&
      (await client.query('rollback').then(
        () => true,
        () => false,
      ));
    client.release(!usable);
    throw error;
  }
}
