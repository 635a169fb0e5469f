#!/usr/bin/env node
import { runCommand } from './command.ts';

const interrupt = new AbortController();
// The first Ctrl-C lets the setup clean up, the second ends the process.
process.once('SIGINT', () => interrupt.abort());

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupt.signal,
});
