import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
// As Node's own, but on Windows it finds what is a script there too: npm, npx and the bins of packages.
import spawn from 'cross-spawn';

export interface RunResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  /** Added to this process's environment; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
  /** Milliseconds after which the process is killed and the promise rejects. Default: 120,000. */
  timeout?: number;
  /** The command leads a process group of its own, and `stop` signals all of it, as Ctrl-C in a terminal does. */
  group?: boolean;
}

/** Runs a command to its end. A non-zero exit code is a result, not an error. */
export async function run(
  command: string,
  args: string[],
  { timeout = 120_000, ...options }: RunOptions = {},
): Promise<RunResult> {
  const started = spawnCommand(command, args, options);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end(started.child, 'SIGKILL', options.group);
  }, timeout);
  const [code, signal] = (await once(started.child, 'close')) as [
    number | null,
    NodeJS.Signals | null,
  ];
  clearTimeout(timer);
  if (late) {
    throw new Error(
      `${[command, ...args].join(' ')} did not end in ${timeout} ms:\n${started.stdout()}${started.stderr()}`,
    );
  }
  return { code, signal, stdout: started.stdout(), stderr: started.stderr() };
}

export interface RunningProcess {
  child: ChildProcess;
  /** All it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves with the match as soon as what it printed (either stream) matches; rejects if it ends first. */
  waitFor(pattern: RegExp, timeout?: number): Promise<RegExpExecArray>;
  /** Sends the signal (default SIGTERM) and resolves when the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a command that goes on running; use `waitFor` to know that it is ready, and always `stop` it. */
export function start(command: string, args: string[], options: RunOptions = {}): RunningProcess {
  const { child, stdout, stderr } = spawnCommand(command, args, options);
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  ended.catch(() => undefined);
  return {
    child,
    stdout,
    stderr,
    async waitFor(pattern, timeout = 60_000) {
      const find = () => pattern.exec(stdout() + stderr());
      const found = find();
      if (found) return found;
      return new Promise((resolve, reject) => {
        const fail = (reason: string) => {
          finish();
          reject(
            new Error(`${command} ${reason} before it printed ${pattern}:\n${stdout()}${stderr()}`),
          );
        };
        const look = () => {
          const match = find();
          if (!match) return;
          finish();
          resolve(match);
        };
        const onClose = () => fail('ended');
        const timer = setTimeout(() => fail(`ran for ${timeout} ms`), timeout);
        const finish = () => {
          clearTimeout(timer);
          child.stdout?.off('data', look);
          child.stderr?.off('data', look);
          child.off('close', onClose);
        };
        child.stdout?.on('data', look);
        child.stderr?.on('data', look);
        child.once('close', onClose);
      });
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        end(child, signal, options.group);
      }
      const [code, by] = await ended;
      return { code, signal: by };
    },
  };
}

/**
 * Ends a process, or its whole group. Windows has neither signals nor groups, and a script there is a shell with the
 * program below it: there the whole tree is ended, at once.
 */
function end(child: ChildProcess, signal: NodeJS.Signals, group = false): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
  else if (group) process.kill(-child.pid, signal);
  else child.kill(signal);
}

function spawnCommand(command: string, args: string[], { cwd, env, group }: RunOptions) {
  const merged: NodeJS.ProcessEnv = { ...process.env, ...env };
  for (const key of Object.keys(merged)) if (merged[key] === undefined) delete merged[key];
  const child = spawn(command, args, {
    cwd,
    env: merged,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: (group ?? false) && process.platform !== 'win32',
  });
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return { child, stdout: () => out, stderr: () => err };
}
