import { fileURLToPath } from 'node:url';
import { type RunningProcess, start } from '@sql-sessions/testing/process';
import { onTestFinished } from 'vitest';

export const bin = fileURLToPath(new URL('../../bin/sql-sessions-mock.js', import.meta.url));

/** Starts the bin on any free port, or on the one in `args`. It ends with its test, whatever becomes of that. */
export function startBin(...args: string[]): RunningProcess {
  const started = start(process.execPath, [bin, '--port', '0', ...args]);
  onTestFinished(async () => {
    await started.stop('SIGKILL');
  });
  return started;
}
