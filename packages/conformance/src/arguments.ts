import { parseArgs } from 'node:util';
import { LEVELS, type Level } from './http/level.ts';
import { KitError } from './kit-error.ts';

export const USAGE = `Usage: sql-sessions-conformance --base-url <url> [options]

Checks that a server keeps the contract of the SQL Sessions API.

What it sends: every operation of the contract, on ids of 36 random characters (or as random as the contract's
limits allow) and on the subjects that your setup hands over, with malformed requests, bursts and bodies up to
a megabyte. With the token it also sends, for a subject of your setup: an empty id in the place of each id, and
paths with dot segments (x/../ID) that resolve to that subject. Whatever could resolve elsewhere goes without
the token.

  --base-url <url>          URL of the server, such as http://127.0.0.1:8080
  --setup <file|url>        module or program that provides live subjects and the like
  --level <level>           what fails the run: contract (default), http, hardening
  --strict                  a check that could not be exercised fails the run
  --known <file>            JSON list of known departures: [{ "check", "finding", "reason" }]
  --only <id,id>            run these checks only
  --exclude <id,id>         leave these checks out
  --expect <id=status,…>    statuses that are fine in a check (can be given again)
  --contract <file>         another OpenAPI 3.1 document, JSON or YAML, in one piece
  --operation <id,id>       check these operations only
  --without <id,id>         operations that the server does not have yet
  --list                    print the checks and end
  --allow-remote            allow a server that is not on this machine
  --header <name: value>    a header for every request (can be given again)
  --proxy <url>             an HTTP proxy to go through
  --ca <file>               certificate authority, PEM
  --cert <file>             client certificate, PEM
  --key <file>              key of the client certificate, PEM
  --insecure                accept any certificate
  --rate <n>                requests per second at most
  --timeout <ms>            how long a request may take (10000)
  --response-time <ms>      a response that takes longer is a finding (hardening)
  --setup-timeout <ms>      how long each function of the setup may take (60000)
  --max-time <s>            how long the run may take
  --max-requests <n>        how many requests the run may send for one operation (3000)
  --seed <integer>          the inputs of an earlier run
  --runs <n>                random inputs per property (15)
  --json                    print the report as JSON
  --html <file>             write the report as one HTML page
  --junit <file>            write the report as JUnit XML
  --har <file>              write everything that was sent, tokens masked
  --help, --version

Environment: SQL_SESSIONS_TOKEN is the token to send. Where a contract has several security schemes,
SQL_SESSIONS_CREDENTIAL_<SCHEME> is the credential of one: its name in capitals, such as
SQL_SESSIONS_CREDENTIAL_API_KEY for Api-Key; name:password for HTTP's Basic. A scheme without one gets the token,
mutual TLS --cert. SQL_SESSIONS_BASIC_AUTH is a user:password for a gateway. There is no option for them, so that
they stay out of process lists and shell histories.

Exit code: 0 the contract is kept; 1 it is broken, or a limit cut the run short; 2 an option, the token or a
file is wrong; 3 the server or the setup could not be used; 130 interrupted.
`;

const FLAG = { type: 'boolean' as const };

/** The options that the help text names: those with a value are texts, others are flags. */
const OPTIONS = {
  ...Object.fromEntries(
    Array.from(
      USAGE.matchAll(/^ {2}--([a-z-]+)( <)?.*?(given again)?\)?$/gm),
      ([, name = '', value, again]) => [
        name,
        value ? { type: 'string' as const, multiple: again !== undefined } : FLAG,
      ],
    ),
  ),
  help: { ...FLAG, short: 'h' },
  version: FLAG,
};

/** The command line, read and checked. */
export type Arguments = ReturnType<typeof readArguments>;

/** @throws {KitError} of kind `input` */
export function readArguments(args: string[]) {
  const values = parse(args);
  const text = (name: string) => values[name] as string | undefined;
  const flag = (name: string) => values[name] === true;
  const texts = (name: string) => (values[name] ?? []) as string[];
  const list = (name: string) =>
    text(name)
      ?.split(',')
      .map((id) => id.trim());
  const number = (name: string, min = 1) => integer(name, text(name), min);
  return {
    baseUrl: text('base-url'),
    setup: text('setup'),
    level: level(text('level')),
    known: text('known'),
    only: list('only'),
    exclude: list('exclude'),
    expected: expectations(texts('expect')),
    contract: text('contract'),
    operations: list('operation'),
    without: list('without'),
    headers: joined(texts('header').map(header), (one, other) => `${one}, ${other}`),
    proxy: text('proxy'),
    ca: text('ca'),
    cert: text('cert'),
    key: text('key'),
    seed: number('seed', -0x8000_0000),
    rate: number('rate'),
    runs: number('runs'),
    timeout: number('timeout'),
    responseTime: number('response-time'),
    setupTimeout: number('setup-timeout'),
    maxTime: number('max-time'),
    maxRequests: number('max-requests'),
    html: text('html'),
    junit: text('junit'),
    har: text('har'),
    insecure: flag('insecure'),
    list: flag('list'),
    strict: flag('strict'),
    allowRemote: flag('allow-remote'),
    json: flag('json'),
    help: flag('help'),
    version: flag('version'),
  };
}

/** What those want who write what is not there. */
const HINTS = [
  ['Unexpected argument', ' The server is given with --base-url.'],
  ["Unknown option '--token'", ' The token is read from SQL_SESSIONS_TOKEN.'],
] as const;

function parse(args: string[]): Record<string, unknown> {
  // `--seed -5` means a number, which parseArgs takes for an option.
  const joined = args.flatMap((text, index) =>
    /^-\d/.test(text) && args[index - 1]?.startsWith('--')
      ? []
      : [
          /^-\d/.test(args[index + 1] ?? '') && text.startsWith('--')
            ? `${text}=${args[index + 1]}`
            : text,
        ],
  );
  try {
    return parseArgs({ args: joined, allowPositionals: false, options: OPTIONS }).values;
  } catch (cause) {
    const [reason = ''] = (cause as Error).message.split('. ');
    const said = `${reason.replace(/\.$/, '')}.${HINTS.find(([start]) => reason.startsWith(start))?.[1] ?? ''}`;
    throw new KitError('input', `${said} --help lists the options.`, { cause });
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

function level(value: string | undefined): Level | undefined {
  if (value === undefined || LEVELS.includes(value as Level)) return value as Level | undefined;
  throw new KitError('input', `--level is "${value}": expected ${LEVELS.join(', ')}.`);
}

function header(text: string): [string, string] {
  const [, name = '', value = ''] = /^([\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name !== '') return [name, value];
  throw new KitError(
    'input',
    `--header is "${text}": expected name and value, such as "X-Env: test".`,
  );
}

function expectations(texts: readonly string[]): Record<string, number[]> {
  return joined(
    texts.map((text) => {
      const [, id = '', statuses = ''] = /^([\w.-]+)=(\d{3}(?:,\d{3})*)$/.exec(text) ?? [];
      if (id !== '') return [id, statuses.split(',').map(Number)] as const;
      throw new KitError(
        'input',
        `--expect is "${text}": expected a check and statuses, such as unknown-id=404,410.`,
      );
    }),
    (one, other) => [...one, ...other],
  );
}

/** What is given again adds to what was given before. */
function joined<T>(
  entries: readonly (readonly [string, T])[],
  add: (one: T, other: T) => T,
): Record<string, T> {
  const all = new Map<string, T>();
  for (const [key, value] of entries) {
    const before = all.get(key);
    all.set(key, before === undefined ? value : add(before, value));
  }
  return Object.fromEntries(all);
}
