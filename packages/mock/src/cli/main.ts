import { readFile } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import { ContractError } from '../contract/contract-error.ts';
import { InputError } from '../input-error.ts';
import { EXIT } from './exit-code.ts';
import { HELP } from './help.ts';
import { jsonPrinter, quietPrinter, textPrinter } from './printer.ts';
import { readFlags } from './read-flags.ts';
import { whenStopped } from './when-stopped.ts';

/** Runs the bin until it is stopped and returns its exit code. Problems are one line on standard error. */
export async function main(args: string[]): Promise<number> {
  try {
    const { show, output, mock: options } = readFlags(args);
    if (show === 'help') process.stdout.write(HELP);
    else if (show === 'version') process.stdout.write(`${await readVersion()}\n`);
    else await serve(output, options);
    return EXIT.ok;
  } catch (error) {
    const { code, line } = explain(error);
    process.stderr.write(`sql-sessions-mock: ${line}\n`);
    return code;
  }
}

async function serve(
  output: 'text' | 'json' | 'quiet',
  options: ReturnType<typeof readFlags>['mock'],
): Promise<void> {
  const { startMock } = await import('../start-mock.ts');
  const printer = { text: textPrinter, json: jsonPrinter, quiet: quietPrinter }[output]();
  const stopped = whenStopped();
  const mock = await startMock({
    ...options,
    onRequest: printer.request,
    onContract: printer.contract,
  });
  printer.ready(mock);
  // It is written when a process ends, but not when it is killed.
  setTimeout(flushCompileCache, 1_000).unref();
  await stopped;
  await mock.close();
}

function explain(error: unknown): { code: number; line: string } {
  if (error instanceof InputError) return { code: EXIT.usage, line: error.message };
  if (error instanceof ContractError) return { code: EXIT.contract, line: error.message };
  const { code, message, port, address } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (code === 'EADDRINUSE') {
    return {
      code: EXIT.address,
      line: `port ${port} of ${address} is taken, perhaps by another mock; choose another with --port, or any free one with --port 0.`,
    };
  }
  if (code === 'EACCES' && port !== undefined) {
    return {
      code: EXIT.address,
      line: `port ${port} is not allowed; choose one above 1023 with --port.`,
    };
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      code: EXIT.address,
      line: `this machine has no such address; give --host one of its own, such as 127.0.0.1. (${message})`,
    };
  }
  return { code: EXIT.internal, line: `this is a fault of the mock, please report it: ${message}` };
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
