import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** `npx @sql-sessions/mock` in `folder`, as the README says, on a port that the system chooses. */
export async function npxMock(folder: string): Promise<{ url: string } & AsyncDisposable> {
  // A group of its own: npx starts a shell that starts the mock, and a signal to npx alone leaves the mock behind.
  const child = spawn('npx', ['--yes', '@sql-sessions/mock', '--port', '0'], {
    cwd: folder,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (text: string) => {
      printed += text;
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('close', (code) => reject(new Error(`npx ended with ${code}:\n${printed}`)));
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'close');
      endGroup(child);
      await ended;
    },
  };
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') spawn('taskkill', ['/pid', String(pid), '/t', '/f']);
  else process.kill(-pid, 'SIGTERM');
}
