import pg from 'pg';
import { SESSION_ID } from './session-database.ts';

export interface OpenSession {
  /** The id to close it by. */
  id: string;
  client: pg.Client;
  /** Resolves when it has ended: with the code that PostgreSQL gave, or undefined if it gave none. */
  ended: Promise<string | undefined>;
}

/** Opens a session as an application would. */
export async function openSession(url: string): Promise<OpenSession> {
  const client = new pg.Client(url);
  const ended = new Promise<string | undefined>((resolve) => {
    client.on('error', (error: Error & { code?: string }) => resolve(error.code));
    client.on('end', () => resolve(undefined));
  });
  await client.connect();
  const { rows } = await client.query<{ id: string }>(
    `select ${SESSION_ID} as id from pg_stat_activity where pid = pg_backend_pid()`,
  );
  return { id: String(rows[0]?.id), client, ended };
}
