/** A cache for a whole team: what one clone has built, the next one only fetches. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { start } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { ROOT } from '../src/published-packages.ts';
import { must } from '../src/release-copy.ts';

const CLI = fileURLToPath(new URL('cli.js', import.meta.resolve('turborepo-remote-cache')));
const TOKEN = 'only-on-loopback';

test('a second clean clone builds the contract from the cache of the first', {
  timeout: 300_000,
}, async () => {
  await using folder = await temporaryFolder();
  const storage = join(folder.path, 'storage');
  await mkdir(storage);
  const server = start(process.execPath, [CLI], {
    cwd: folder.path,
    env: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      TURBO_TOKEN: TOKEN,
      STORAGE_PROVIDER: 'local',
      STORAGE_PATH: storage,
      STORAGE_PATH_USE_TMP_FOLDER: 'false',
    },
  });
  try {
    const [url] = await server.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
    const first = await buildClone(join(folder.path, 'first'), url);
    expect(first.output).toMatch(/Cached:\s+0 cached, 2 total/);
    expect((await readdir(storage, { recursive: true })).length).toBeGreaterThan(0);

    const second = await buildClone(join(folder.path, 'second'), url);
    expect(second.output).toMatch(/Cached:\s+2 cached, 2 total/);
    expect(second.contract).toBe(first.contract);
  } finally {
    await server.stop();
  }
});

/** Clones this repository, installs what the contract needs from the frozen lockfile, and builds it. */
async function buildClone(clone: string, url: string) {
  await must('git', ['clone', '--quiet', ROOT, clone], ROOT);
  const filters = ['--filter', 'sql-sessions', '--filter', '@sql-sessions/contract...'];
  await must('pnpm', ['install', '--frozen-lockfile', '--prefer-offline', ...filters], clone);
  const args = ['scripts/src/turbo.ts', 'run', 'build', '--filter=@sql-sessions/contract'];
  const { stdout } = await must('node', args, clone, {
    TURBO_API: url,
    TURBO_TOKEN: TOKEN,
    TURBO_TEAM: 'team_sessions',
    TURBO_CACHE: 'remote:rw',
  });
  return {
    output: stdout,
    contract: await readFile(join(clone, 'spec/dist/openapi.json'), 'utf8'),
  };
}
