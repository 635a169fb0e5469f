import type { FastifyBaseLogger } from 'fastify';
import type pg from 'pg';
import { StartError } from './start-error.ts';

/** PostgreSQL 14, the oldest that this has been tried with. */
const OLDEST = 140000;

interface Server {
  version: string;
  number: number;
  user: string;
  superuser: boolean;
}

/**
 * Checks once, at start, that the server is a PostgreSQL that this provider can work with, in a role that is right for
 * it, and warns of workspaces that will not work.
 * @throws StartError if it is not; what the database or the network says, as it is.
 */
export async function checkServer(
  pool: pg.Pool,
  workspaces: readonly string[],
  log: FastifyBaseLogger,
): Promise<void> {
  const client = await pool.connect();
  try {
    // Every call is a transaction, which a pooler may refuse.
    await client.query('begin');
    const { rows } = await client.query<Server>(
      `select version(), current_setting('server_version_num')::int as number, rolname as user, rolsuper as superuser
       from pg_roles where rolname = session_user`,
    );
    const server = rows[0] as Server;
    refuseServer(server.version, server.number);
    refuseRole(server, workspaces);
    const privilege = server.number >= 160000 ? 'SET' : 'MEMBER';
    const { rows: unusable } = await client.query<{ workspace: string; exists: boolean }>(
      `select workspace, rolname is not null as exists
       from unnest($1::text[]) as workspace left join pg_roles on rolname = workspace
       where rolname is null or not pg_has_role(rolname, $2)`,
      [workspaces, privilege],
    );
    await client.query('commit');
    const [first] = unusable.filter(({ exists }) => exists);
    if (first && unusable.length === workspaces.length) {
      throw new StartError(
        `TOKENS: "${server.user}" may take the role of no workspace. Run: grant "${first.workspace}" to "${server.user}".`,
      );
    }
    for (const { workspace, exists } of unusable) {
      log.warn(
        { workspace },
        exists ? 'not allowed to SET ROLE to this workspace' : 'no such role',
      );
    }
  } finally {
    client.release();
  }
}

/** @throws StartError for a role whose rights are too many, or that is a tenant's. */
function refuseRole({ user, superuser }: Server, workspaces: readonly string[]): void {
  const advice = 'Use a role of its own in DATABASE_URL: create role sql_sessions login noinherit.';
  if (superuser) {
    throw new StartError(
      `DATABASE_URL: "${user}" is a superuser, and a mistake here could end any session. ${advice}`,
    );
  }
  if (workspaces.includes(user)) {
    throw new StartError(
      `TOKENS: "${user}" is the provider's own role, and a tenant could end its sessions. ${advice}`,
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

/** What to do, by what a database, a pooler, the network or Node's TLS says. The first that fits. */
const ADVICE: readonly [RegExp, string][] = [
  [/no encryption|SSL off|SSL required/, 'It wants TLS: add ?sslmode=require.'],
  [/does not support SSL/, 'Add ?sslmode=disable, or turn TLS on in the server.'],
  [/CERT|certificate|UNABLE_TO_VERIFY/, 'Add ?sslrootcert= with the file of its authority.'],
  [/startup parameter/, 'For PgBouncer: name it in ignore_startup_parameters.'],
  [/statement pooling/, 'For PgBouncer: set pool_mode = transaction.'],
  [
    /08P01/,
    'For PgBouncer: name the database in [databases] and the role in auth_file, and set pool_mode = transaction.',
  ],
  [/28P01|28000|SASL|SCRAM/, 'Check user and password, and pg_hba.conf.'],
  [/3D000/, 'Name a database that exists.'],
  [/42501/, 'Grant the role CONNECT on the database.'],
  [/53300/, 'Raise max_connections, or lower POOL_SIZE.'],
  [/57P03/, 'Start again once it is up.'],
  [/ERR_INVALID_URL|URI/, 'Expected postgres://user:password@host:port/database.'],
];

/** One sentence on why there is no connection to the database, and what to do, in place of what was thrown. */
export function startErrorOf(cause: unknown): StartError {
  if (cause instanceof StartError) return cause;
  const { code, message } = cause as Error & { code?: string };
  // A host with several addresses fails in several ways, and with an empty message.
  const said = [message.split('\n', 1)[0], code && `(${code})`].filter(Boolean).join(' ');
  const advice = ADVICE.find(([pattern]) => pattern.test(said))?.[1] ?? 'Check host and port.';
  return new StartError(`DATABASE_URL: there is no connection: ${said}. ${advice}`, { cause });
}
