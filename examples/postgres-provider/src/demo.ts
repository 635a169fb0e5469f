import { randomBytes } from 'node:crypto';
import { toCurl, toHttpRequest } from '@sql-sessions/contract/model';
import { contract } from './contract.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { openSession } from './open-session.ts';
import { hashOf, type Tokens } from './tokens.ts';
import { createWorkspaceRoles } from './workspace-roles.ts';

const WORKSPACE = 'demo';

export interface Demo extends AsyncDisposable {
  databaseUrl: string;
  tokens: Tokens;
  /** Keeps a session open at all times and prints how to close it. */
  invite(baseUrl: string, print: (text: string) => void): Promise<void>;
}

/** A PostgreSQL, a workspace and a token, for a first look. */
export async function startDemo(): Promise<Demo> {
  const postgres = await startEmbeddedPostgres();
  const { providerUrl, urlOf } = await createWorkspaceRoles(postgres, [WORKSPACE]);
  const token = randomBytes(24).toString('base64url');
  let over = false;

  async function invite(baseUrl: string, print: (text: string) => void): Promise<void> {
    const { id, ended } = await openSession(urlOf(WORKSPACE));
    const operation = contract.operations.find(({ id }) => id === 'closeSession');
    if (!operation) throw new Error('The contract has no operation closeSession.');
    const values: Record<string, string> = { workspace_id: WORKSPACE, session_id: id };
    const credentials = operation.security.flatMap(({ schemes }) =>
      schemes.flatMap(({ scheme }) =>
        scheme.credential ? [{ ...scheme.credential, value: token }] : [],
      ),
    );
    const valueFor = ({ name }: { name: string }) => values[name];
    const request = toHttpRequest(operation, { valueFor, credentials });
    print(`Session ${id} is open. Close it:\n\n  ${toCurl(request, baseUrl)}\n`);
    ended.then(async (code) => {
      if (over) return;
      print(`Session ${id} is closed; its client was told ${code}.\n`);
      await invite(baseUrl, print).catch(() => print('The database is gone.'));
    });
  }

  return {
    databaseUrl: providerUrl,
    tokens: new Map([[hashOf(token), { workspaces: [WORKSPACE] }]]),
    async invite(baseUrl, print) {
      await invite(baseUrl, print);
      print(`More sessions to close: connect any client to ${urlOf(WORKSPACE)}\n`);
    },
    async [Symbol.asyncDispose]() {
      over = true;
      await postgres[Symbol.asyncDispose]();
    },
  };
}
