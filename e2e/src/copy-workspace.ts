import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { type RunOptions, type RunResult, run } from '@sql-sessions/testing/process';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where the copies look for what is built, and put it: what this checkout has built is not built once more. */
const CACHE = { TURBO_CACHE_DIR: join(root, '.turbo/cache') };

export interface WorkspaceCopy extends AsyncDisposable {
  path: string;
  /** For commands that are started in the copy by other means than `run`. */
  env: Record<string, string>;
  /** Runs a command in the copy; rejects with all it printed unless it exits with 0. */
  run(command: string, args: string[], options?: RunOptions): Promise<RunResult>;
  /** Commits whatever differs. */
  commit(message: string): Promise<void>;
  /** Names of the tracked files that differ from the copy's last commit, and of new ones. */
  changedFiles(): Promise<string[]>;
}

/**
 * Copies every file of the repository that is tracked or about to be, without anything built or installed,
 * commits the copy and installs it from the package store, as a clone on another machine would be.
 * @param prepare changes files of the copy before they are committed
 */
export async function copyWorkspace(
  prepare?: (folder: string) => Promise<void>,
): Promise<WorkspaceCopy> {
  const folder = await temporaryFolder('sql-sessions-copy-');
  const inCopy = async (command: string, args: string[], options: RunOptions = {}) => {
    const env = { ...CACHE, ...options.env };
    const result = await run(command, args, {
      cwd: folder.path,
      timeout: 300_000,
      ...options,
      env,
    });
    if (result.code === 0) return result;
    throw new Error(
      `${command} ${args.join(' ')} ended with ${result.code}:\n${result.stdout}${result.stderr}`,
    );
  };
  const commit = async (message: string) => {
    await inCopy('git', ['add', '--all']);
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
    await inCopy('git', [...author, 'commit', '--quiet', '--message', message]);
  };
  try {
    const listed = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root });
    for (const name of new Set(listed.stdout.split('\0').filter(Boolean))) {
      // A file that is deleted but not yet committed is still listed.
      await cp(join(root, name), join(folder.path, name)).catch(ignoreMissing);
    }
    await prepare?.(folder.path);
    await inCopy('git', ['init', '--quiet']);
    await commit('copy');
    await inCopy('pnpm', ['install', '--frozen-lockfile', '--prefer-offline']);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  return {
    ...folder,
    env: CACHE,
    run: inCopy,
    commit,
    async changedFiles() {
      const { stdout } = await inCopy('git', ['status', '--porcelain']);
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => line.slice(3));
    },
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
