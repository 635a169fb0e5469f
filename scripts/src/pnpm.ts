import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The published packages. */
export const PUBLISHED = ['--filter', './spec', '--filter', './packages/*'];

/** Runs the pnpm that runs this script, in the root of the workspace. */
export function pnpm(...args: string[]): Promise<{ code: number; stdout: string; output: string }> {
  const command = process.env.npm_execpath;
  if (command === undefined) throw new Error('Run it as a script: pnpm <name of the script>');
  // pnpm is a program of its own; one that Corepack or npm put there may be a script for Node.
  const [file, ...rest] = /\.[cm]?js$/.test(command) ? [process.execPath, command] : [command];
  return new Promise((resolve) => {
    execFile(file, [...rest, ...args], { cwd: root, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({
        code: error === null ? 0 : Number(error.code ?? 1),
        stdout,
        output: `${stdout}${stderr}`,
      }),
    );
  });
}
