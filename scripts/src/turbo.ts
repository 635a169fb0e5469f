/** `node scripts/src/turbo.ts run build …`: turbo, without its telemetry. The exit code is turbo's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

if (import.meta.main) process.exitCode = await turbo(process.argv.slice(2));
