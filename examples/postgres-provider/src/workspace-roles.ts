import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { EmbeddedPostgres } from './embedded-postgres.ts';

export interface WorkspaceRoles {
  /** Connection string of the provider's own role, which may take every workspace's role and do nothing else. */
  providerUrl: string;
  /** Connection string of a workspace's role. */
  urlOf(workspace: string): string;
}

/**
 * Makes the roles that the README asks for, all or none: one login role per workspace and one for the provider, in SQL
 * that PostgreSQL reads alike from 14 on (what a grant hands down follows the role's own NOINHERIT).
 */
export async function createWorkspaceRoles(
  postgres: EmbeddedPostgres,
  workspaces: readonly string[],
): Promise<WorkspaceRoles> {
  const provider = 'sql_sessions_provider';
  const passwords = new Map(
    [provider, ...workspaces].map((role) => [role, randomBytes(24).toString('base64url')]),
  );
  const create = [...passwords].map(
    ([role, password]) =>
      `create role ${pg.escapeIdentifier(role)} login noinherit password ${pg.escapeLiteral(password)}`,
  );
  const grant = workspaces.map((role) => `grant ${pg.escapeIdentifier(role)} to ${provider}`);
  const client = new pg.Client(postgres.url());
  await client.connect();
  // Statements that are sent in one go are one transaction.
  await client.query([...create, ...grant].join(';')).finally(() => client.end());
  const urlOf = (role: string) => postgres.url(role, passwords.get(role));
  return { providerUrl: urlOf(provider), urlOf };
}
