import { parseArgs } from 'node:util';
import { LEVELS, type Level } from './http/level.ts';
import { KitError } from './run/kit-error.ts';

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

const TEXTS = [
  'base-url',
  'setup',
  'level',
  'known',
  'only',
  'exclude',
  'contract',
  'operation',
  'without',
  'proxy',
  'ca',
  'cert',
  'key',
  'rate',
  'timeout',
  'response-time',
  'setup-timeout',
  'max-time',
  'max-requests',
  'seed',
  'runs',
  'html',
  'junit',
  'har',
] as const;
const FLAGS = ['strict', 'allow-remote', 'insecure', 'list', 'json', 'help', 'version'] as const;
const LISTS = ['header', 'expect'] as const;

type Values = Partial<Record<(typeof TEXTS)[number], string>> &
  Partial<Record<(typeof FLAGS)[number], boolean>> &
  Partial<Record<(typeof LISTS)[number], string[]>>;

/** The command line, read and checked. */
export type Arguments = ReturnType<typeof readArguments>;

/** @throws {KitError} of kind `input` */
export function readArguments(args: string[]) {
  const values = parse(args);
  const list = (text: string | undefined) => text?.split(',').map((id) => id.trim());
  return {
    baseUrl: values['base-url'],
    setup: values.setup,
    level: level(values.level),
    known: values.known,
    only: list(values.only),
    exclude: list(values.exclude),
    expected: expectations(values.expect ?? []),
    contract: values.contract,
    operations: list(values.operation),
    without: list(values.without),
    headers: Object.fromEntries((values.header ?? []).map(header)),
    proxy: values.proxy,
    ca: values.ca,
    cert: values.cert,
    key: values.key,
    seed: integer('seed', values.seed, -0x8000_0000),
    rate: integer('rate', values.rate, 1),
    runs: integer('runs', values.runs, 1),
    timeout: integer('timeout', values.timeout, 1),
    responseTime: integer('response-time', values['response-time'], 1),
    setupTimeout: integer('setup-timeout', values['setup-timeout'], 1),
    maxTime: integer('max-time', values['max-time'], 1),
    maxRequests: integer('max-requests', values['max-requests'], 1),
    html: values.html,
    junit: values.junit,
    har: values.har,
    insecure: values.insecure ?? false,
    list: values.list ?? false,
    strict: values.strict ?? false,
    allowRemote: values['allow-remote'] ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
    version: values.version ?? false,
  };
}

function parse(args: string[]): Values {
  const options = Object.fromEntries([
    ...TEXTS.map((name) => [name, { type: 'string' as const }]),
    ...FLAGS.map((name) => [name, { type: 'boolean' as const }]),
    ...LISTS.map((name) => [name, { type: 'string' as const, multiple: true }]),
    ['help', { type: 'boolean' as const, short: 'h' }],
  ]);
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
    return parseArgs({ args: joined, allowPositionals: false, options }).values as Values;
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
  return Object.fromEntries(
    texts.map((text) => {
      const [, id = '', statuses = ''] = /^([\w.-]+)=(\d{3}(?:,\d{3})*)$/.exec(text) ?? [];
      if (id !== '') return [id, statuses.split(',').map(Number)];
      throw new KitError(
        'input',
        `--expect is "${text}": expected a check and statuses, such as unknown-id=404,410.`,
      );
    }),
  );
}
