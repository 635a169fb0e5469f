import { execFileSync } from 'node:child_process';
import { StartError } from './start-error.ts';

/**
 * Whom to run PostgreSQL as, since it refuses to run as root: undefined (oneself) for everybody else, and for root the
 * user "nobody", which every system has already.
 */
export function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map((option) => {
    try {
      return Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8', stdio: 'pipe' }));
    } catch (cause) {
      throw new StartError(
        'PostgreSQL does not run as root, and there is no user "nobody" here. Run this as another user, or set DATABASE_URL.',
        { cause },
      );
    }
  }) as [number, number];
  return { uid, gid };
}
