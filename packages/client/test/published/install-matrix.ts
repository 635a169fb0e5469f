import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';

const FOLDER = fileURLToPath(new URL('../matrix/', import.meta.url));

/**
 * Installs what `../matrix/package.json` lists, exactly as locked, and returns the path of something in it.
 * About 1 GB on disk, which is why it does not come with the workspace; the second time it is there already.
 */
export async function installMatrix(): Promise<(path: string) => string> {
  const installed = await run(
    'pnpm',
    ['install', '--ignore-workspace', '--ignore-scripts', '--frozen-lockfile', '--prefer-offline'],
    { cwd: FOLDER, timeout: 300_000 },
  );
  if (installed.code !== 0) {
    throw new Error(`The test matrix was not installed:\n${installed.stdout}${installed.stderr}`);
  }
  return (path) => `${FOLDER}node_modules/${path}`;
}
