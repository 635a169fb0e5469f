import { join } from 'node:path';
import { start } from '@sql-sessions/testing/process';

/** `npx @sql-sessions/mock` in `folder`, as the README says, on a port that the system chooses. */
export async function npxMock(folder: string): Promise<{ url: string } & AsyncDisposable> {
  // A group of its own: npx starts a shell that starts the mock, and a signal to npx alone leaves the mock behind.
  const npx = start('npx', ['--yes', '@sql-sessions/mock', '--port', '0'], {
    cwd: folder,
    group: true,
    // npx keeps what it installs there by name: another run's package of the same version would be started.
    env: { npm_config_cache: join(folder, '.npm') },
  });
  const [url] = await npx.waitFor(/http:\/\/127\.0\.0\.1:\d+/, 300_000);
  return {
    url,
    async [Symbol.asyncDispose]() {
      await npx.stop();
    },
  };
}
