import { cp, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';
import type { BuildTimes } from './build-once.ts';
import { generateContract } from './generate-contract.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const require = createRequire(import.meta.url);
const script = fileURLToPath(new URL('./build-once.ts', import.meta.url));

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
const answer = await client.closeSession({ workspace_id: 'analytics', session_id: '0b5f8f0e' });
export const message: string =
  !answer.ok && answer.status === 403 ? answer.body.error.message : String(answer.httpStatus);
`;

export async function makeScaleFolder(into: string, operations: number): Promise<ScaleFolder> {
  const path = join(into, String(operations));
  const spec = join(path, 'spec');
  await mkdir(spec, { recursive: true });
  await writeFile(join(path, 'package.json'), '{"type":"module"}');
  await writeFile(join(spec, 'sessions.yaml'), await generateContract(operations));
  await cp(join(root, 'spec/redocly.yaml'), join(spec, 'redocly.yaml'));
  await buildOnce({ path }, 'build');

  const modules = join(path, 'node_modules');
  const contract = join(modules, '@sql-sessions/contract');
  await mkdir(contract, { recursive: true });
  await cp(join(root, 'spec/package.json'), join(contract, 'package.json'));
  await cp(join(spec, 'dist'), join(contract, 'dist'), { recursive: true });
  const client = dirname(require.resolve('@sql-sessions/client/package.json'));
  const copy = join(modules, '@sql-sessions/client');
  await mkdir(copy, { recursive: true });
  await cp(join(client, 'package.json'), join(copy, 'package.json'));
  await cp(join(client, 'dist'), join(copy, 'dist'), { recursive: true });
  await symlink(
    await realpath(join(client, 'node_modules/openapi-fetch')),
    join(modules, 'openapi-fetch'),
  );

  await cp(join(client, 'src'), join(path, 'client/src'), { recursive: true });
  await writeConfig(join(path, 'client'), 'src');
  await mkdir(join(path, 'caller'));
  await writeFile(join(path, 'caller/caller.ts'), CALLER);
  await writeConfig(join(path, 'caller'), 'caller.ts');
  for (const name of ['all-operations', 'one-operation']) {
    await cp(join(root, `bench/src/client/ours/${name}.ts`), join(path, `ours/${name}.ts`));
  }
  return { operations, path, contract: join(contract, 'dist/openapi.json') };
}

/** Builds the folder's contract in a process of its own: the whole build, or its steps one by one. */
export async function buildOnce(
  { path }: Pick<ScaleFolder, 'path'>,
  what: 'build' | 'steps',
): Promise<Partial<BuildTimes>> {
  const { code, stdout, stderr } = await run(process.execPath, [script, join(path, 'spec'), what], {
    timeout: 600_000,
  });
  if (code !== 0) throw new Error(`The build in ${path} failed:\n${stderr}`);
  return JSON.parse(stdout) as Partial<BuildTimes>;
}

/** Milliseconds that `tsc` takes for the client's own sources or for a program that calls it. */
export async function typecheck({ path }: ScaleFolder, what: 'client' | 'caller'): Promise<number> {
  const tsc = join(root, 'bench/node_modules/typescript/bin/tsc');
  const began = performance.now();
  const { code, stdout } = await run(process.execPath, [tsc, '-p', join(path, what)], {
    timeout: 600_000,
  });
  if (code !== 0) throw new Error(`tsc in ${join(path, what)} failed:\n${stdout.slice(0, 2000)}`);
  return performance.now() - began;
}

async function writeConfig(folder: string, include: string): Promise<void> {
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { lib: ['es2023', 'dom', 'dom.iterable'], noEmit: true },
      include: [include],
    }),
  );
}
