import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@sql-sessions/testing/process';

/** How a stranger uses the client; the module kind is that of the file it stands in. */
const USE = `
const ids = { workspace_id: 'w-1', session_id: 's-1' };
export async function close(client: SessionsClient): Promise<string> {
  const result = await client.closeSession(ids, { signal: undefined, timeout: 5000 });
  switch (result.status) {
    case 200:
    case 'already-deleted':
      return String(result.attempts satisfies number);
    case 403:
      return result.body.error_code.toFixed();
    case 404:
      return result.body.error_code.toUpperCase();
    case 'unexpected':
      return result.snippet;
    default:
      return String(result.httpStatus);
  }
}
export async function misuse(client: SessionsClient): Promise<void> {
  // @ts-expect-error an id is missing
  await client.closeSession({ workspace_id: 'w-1' });
  // @ts-expect-error there is no such operation
  await client.openSession(ids);
}
`;

const FROM_ESM = `
import { createSessionsClient, RequestError, unwrap, type SessionsClient } from '@sql-sessions/client';
import { createClient } from '@sql-sessions/client/core';
import { closeSession } from '@sql-sessions/contract/operations';
${USE}
export const clients: Pick<SessionsClient, 'closeSession'>[] = [
  createSessionsClient({ baseUrl: 'https://sql.example.com', token: async ({ fresh }) => String(fresh) }),
  createClient({ baseUrl: 'https://sql.example.com', operations: { closeSession } }),
];
export const status: Promise<200 | 'already-deleted'> = unwrap(createSessionsClient({ baseUrl: '' }).closeSession(ids)).then(
  (success) => success.status,
);
export const kind = (error: unknown) => (error instanceof RequestError ? error.kind : undefined);
`;

/** openapi-fetch's types, which take a compiler longer than all others together. */
const OPENAPI_FETCH = `
import { createFetchClient } from '@sql-sessions/client/openapi-fetch';
const client = createFetchClient({ baseUrl: 'https://sql.example.com' });
export const close = () =>
  client.DELETE('/v1/workspaces/{workspace_id}/sessions/{session_id}', {
    params: { path: { workspace_id: 'w-1', session_id: 's-1' } },
  });
`;

/** The way that every compiler allows. */
const FROM_COMMONJS = `
import type { SessionsClient } from '@sql-sessions/client' with { 'resolution-mode': 'import' };
${USE}
export async function make(): Promise<SessionsClient> {
  const { createSessionsClient } = await import('@sql-sessions/client');
  return createSessionsClient({ baseUrl: 'https://sql.example.com' });
}
`;

/** Since TypeScript 5.8 and Node 20.19 a CommonJS file can require an ES module. */
const REQUIRE = `
import { createSessionsClient } from '@sql-sessions/client';
export const client = createSessionsClient({ baseUrl: 'https://sql.example.com' });
`;

/** Type-checks a stranger's project, every declaration file of ours included; returns what the compiler says. */
export async function compile(
  tsc: string,
  project: string,
  {
    name,
    resolution,
    canRequire,
  }: { name: string; resolution: 'nodenext' | 'bundler'; canRequire: boolean },
): Promise<string> {
  const files = {
    [`esm-${name}.mts`]: FROM_ESM,
    [`commonjs-${name}.cts`]: FROM_COMMONJS,
    ...(resolution === 'nodenext' ? { [`openapi-fetch-${name}.mts`]: OPENAPI_FETCH } : {}),
    ...(canRequire ? { [`require-${name}.cts`]: REQUIRE } : {}),
  };
  const config = join(project, `tsconfig-${name}.json`);
  await writeFile(
    config,
    JSON.stringify({
      compilerOptions: {
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        // Every declaration file but TypeScript's own.
        skipLibCheck: false,
        skipDefaultLibCheck: true,
        target: 'es2022',
        lib: ['es2022', 'dom', 'dom.iterable'],
        types: [],
        module: resolution === 'bundler' ? 'preserve' : 'nodenext',
        moduleResolution: resolution,
      },
      files: Object.keys(files),
    }),
  );
  for (const [file, text] of Object.entries(files)) await writeFile(join(project, file), text);
  const { stdout, stderr } = await run(process.execPath, [tsc, '-p', config], { cwd: project });
  return stdout + stderr;
}
