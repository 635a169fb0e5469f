import { cp, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';
import { generateContract } from './generate-contract.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const spec = dirname(fileURLToPath(import.meta.resolve('@sql-sessions/contract/package.json')));
const client = dirname(fileURLToPath(import.meta.resolve('@sql-sessions/client/package.json')));

/**
 * A folder that looks to Node, esbuild and `tsc` as if our packages had been published with a contract of so many
 * operations: `spec/` is its contract, `node_modules` has that contract and our client, `client/` the client's sources.
 */
export interface ScaleFolder {
  operations: number;
  path: string;
  /** The bundled contract. */
  contract: string;
}

const CALLER = `import { createSessionsClient } from '@sql-sessions/client';

const client = createSessionsClient({ baseUrl: 'https://sql.example' });
const result = await client.closeSession({ workspace_id: 'analytics', session_id: '0b5f8f0e' });
export const message: string =
  !result.ok && result.status === 403 ? result.body.error.message : String(result.httpStatus);
`;

export async function makeScaleFolder(into: string, operations: number): Promise<ScaleFolder> {
  const path = join(into, String(operations));
  const modules = join(path, 'node_modules');
  await mkdir(join(path, 'spec'), { recursive: true });
  await writeFile(join(path, 'package.json'), '{"type":"module"}');
  await writeFile(join(path, 'spec/sessions.yaml'), await generateContract(operations));
  await cp(join(spec, 'redocly.yaml'), join(path, 'spec/redocly.yaml'));
  await buildContract({ path });

  for (const [name, folder] of [
    ['contract', spec],
    ['client', client],
  ] as const) {
    const installed = join(modules, '@sql-sessions', name);
    await cp(join(folder, 'package.json'), join(installed, 'package.json'));
    await cp(join(folder, 'dist'), join(installed, 'dist'), { recursive: true });
  }
  const contract = join(modules, '@sql-sessions/contract/dist');
  await cp(join(path, 'spec/dist'), contract, { recursive: true });
  const openapiFetch = await realpath(join(client, 'node_modules/openapi-fetch'));
  await symlink(openapiFetch, join(modules, 'openapi-fetch'), 'junction');

  await cp(join(client, 'src'), join(path, 'client/src'), { recursive: true });
  await writeConfig(join(path, 'client'), 'src');
  await mkdir(join(path, 'caller'));
  await writeFile(join(path, 'caller/caller.ts'), CALLER);
  await writeConfig(join(path, 'caller'), 'caller.ts');
  const ours = fileURLToPath(new URL('../client/ours', import.meta.url));
  await cp(ours, join(path, 'ours'), { recursive: true });
  return { operations, path, contract: join(contract, 'openapi.json') };
}

/** Builds the folder's contract in a process of its own, as users do: milliseconds of each step, and bytes of memory. */
export async function buildContract({ path }: Pick<ScaleFolder, 'path'>): Promise<{
  lint: number;
  bundle: number;
  types: number;
  build: number;
  memory: number;
}> {
  const args = [join(spec, 'build/main.ts'), join(path, 'spec'), '--timings'];
  const { code, stdout, stderr } = await run(process.execPath, args, { timeout: 600_000 });
  if (code !== 0) throw new Error(`The build in ${path} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

/** Milliseconds that `tsc` takes for the client's own sources or for a program that calls it. */
export async function typecheck({ path }: ScaleFolder, what: 'client' | 'caller'): Promise<number> {
  const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
  const began = performance.now();
  const { code, stdout } = await run(process.execPath, [tsc, '-p', join(path, what)], {
    timeout: 600_000,
  });
  if (code !== 0) throw new Error(`tsc in ${join(path, what)} failed:\n${stdout.slice(0, 2000)}`);
  return performance.now() - began;
}

function writeConfig(folder: string, include: string): Promise<void> {
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: { lib: ['es2023', 'dom', 'dom.iterable'], noEmit: true },
    include: [include],
  };
  return writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
}
