import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The day of each file's last change, `2026-01-31`, by git. Where there is no history, none is known. */
export async function lastChanges(root: string): Promise<Map<string, string>> {
  const paths = ['docs', 'spec', 'packages', ':(top)*.md'];
  const found = new Map<string, string>();
  const shallow = await execute('git', ['rev-parse', '--is-shallow-repository'], {
    cwd: root,
  }).catch(() => ({ stdout: '' }));
  // Part of a history would call the day of its first commit the last change of every file.
  if (shallow.stdout.trim() !== 'false') return found;
  const log = await execute('git', ['log', '--format=@%cs', '--name-only', '--', ...paths], {
    cwd: root,
    maxBuffer: 2 ** 26,
  }).catch(() => ({ stdout: '' }));
  let day = '';
  for (const line of log.stdout.split('\n')) {
    if (line.startsWith('@')) day = line.slice(1);
    else if (line !== '' && !found.has(line)) found.set(line, day);
  }
  return found;
}
