import type { FastifyBaseLogger } from 'fastify';
import type pg from 'pg';
import { StartError } from './start-error.ts';

/** PostgreSQL 14, the oldest that this has been tried with. */
const OLDEST = 140000;

/**
 * Checks once, at start, that the server is a PostgreSQL that this provider can work with, and warns of workspaces
 * that will not work.
 * @throws StartError if it is not.
 */
export async function checkServer(
  pool: pg.Pool,
  workspaces: readonly string[],
  log: FastifyBaseLogger,
): Promise<void> {
  const { version, number, user } = await identify(pool);
  refuseServer(version, number);
  if (workspaces.includes(user)) {
    throw new StartError(
      `TOKENS: "${user}" is the provider's own role, and a tenant could end its sessions. Use a role of its own in DATABASE_URL.`,
    );
  }
  const privilege = number >= 160000 ? 'SET' : 'MEMBER';
  const roles = await pool.query<{ workspace: string; exists: boolean }>(
    `select workspace, rolname is not null as exists
     from unnest($1::text[]) as workspace left join pg_roles on rolname = workspace
     where rolname is null or not pg_has_role(rolname, $2)`,
    [workspaces, privilege],
  );
  for (const { workspace, exists } of roles.rows) {
    log.warn({ workspace }, exists ? 'not allowed to SET ROLE to this workspace' : 'no such role');
  }
}

async function identify(pool: pg.Pool): Promise<{ version: string; number: number; user: string }> {
  try {
    const { rows } = await pool.query(
      `select version(), current_setting('server_version_num')::int as number, session_user as user`,
    );
    return rows[0];
  } catch (cause) {
    const { code, message } = cause as Error & { code?: string };
    throw new StartError(
      `DATABASE_URL: no PostgreSQL that lets us in (${code ?? message}). Check host, port, user and password.`,
      { cause },
    );
  }
}

/** @throws StartError unless the version is that of a PostgreSQL from 14 on. */
export function refuseServer(version: string, number: number): void {
  if (version.startsWith('PostgreSQL ') && number >= OLDEST) return;
  throw new StartError(
    `DATABASE_URL: PostgreSQL 14 or newer is needed, and this is ${version.split(' on ')[0]}.`,
  );
}
