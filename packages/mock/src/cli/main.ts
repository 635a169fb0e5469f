import { readFile, stat } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import { ContractError } from '../contract/contract-error.ts';
import { InputError } from '../input-error.ts';
import { startMock } from '../start-mock.ts';
import { EXIT } from './exit-code.ts';
import { HELP } from './help.ts';
import { jsonPrinter, printable, quietPrinter, textPrinter } from './printer.ts';
import { type Flags, readFlags } from './read-flags.ts';
import { whenStopped } from './when-stopped.ts';

/** Bytes of a document from which on a start says what it is busy with. */
const LARGE = 200_000;

/** Runs the bin until it is stopped and returns its exit code. Problems are one line on standard error. */
export async function main(args: string[]): Promise<number> {
  // Whoever read what it prints may have gone; it goes on.
  for (const stream of [process.stdout, process.stderr])
    stream.off('error', ignore).on('error', ignore);
  try {
    const flags = readFlags(args);
    const { show } = flags;
    if (show === 'help') process.stdout.write(HELP);
    else if (show === 'version') process.stdout.write(`${await readVersion()}\n`);
    else await serve(flags);
    return EXIT.ok;
  } catch (error) {
    const { code, line } = explain(error);
    process.stderr.write(`sql-sessions-mock: ${line}\n`);
    return code;
  }
}

function ignore(): void {}

async function serve({ output, exitWithParent, mock: options }: Flags): Promise<void> {
  const printer = { text: textPrinter, json: jsonPrinter, quiet: quietPrinter }[output]();
  const { spec = '' } = options;
  const { size } = await stat(spec).catch(() => ({ size: 0 }));
  if (size > LARGE && output === 'text') {
    const kilobytes = Math.round(size / 1000);
    process.stderr.write(printable(`Preparing ${spec} (${kilobytes} kB) …\n`));
  }
  const mock = await startMock({
    ...options,
    onRequest: printer.request,
    onContract: printer.contract,
  });
  const stopped = whenStopped(exitWithParent);
  printer.ready(mock);
  // It is written when a process ends, but not when it is killed.
  setTimeout(flushCompileCache, 1_000).unref();
  printer.stopped(await stopped);
  await mock.close();
}

function explain(error: unknown): { code: number; line: string } {
  if (error instanceof InputError) return { code: EXIT.usage, line: printable(error.message) };
  if (error instanceof ContractError)
    return { code: EXIT.contract, line: printable(error.message) };
  const {
    code,
    message,
    port,
    address: host,
  } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (code === 'EADDRINUSE') {
    return {
      code: EXIT.listen,
      line: `port ${port} of ${host} is taken, perhaps by another mock; choose another with --port, or any free one with --port 0.`,
    };
  }
  if (code === 'EACCES' && port !== undefined) {
    return {
      code: EXIT.listen,
      line: `port ${port} is not allowed; choose one above 1023 with --port.`,
    };
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      code: EXIT.listen,
      line: `this machine does not have that host; give --host one of its own, such as 127.0.0.1. (${message})`,
    };
  }
  return { code: EXIT.internal, line: `this is a fault of the mock, please report it: ${message}` };
}

async function readVersion(): Promise<string> {
  const text = await readFile(
    new URL(import.meta.resolve('@sql-sessions/mock/package.json')),
    'utf8',
  );
  return (JSON.parse(text) as { version: string }).version;
}
