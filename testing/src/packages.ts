import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './process.ts';

/** An empty folder outside the workspace; `await using` removes it at the end of the block. */
export async function temporaryFolder(
  prefix = 'sql-sessions-',
): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Packs the package in `folder` exactly as it would be published and returns the path of the tarball. */
export async function pack(folder: string, into: string): Promise<string> {
  const out = await mkdtemp(join(into, 'pack-'));
  const packed = await run('pnpm', ['pack', '--pack-destination', out], { cwd: folder });
  const [tarball] = (await readdir(out)).filter((name) => name.endsWith('.tgz'));
  if (packed.code !== 0 || !tarball) {
    throw new Error(`pnpm pack failed in ${folder}:\n${packed.stdout}${packed.stderr}`);
  }
  return join(out, tarball);
}

/**
 * Makes a stranger's project in `folder` and installs tarballs (and packages from the registry) into it with npm,
 * so that nothing of this workspace is linked.
 */
export async function installInto(
  folder: string,
  {
    tarballs,
    packages = [],
    type = 'module',
  }: { tarballs: string[]; packages?: string[]; type?: 'module' | 'commonjs' },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'stranger', private: true, type }),
  );
  const installed = await run(
    'npm',
    [
      'install',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--prefer-offline',
      ...tarballs,
      ...packages,
    ],
    { cwd: folder, timeout: 300_000 },
  );
  if (installed.code !== 0) {
    throw new Error(`npm install failed in ${folder}:\n${installed.stdout}${installed.stderr}`);
  }
}
