import { parseArgs } from 'node:util';

export const USAGE = `Builds everything, then serves the mock and the reference.

  pnpm start [flags]
  pnpm dev [flags]      the same, and follows every save of the contract and the docs

  --mock-port <port>    port of the mock, 0 for any free one (default 4010)
  --docs-port <port>    port of the reference, 0 for any free one (default 4020)
  --host <host>         interface to listen on (default 127.0.0.1)
  --help                this text

Exit code 0: ended by Ctrl-C. 1: the build failed or a port is taken. 2: a flag is not understood.`;

/** A flag that is not understood; the message says what was wrong and what is right. */
export class UsageError extends Error {}

export interface StartFlags {
  host: string;
  mockPort: number;
  docsPort: number;
  watch: boolean;
  help: boolean;
}

/** Reads the flags of `pnpm start`; throws a `UsageError` for what it does not know. */
export function parseFlags(args: string[]): StartFlags {
  // pnpm hands on the "--" that some put before the flags.
  const values = parse(args.filter((each) => each !== '--'));
  return {
    host: values.host,
    mockPort: toPort('--mock-port', values['mock-port']),
    docsPort: toPort('--docs-port', values['docs-port']),
    watch: values.watch,
    help: values.help,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        host: { type: 'string', default: '127.0.0.1' },
        'mock-port': { type: 'string', default: '4010' },
        'docs-port': { type: 'string', default: '4020' },
        watch: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split(/\.\s/);
    throw new UsageError(`${sentence.replace(/\.$/, '')}. "pnpm start --help" lists the flags.`);
  }
}

function toPort(flag: string, value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new UsageError(
    `${flag} is "${value}", and a port is a number from 0 to 65535: ${flag} 4100`,
  );
}
