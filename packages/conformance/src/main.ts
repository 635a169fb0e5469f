#!/usr/bin/env node
import { runCommand } from './command.ts';

const interrupt = new AbortController();
// The first Ctrl-C lets the setup clean up, the second ends the process.
process.once('SIGINT', () => interrupt.abort());

const { stdout, stderr } = process;
const print = stdout.write.bind(stdout);
// What a setup prints goes to standard error: standard output is the report's, which may be JSON.
stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
const report = Object.create(stdout, { write: { value: print } }) as typeof stdout;

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  stdout: report,
  stderr,
  signal: interrupt.signal,
});
