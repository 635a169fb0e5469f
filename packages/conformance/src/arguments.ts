import { parseArgs } from 'node:util';
import { KitError } from './kit-error.ts';

export const USAGE = `Usage: sql-sessions-conformance --base-url <url> [options]

Checks that a server keeps the contract of the SQL Sessions API. It sends DELETEs, malformed requests and
bursts, with random ids that nobody has and with those that your setup module hands over.

  --base-url <url>       where the server answers, such as http://127.0.0.1:8080
  --setup <file>         module that provides live sessions and the like (its default export)
  --known <file>         JSON list of known departures: [{ "check": "...", "reason": "..." }]
  --only <id,id>         run these checks only
  --list                 print the checks and end
  --strict               a check that could not be exercised fails the run
  --allow-remote         allow a server that is not on this machine
  --seed <integer>       repeat the inputs of an earlier run
  --runs <n>             random inputs per property (15)
  --timeout <ms>         how long a request may take (10000)
  --max-requests <n>     how many requests the run may send (3000)
  --json                 print the report as JSON
  --html <file>          write the report as one HTML page
  --junit <file>         write the report as JUnit XML
  --har <file>           write everything that was sent, tokens masked
  --help, --version

Environment: SQL_SESSIONS_TOKEN is the token to send. There is no option for it, so that it stays out of
process lists and shell histories.

Exit code: 0 the contract is kept; 1 it is broken; 2 an option, the token or a file is wrong; 3 the server
or the setup module could not be used; 130 interrupted.
`;

export interface Arguments {
  baseUrl: string | undefined;
  setup: string | undefined;
  known: string | undefined;
  only: string[] | undefined;
  seed: number | undefined;
  runs: number | undefined;
  timeout: number | undefined;
  maxRequests: number | undefined;
  html: string | undefined;
  junit: string | undefined;
  har: string | undefined;
  list: boolean;
  strict: boolean;
  allowRemote: boolean;
  json: boolean;
  help: boolean;
  version: boolean;
}

/** Reads the command line. Throws a `KitError` of kind `input`. */
export function readArguments(args: string[]): Arguments {
  const { values } = parse(args);
  return {
    baseUrl: values['base-url'],
    setup: values.setup,
    known: values.known,
    only: values.only?.split(',').map((id) => id.trim()),
    seed: integer('seed', values.seed, -0x8000_0000),
    runs: integer('runs', values.runs, 1),
    timeout: integer('timeout', values.timeout, 1),
    maxRequests: integer('max-requests', values['max-requests'], 1),
    html: values.html,
    junit: values.junit,
    har: values.har,
    list: values.list ?? false,
    strict: values.strict ?? false,
    allowRemote: values['allow-remote'] ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
    version: values.version ?? false,
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: false,
      options: {
        'base-url': text,
        setup: text,
        known: text,
        only: text,
        seed: text,
        runs: text,
        timeout: text,
        'max-requests': text,
        html: text,
        junit: text,
        har: text,
        list: flag,
        strict: flag,
        'allow-remote': flag,
        json: flag,
        help: { ...flag, short: 'h' },
        version: flag,
      },
    });
  } catch (cause) {
    const [reason = ''] = (cause as Error).message.split('. ');
    throw new KitError('input', `${reason.replace(/\.$/, '')}. --help lists the options.`, {
      cause,
    });
  }
}

function integer(name: string, value: string | undefined, min: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^-?\d+$/.test(value) && number >= min && number <= 0x7fff_ffff) return number;
  throw new KitError(
    'input',
    `--${name} is "${value}": expected an integer from ${min} to ${0x7fff_ffff}.`,
  );
}
