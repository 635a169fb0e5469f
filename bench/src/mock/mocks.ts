import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peersFolder } from '../peers.ts';

export interface MockContender {
  name: string;
  /** Arguments for Node that start it on a port. */
  command(contract: string, port: number): string[];
  /** Package whose version counts. */
  package?: string;
}

const require = createRequire(import.meta.url);
const mockFolder = dirname(require.resolve('@sql-sessions/mock/package.json'));
const peer = (path: string) => join(peersFolder, path);

export const OURS = 'ours';
export const PRISM = 'Prism CLI';

export const contractFile = fileURLToPath(
  import.meta.resolve('@sql-sessions/contract/openapi.json'),
);

export const ownMock: MockContender = {
  name: OURS,
  command: (contract, port) => [
    join(mockFolder, 'bin/sql-sessions-mock.js'),
    '--spec',
    contract,
    '--port',
    String(port),
  ],
};

export const peerMocks: MockContender[] = [
  {
    name: PRISM,
    package: '@stoplight/prism-cli',
    command: (contract, port) => [
      peer('node_modules/@stoplight/prism-cli/dist/index.js'),
      'mock',
      '--host=127.0.0.1',
      `--port=${port}`,
      contract,
    ],
  },
  {
    name: 'Scalar mock server',
    package: '@scalar/mock-server',
    command: (contract, port) => [peer('mocks/scalar.js'), contract, String(port)],
  },
  {
    name: 'openapi-backend',
    package: 'openapi-backend',
    command: (contract, port) => [peer('mocks/openapi-backend.js'), contract, String(port)],
  },
  {
    name: 'Mockoon CLI',
    package: '@mockoon/cli',
    command: (contract, port) => [
      peer('node_modules/@mockoon/cli/bin/run.js'),
      'start',
      `--data=${contract}`,
      `--port=${port}`,
      '--hostname=127.0.0.1',
      '--disable-log-to-file',
      '--disable-admin-api',
    ],
  },
];
