/** A cache for a whole team, as `docs/guides/team-cache.md` says: what one clone has built, the next one only fetches. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { start } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { ROOT } from '../src/published-packages.ts';
import { must } from '../src/release-copy.ts';

const guide = await readFile(join(ROOT, 'docs/guides/team-cache.md'), 'utf8');
const [serve = '', use = '', ...others] = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(
  ([, code = '']) => code,
);

test('a second clean clone builds the contract from the cache of the first', {
  timeout: 300_000,
}, async () => {
  expect(others).toEqual([]);
  await using folder = await temporaryFolder();
  const storage = join(folder.path, 'storage');
  await mkdir(storage);
  const server = start('sh', ['-c', replace(serve, '/var/lib/turbo', storage)], {
    // From here npx takes the server that the lockfile names.
    cwd: join(ROOT, 'e2e'),
    env: { NODE_ENV: 'production', HOST: '127.0.0.1', PORT: '0' },
    group: true,
  });
  try {
    const [url] = await server.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
    // The pnpm that runs is the one to go on with.
    const build = replace(
      replace(use, 'http://cache.example:3000', url),
      'npx -y pnpm@12 ',
      'pnpm ',
    );
    const first = await buildClone(join(folder.path, 'first'), build);
    expect(first.output).toMatch(/Cached:\s+0 cached, 2 total/);
    expect((await readdir(storage, { recursive: true })).length).toBeGreaterThan(0);

    const second = await buildClone(join(folder.path, 'second'), build);
    expect(guide).toContain('reports `2 cached, 2 total`');
    expect(second.output).toMatch(/Cached:\s+2 cached, 2 total/);
    expect(second.contract).toBe(first.contract);
  } finally {
    await server.stop();
  }
});

/** Clones this repository, installs what the contract needs, from the frozen lockfile, and builds it. */
async function buildClone(clone: string, build: string) {
  await must('git', ['clone', '--quiet', ROOT, clone], ROOT);
  const filters = ['--filter', 'sql-sessions', '--filter', '@sql-sessions/contract...'];
  await must('pnpm', ['install', '--frozen-lockfile', '--prefer-offline', ...filters], clone);
  // A copy of the repository shares the local cache of this one, which may know the contract already.
  const { stdout } = await must('sh', ['-c', `unset TURBO_CACHE_DIR\n${build}`], clone);
  return {
    output: stdout,
    contract: await readFile(join(clone, 'spec/dist/openapi.json'), 'utf8'),
  };
}

function replace(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}
