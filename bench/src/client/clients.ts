import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';
import { peerModule, peersFolder } from '../peers.ts';

export interface CloserOptions {
  baseUrl: string;
  token: string;
  fetch?: (request: Request) => Promise<Response>;
}

/** A client reduced to what all of them can do: close a session, read the answer and say its status. */
export type CreateCloser = (
  options: CloserOptions,
) => (workspace: string, session: string) => Promise<number>;

export interface ClientContender {
  name: string;
  /** The module that exports its `createCloser`. */
  file: string;
  /** It needs Node's own modules, so that no browser can load it. */
  nodeOnly?: true;
  /** It repeats a failed call by itself. */
  retries: boolean;
  /** Package whose installation its user pays for; raw `fetch` and generated code have none. */
  package?: string;
}

const own = (name: string) => fileURLToPath(new URL(`./ours/${name}.ts`, import.meta.url));
const peer = (name: string) => join(peersFolder, 'clients', `${name}.js`);

export const OURS = 'ours';
export const OURS_ONE = 'ours, one operation';
export const RAW = 'raw fetch';

export const ownClients: ClientContender[] = [
  { name: OURS, file: own('all-operations'), retries: true },
  { name: OURS_ONE, file: own('one-operation'), retries: true },
  { name: RAW, file: peer('raw-fetch'), retries: false },
];

export const peerClients: ClientContender[] = [
  { name: 'openapi-fetch', file: peer('openapi-fetch'), retries: false, package: 'openapi-fetch' },
  { name: '@hey-api/openapi-ts', file: peer('hey-api'), retries: false },
  { name: 'ky', file: peer('ky'), retries: true, package: 'ky' },
  { name: 'ofetch', file: peer('ofetch'), retries: true, package: 'ofetch' },
  { name: 'axios', file: peer('axios'), retries: false, package: 'axios' },
  {
    name: "the vendor's core",
    file: peer('vendor-core'),
    nodeOnly: true,
    retries: false,
    package: '@huaweicloud/huaweicloud-sdk-core',
  },
];

/** Generates the client that one of the peers is a generator of. */
export async function generateHeyApi(): Promise<void> {
  const folder = join(peersFolder, 'dist/hey-api');
  await rm(folder, { recursive: true, force: true });
  const cli = join(peersFolder, 'node_modules/@hey-api/openapi-ts/bin/run.js');
  const contract = fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.json'));
  const { code, stdout, stderr } = await run(
    process.execPath,
    [cli, '--input', contract, '--output', folder, '--silent'],
    { cwd: peersFolder },
  );
  if (code !== 0) throw new Error(`@hey-api/openapi-ts failed:\n${stdout}${stderr}`);
}

export { peerModule };
