import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Runs git in the repository; rejects if it fails. */
export type Git = (...args: string[]) => Promise<string>;

/** Git for a repository whose whole history can be read, or the reason that it cannot. */
export async function openHistory(root: string): Promise<Git | { reason: string }> {
  const git: Git = async (...args) => {
    // Words that are looked for are those of git's own language.
    const env = { ...process.env, LC_ALL: 'C' };
    const options = { cwd: root, env, maxBuffer: 1e8 };
    return (await promisify(execFile)('git', args, options)).stdout;
  };
  try {
    const top = (await git('rev-parse', '--show-toplevel')).trim();
    if ((await realpath(top)) !== (await realpath(root)))
      return { reason: 'this folder belongs to another repository, and has no history of its own' };
    if ((await git('rev-parse', '--is-shallow-repository')).trim() === 'true')
      return { reason: 'this is a shallow clone. Fetch the rest: git fetch --unshallow' };
    await git('rev-parse', '--verify', 'HEAD');
    return git;
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') return { reason: 'git is not installed' };
    if (stderr.includes('dubious ownership'))
      return {
        reason: `git does not trust the owner of this folder. To trust it: git config --global --add safe.directory ${root}`,
      };
    if (stderr.includes('not a git repository')) return { reason: 'this is not a git repository' };
    return { reason: stderr.trim().split('\n', 1)[0] || 'git has no commit here' };
  }
}
