#!/usr/bin/env node
import { runCommand } from './command.ts';

/** Milliseconds for what is still to be written. */
const LINGER = 1000;

const interrupt = new AbortController();
// The first Ctrl-C lets the setup clean up, the second ends the process.
process.once('SIGINT', () => interrupt.abort());

const { stdout, stderr } = process;
const print = stdout.write.bind(stdout);
// What a setup prints goes to standard error: standard output is the report's, which may be JSON.
stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
const report = Object.create(stdout, { write: { value: print } }) as typeof stdout;

/** The exit code where the report cannot be written. */
let unwritable: number | undefined;
// Who reads may stop at any time, as `head` does: that changes no verdict.
for (const stream of [stdout, stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || stream === stderr) return;
    stderr.write(`The report cannot be written: ${message}.\n`);
    unwritable = 2;
    process.exitCode = unwritable;
  });
}

// A setup is somebody else's code: what it does to the process must not look like a verdict.
let over = false;
process.on('exit', () => {
  if (over) return;
  stderr.write('The run ended early: process.exit() was called, most likely by the setup.\n');
  process.exitCode = 3;
});
process.on('uncaughtException', (error: unknown) => {
  if (over) throw error;
  over = true;
  const [line] = `${(error as Error)?.message ?? error}`.split('\n');
  stderr.write(
    `The run ended early: an error that nobody caught, most likely of the setup: ${line}\n`,
  );
  process.exit(3);
});

const done = runCommand(process.argv.slice(2), {
  env: process.env,
  stdout: report,
  stderr,
  signal: interrupt.signal,
});
const code = await done.catch((error: unknown) => {
  const [line] = `${(error as Error)?.message ?? error}`.split('\n');
  stderr.write(`The run ended early, by a fault of the kit itself: ${line}. Please report it.\n`);
  return 3;
});
over = true;
process.exitCode = unwritable ?? code;
// What a setup has left open does not keep the process.
setTimeout(() => process.exit(), LINGER).unref();
