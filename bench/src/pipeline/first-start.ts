import { join } from 'node:path';
import { run, start } from '@sql-sessions/testing/process';

/** Milliseconds of `npx -y pnpm@12 start` in a fresh clone, with no store and no cache of anything, until it serves. */
export async function firstStart(clone: string, empty: string): Promise<number> {
  const began = performance.now();
  const started = start('npx', ['-y', 'pnpm@12', 'start', '--mock-port', '0', '--docs-port', '0'], {
    cwd: clone,
    group: true,
    env: nothingCached(empty),
  });
  try {
    await started.waitFor(/Reference\s+http/, 900_000);
    return performance.now() - began;
  } finally {
    await started.stop('SIGINT');
  }
}

/** Milliseconds of an install of the lockfile, with no store and no cache either. */
export async function bareInstall(clone: string, empty: string): Promise<number> {
  const began = performance.now();
  const install = ['-y', 'pnpm@12', 'install', '--frozen-lockfile'];
  const options = { cwd: clone, env: nothingCached(empty), timeout: 900_000 };
  const { code, stdout, stderr } = await run('npx', install, options);
  if (code !== 0) throw new Error(`The install failed:\n${stdout}${stderr}`);
  return performance.now() - began;
}

function nothingCached(empty: string): Record<string, string> {
  return {
    npm_config_cache: join(empty, 'npm'),
    pnpm_config_store_dir: join(empty, 'store'),
    // A script of pnpm's hands this down, and nothing would be installed.
    pnpm_config_verify_deps_before_run: 'install',
    XDG_CACHE_HOME: join(empty, 'cache'),
    XDG_DATA_HOME: join(empty, 'data'),
    XDG_STATE_HOME: join(empty, 'state'),
    PNPM_HOME: join(empty, 'pnpm'),
  };
}
