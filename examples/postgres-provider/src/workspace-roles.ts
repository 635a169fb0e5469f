import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { EmbeddedPostgres } from './embedded-postgres.ts';

export interface WorkspaceRoles {
  /** Connection string of the provider's own role, which may take every workspace's role and do nothing else. */
  providerUrl: string;
  /** Connection string of a workspace's role. */
  urlOf(workspace: string): string;
}

/** Makes the roles that the README asks for: one login role per workspace and one for the provider. */
export async function createWorkspaceRoles(
  postgres: EmbeddedPostgres,
  workspaces: readonly string[],
): Promise<WorkspaceRoles> {
  const provider = 'sql_sessions_provider';
  const passwords = new Map(
    [provider, ...workspaces].map((role) => [role, randomBytes(24).toString('base64url')]),
  );
  const client = new pg.Client(postgres.url());
  await client.connect();
  for (const [role, password] of passwords) {
    const name = pg.escapeIdentifier(role);
    await client.query(`create role ${name} login password ${pg.escapeLiteral(password)}`);
    if (role === provider) continue;
    await client.query(`grant ${name} to ${provider} with inherit false, set true`);
  }
  await client.end();
  const urlOf = (role: string) => postgres.url(role, passwords.get(role));
  return { providerUrl: urlOf(provider), urlOf };
}
