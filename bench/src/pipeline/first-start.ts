import { join } from 'node:path';
import { start } from '@sql-sessions/testing/process';

/** Milliseconds of `npx -y pnpm@12 start` in a fresh clone, with no store and no cache of anything, until it serves. */
export async function firstStart(clone: string, empty: string): Promise<number> {
  const began = performance.now();
  const started = start('npx', ['-y', 'pnpm@12', 'start', '--mock-port', '0', '--docs-port', '0'], {
    cwd: clone,
    group: true,
    env: {
      npm_config_cache: join(empty, 'npm'),
      pnpm_config_store_dir: join(empty, 'store'),
      // A script of pnpm's hands this down, and nothing would be installed.
      pnpm_config_verify_deps_before_run: 'install',
      XDG_CACHE_HOME: join(empty, 'cache'),
      XDG_DATA_HOME: join(empty, 'data'),
      XDG_STATE_HOME: join(empty, 'state'),
      PNPM_HOME: join(empty, 'pnpm'),
    },
  });
  try {
    await started.waitFor(/Reference\s+http/, 900_000);
    return performance.now() - began;
  } finally {
    await started.stop('SIGINT');
  }
}
