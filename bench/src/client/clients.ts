import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';
import { contractFile, OURS } from '../contract.ts';
import { peersFolder } from '../peers.ts';

export interface CloserOptions {
  baseUrl: string;
  token: string;
  fetch?: (url: string | Request) => Promise<Response>;
}

/** A client reduced to what all of them can do: close a session, read the response and return its status. */
export type CreateCloser = (
  options: CloserOptions,
) => (workspace: string, session: string) => Promise<number>;

export interface Client {
  who: string;
  /** The module that exports its `createCloser`. */
  file: string;
  /** It needs Node's own modules, so that no browser can load it. */
  nodeOnly?: boolean;
  /** Package whose installation its user pays for; raw `fetch` and generated code have none. */
  package?: string;
}

const own = (name: string) => fileURLToPath(new URL(`./ours/${name}.ts`, import.meta.url));
const peer = (name: string) => join(peersFolder, 'clients', `${name}.js`);

export const RAW = 'raw fetch';

/** Our code without any operation: what an operation adds is the contract's business. */
export const codeAlone = { who: 'ours, without operations', file: own('no-operations') };

export const ownClients: Client[] = [
  { who: OURS, file: own('all-operations'), package: '@sql-sessions/client' },
  { who: 'ours, one operation', file: own('one-operation') },
  { who: 'ours, /openapi-fetch', file: own('openapi-fetch') },
  { who: RAW, file: peer('raw-fetch') },
];

export const peerClients: Client[] = [
  { who: 'openapi-fetch', file: peer('openapi-fetch'), package: 'openapi-fetch' },
  { who: '@hey-api/openapi-ts', file: peer('hey-api') },
  { who: 'ky', file: peer('ky'), package: 'ky' },
  { who: 'ofetch', file: peer('ofetch'), package: 'ofetch' },
  { who: 'axios', file: peer('axios'), package: 'axios' },
  {
    who: "the vendor's core",
    file: peer('vendor-core'),
    nodeOnly: true,
    package: '@huaweicloud/huaweicloud-sdk-core',
  },
];

/** Generates the client that one of the peers is a generator of. */
export async function generateHeyApi(): Promise<void> {
  const folder = join(peersFolder, 'dist/hey-api');
  await rm(folder, { recursive: true, force: true });
  const cli = join(peersFolder, 'node_modules/@hey-api/openapi-ts/bin/run.js');
  const args = [cli, '--input', contractFile, '--output', folder, '--silent'];
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: peersFolder });
  if (code !== 0) throw new Error(`@hey-api/openapi-ts failed:\n${stdout}${stderr}`);
}
