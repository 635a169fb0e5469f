import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const grown = existsSync(new URL('../../.changeset/grow.md', import.meta.url));

/** The whole run is a job of its own; here one package is enough to see the command work. */
test.skipIf(grown)('the test command runs in a copy with more operations', async () => {
  const args = ['run', 'test:grown', '--filter=@sql-sessions/testing'];
  const { code, stdout, stderr } = await run('pnpm', args, { cwd: root, timeout: 300_000 });
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain('A copy of the repository has grown');
  expect(stdout).toMatch(/^\d+ passed, 0 failed/m);
});
