import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OURS } from '../contract.ts';
import { peersFolder } from '../peers.ts';

export interface Mock {
  who: string;
  /** Arguments for Node that start it on a port. */
  command(contract: string, port: number): string[];
  /** Package whose version counts. */
  package?: string;
}

const mockFolder = dirname(fileURLToPath(import.meta.resolve('@sql-sessions/mock/package.json')));
const peer = (path: string) => join(peersFolder, path);

export const PRISM = 'Prism CLI';

export const ownMock: Mock = {
  who: OURS,
  command: (contract, port) => [
    join(mockFolder, 'bin/sql-sessions-mock.js'),
    `--spec=${contract}`,
    `--port=${port}`,
  ],
};

export const peerMocks: Mock[] = [
  {
    who: PRISM,
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
    who: 'Scalar mock server',
    package: '@scalar/mock-server',
    command: (contract, port) => [peer('mocks/scalar.js'), contract, String(port)],
  },
  {
    who: 'openapi-backend',
    package: 'openapi-backend',
    command: (contract, port) => [peer('mocks/openapi-backend.js'), contract, String(port)],
  },
  {
    who: 'Mockoon CLI',
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
