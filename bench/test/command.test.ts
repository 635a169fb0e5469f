import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const bench = (...args: string[]) => run(process.execPath, [main, ...args]);

test('what is not understood is told in a line', async () => {
  const part = await bench('clinet');
  expect(part).toMatchObject({ code: 2, stdout: '' });
  expect(part.stderr).toBe(
    'Unknown part "clinet". The parts are client, mock, large, docs, kit, pipeline, scale: pnpm bench client\n',
  );
  const flag = await bench('--fast');
  expect(flag.code).toBe(2);
  expect(flag.stderr).toContain("Unknown option '--fast'");
  expect((await bench('--help')).stdout).toContain('pnpm bench [part…] [flags]');
});
