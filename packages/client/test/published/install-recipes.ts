import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';

/** The folder of the recipes. */
export const RECIPES = fileURLToPath(new URL('../recipes/', import.meta.url));

/**
 * Installs what `../recipes/package.json` lists, exactly as locked, and returns the path of something in it.
 * It does not come with the workspace; the second time it is there already.
 */
export async function installRecipes(): Promise<(path: string) => string> {
  const installed = await run(
    'pnpm',
    ['install', '--ignore-workspace', '--ignore-scripts', '--frozen-lockfile', '--prefer-offline'],
    { cwd: RECIPES, timeout: 300_000 },
  );
  if (installed.code !== 0) {
    throw new Error(
      `What the recipes use was not installed:\n${installed.stdout}${installed.stderr}`,
    );
  }
  return (path) => `${RECIPES}node_modules/${path}`;
}
