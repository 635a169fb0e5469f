import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UsageError } from './usage-error.ts';

/** The registry that a checkout publishes our scope to, as pnpm's configuration says. It ends with a slash. */
export async function registryOf(root: string): Promise<string> {
  for (const key of ['@sql-sessions:registry', 'registry']) {
    const { stdout } = await promisify(execFile)('pnpm', ['config', 'get', key], { cwd: root });
    const url = stdout.trim();
    if (url.startsWith('http')) return url.replace(/\/?$/, '/');
  }
  throw new UsageError('pnpm knows no registry. Set one: pnpm config set registry URL');
}

/** What the registry has at a path; undefined for 404. */
export async function ask(registry: string, path: string): Promise<unknown> {
  const url = new URL(path, registry);
  const response = await fetch(url).catch((error: Error) => {
    throw new UsageError(
      `${url} did not respond: ${(error.cause as Error | undefined)?.message ?? error.message}`,
    );
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new UsageError(`${url} responded ${response.status}.`);
  return response.json().catch(() => {
    throw new UsageError(`${url} responded with something else than JSON.`);
  });
}
