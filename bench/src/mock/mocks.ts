import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contractFile, OURS, SESSION, TOKEN, WORKSPACE } from '../contract.ts';
import { peersFolder } from '../peers.ts';

export interface Mock {
  who: string;
  /** Package whose version counts. */
  package?: string;
  /** What Node runs, and its arguments; `CONTRACT` and `PORT` stand for the file and the port. */
  program: string;
  args: string;
}

const mockFolder = dirname(fileURLToPath(import.meta.resolve('@sql-sessions/mock/package.json')));

export const PRISM = 'Prism CLI';

export const ownMock: Mock = {
  who: OURS,
  program: join(mockFolder, 'bin/sql-sessions-mock.js'),
  args: '--spec=CONTRACT --port=PORT',
};

export const BARE = 'bare Node server';

/** Node's own server, which sends the bytes that ours sends and looks at nothing. */
export async function bareServer(): Promise<Mock> {
  // Whoever only wants the names needs no mock.
  const { startMock } = await import('@sql-sessions/mock');
  await using mock = await startMock({ port: 0, spec: contractFile });
  const response = await fetch(`${mock.url}/v1/workspaces/${WORKSPACE}/sessions/${SESSION}`, {
    method: 'DELETE',
    headers: { 'x-auth-token': TOKEN },
  });
  const whole = JSON.stringify({
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  });
  const program = fileURLToPath(new URL('./bare-server.ts', import.meta.url));
  return { who: BARE, program, args: `PORT ${Buffer.from(whole).toString('base64url')}` };
}

export const peerMocks: Mock[] = [
  {
    who: PRISM,
    package: '@stoplight/prism-cli',
    program: join(peersFolder, 'node_modules/@stoplight/prism-cli/dist/index.js'),
    args: 'mock --host=127.0.0.1 --port=PORT CONTRACT',
  },
  {
    who: 'Scalar mock server',
    package: '@scalar/mock-server',
    program: join(peersFolder, 'mocks/scalar.js'),
    args: 'CONTRACT PORT',
  },
  {
    who: 'openapi-backend',
    package: 'openapi-backend',
    program: join(peersFolder, 'mocks/openapi-backend.js'),
    args: 'CONTRACT PORT',
  },
  {
    who: 'Mockoon CLI',
    package: '@mockoon/cli',
    program: join(peersFolder, 'node_modules/@mockoon/cli/bin/run.js'),
    args: 'start --data=CONTRACT --port=PORT --hostname=127.0.0.1 --disable-log-to-file --disable-admin-api',
  },
];
