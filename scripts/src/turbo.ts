/** `node scripts/src/turbo.ts run build …`: turbo, without its telemetry. The exit code is turbo's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs turbo in the root of the workspace and resolves with its exit code. */
export async function turbo(args: string[]): Promise<number> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(import.meta.resolve('turbo/bin/turbo')), ...args],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    },
  );
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

// In this process: a second Node would take longer than turbo itself when nothing has changed.
if (import.meta.main) {
  process.env.TURBO_TELEMETRY_DISABLED = '1';
  process.chdir(root);
  createRequire(import.meta.url)('turbo/bin/turbo');
}
