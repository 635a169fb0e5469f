import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { createProvider, type ProviderOptions } from '../../src/create-provider.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded-postgres.ts';
import { type OpenSession, openSession } from '../../src/open-session.ts';
import { hashOf } from '../../src/tokens.ts';
import { createWorkspaceRoles } from '../../src/workspace-roles.ts';

export const OURS = 'ours';
export const THEIRS = 'theirs';

export const TOKENS = {
  ours: `token-${randomUUID()}`,
  theirs: `token-${randomUUID()}`,
  suspended: `token-${randomUUID()}`,
};

/** A real PostgreSQL with two workspaces, for the providers of one test file. */
export interface Database extends AsyncDisposable {
  postgres: EmbeddedPostgres;
  /** Connections of the superuser; they come back after an outage. */
  admin: pg.Pool;
  providerUrl: string;
  urlOf(workspace: string): string;
  /** A session of a workspace, with the pid that the system knows it by. */
  open(workspace?: string): Promise<OpenSession & { pid: number }>;
  /** Whether the server still lists that session. */
  lists(id: string): Promise<boolean>;
}

/** @param installed The folder of another PostgreSQL than the embedded one. */
export async function startDatabase(installed?: string): Promise<Database> {
  const postgres = await startEmbeddedPostgres(installed);
  const { providerUrl, urlOf } = await createWorkspaceRoles(postgres, [OURS, THEIRS]);
  const admin = new pg.Pool({ connectionString: postgres.url(), max: 1 });
  admin.on('error', () => undefined);
  // The pool no longer listens to a client that it has told to end, and the server may be faster to hang up.
  admin.on('connect', (client) => client.on('error', () => undefined));
  return {
    postgres,
    admin,
    providerUrl,
    urlOf,
    async open(workspace = OURS) {
      const session = await openSession(urlOf(workspace));
      return { ...session, pid: Number.parseInt(session.id.split('-')[1] ?? '', 16) };
    },
    async lists(id) {
      const { rows } = await admin.query(
        `select 1 from pg_stat_activity
         where to_hex(extract(epoch from date_trunc('second', backend_start))::bigint) = $1 and pid = $2`,
        [id.split('-')[0], Number.parseInt(id.split('-')[1] ?? '', 16)],
      );
      return rows.length === 1;
    },
    [Symbol.asyncDispose]: async () => {
      await admin.end();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

export interface Received {
  status: number;
  headers: Headers;
  text: string;
}

export interface Provider extends AsyncDisposable {
  app: FastifyInstance;
  url: string;
  /** What it has logged so far, as text. */
  log(): string;
  close(session: string, options?: CloseOptions): Promise<Received>;
}

export interface CloseOptions {
  workspace?: string;
  /** null: none. Default: the one of `OURS`. */
  token?: string | null;
  signal?: AbortSignal;
}

export async function startProvider(
  database: Database,
  options: Partial<ProviderOptions> = {},
): Promise<Provider> {
  let lines = '';
  const app = await createProvider({
    databaseUrl: database.providerUrl,
    tokens: new Map([
      [hashOf(TOKENS.ours), { workspaces: [OURS] }],
      [hashOf(TOKENS.theirs), { workspaces: [THEIRS] }],
      [hashOf(TOKENS.suspended), { workspaces: [OURS], suspended: true }],
    ]),
    log: {
      level: 'trace',
      stream: {
        write(line) {
          lines += line;
        },
      },
    },
    ...options,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url,
    log: () => lines,
    async close(session, { workspace = OURS, token = TOKENS.ours, ...init } = {}) {
      const response = await fetch(`${url}/v1/workspaces/${workspace}/sessions/${session}`, {
        method: 'DELETE',
        headers: token === null ? {} : { 'x-auth-token': token },
        ...init,
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    [Symbol.asyncDispose]: () => app.close(),
  };
}
