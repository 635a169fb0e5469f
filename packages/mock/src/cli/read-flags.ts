import { parseArgs } from 'node:util';
import { type ScenarioInput, splitSteps } from '../behavior/scenario.ts';
import { InputError } from '../input-error.ts';
import type { MockOptions } from '../start-mock.ts';

const OPTIONS = {
  spec: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string', short: 'p' },
  scenario: { type: 'string' },
  after: { type: 'string' },
  only: { type: 'string', multiple: true },
  stateful: { type: 'boolean' },
  'strict-token': { type: 'boolean' },
  latency: { type: 'string' },
  faults: { type: 'string' },
  'fault-kinds': { type: 'string' },
  seed: { type: 'string' },
  dynamic: { type: 'boolean' },
  'no-validate': { type: 'boolean' },
  upstream: { type: 'string' },
  'base-path': { type: 'string' },
  'remote-refs': { type: 'boolean' },
  'no-cors': { type: 'boolean' },
  credentials: { type: 'boolean' },
  'allow-host': { type: 'string', multiple: true },
  'allow-origin': { type: 'string', multiple: true },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'no-watch': { type: 'boolean' },
  'exit-with-parent': { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** Names of the flags. */
export const FLAGS = Object.keys(OPTIONS);

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

export interface Flags {
  readonly show: 'help' | 'version' | undefined;
  readonly output: 'text' | 'json' | 'quiet';
  readonly exitWithParent: boolean;
  readonly mock: MockOptions;
}

/**
 * Reads the flags of the bin.
 * @throws {InputError} that names the flag and what it takes
 */
export function readFlags(args: string[]): Flags {
  const values = parse(args);
  const scenario = readScenarioFlags(values);
  const seed = values.seed === undefined ? 1 : readInteger('--seed', values.seed);
  if (values.seed !== undefined && values.latency === undefined && values.faults === undefined) {
    throw new InputError('--seed makes --latency and --faults repeatable: give one of them too.');
  }
  if (values['fault-kinds'] !== undefined && values.faults === undefined) {
    throw new InputError(
      '--fault-kinds says which faults come: give the share of calls too, such as --faults 0.1.',
    );
  }
  return {
    show: values.help ? 'help' : values.version ? 'version' : undefined,
    exitWithParent: values['exit-with-parent'] ?? false,
    output: values.quiet ? 'quiet' : values.json ? 'json' : 'text',
    mock: {
      watch: !values['no-watch'],
      ...(values.spec !== undefined && { spec: values.spec }),
      ...(values.host !== undefined && { host: values.host }),
      ...(values.port !== undefined && { port: readInteger('--port', values.port, 65_535) }),
      ...(scenario !== undefined && { scenario }),
      ...(values.stateful && { stateful: true }),
      ...(values['strict-token'] && { strictToken: true }),
      ...(values.dynamic && { dynamic: true }),
      ...(values['no-validate'] && { validate: false }),
      ...(values.upstream !== undefined && { upstream: values.upstream }),
      ...(values['base-path'] !== undefined && { basePath: readBasePath(values['base-path']) }),
      ...(values['remote-refs'] && { remoteRefs: true }),
      ...(values['no-cors'] && { cors: false }),
      ...(values.credentials && { credentials: true }),
      ...(values['allow-host'] && { allowHosts: values['allow-host'] }),
      ...(values['allow-origin'] && { allowOrigins: values['allow-origin'] }),
      ...readTls(values),
      ...(values.latency !== undefined && { latency: readLatency(values.latency, seed) }),
      ...(values.faults !== undefined && { faults: readFaults(values, values.faults, seed) }),
    },
  };
}

function parse(given: string[]): Values {
  // `--seed -5` means a number, which parseArgs takes for a flag.
  const args = given.flatMap((text, index) => {
    const next = given[index + 1] ?? '';
    if (/^-\d/.test(text) && given[index - 1]?.startsWith('--')) return [];
    return text.startsWith('--') && /^-\d/.test(next) ? [`${text}=${next}`] : [text];
  });
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    const [line = ''] = String(error instanceof Error ? error.message : error).split(/\.\s|\n/);
    const hint = line.startsWith('Unexpected argument') ? ' A document is given with --spec.' : '';
    throw new InputError(`${line.replace(/\.$/, '')}.${hint} --help lists the flags.`);
  }
}

function readScenarioFlags({ scenario, after, only = [] }: Values): ScenarioInput | undefined {
  if (scenario === undefined) {
    if (after === undefined && only.length === 0) return undefined;
    throw new InputError('--after and --only say what a scenario is for: give a --scenario too.');
  }
  const params = Object.fromEntries(
    only.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) {
        throw new InputError(`--only takes NAME=VALUE, such as session_id=s-1, not "${pair}".`);
      }
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  return {
    steps: splitSteps(scenario),
    // Checked with the rest of the scenario.
    ...(after !== undefined && { after: after as 'last' }),
    ...(only.length > 0 && { params }),
  };
}

function readTls(values: Values): Pick<MockOptions, 'tls'> {
  const { 'tls-cert': cert, 'tls-key': key } = values;
  if (cert === undefined && key === undefined) return {};
  if (cert !== undefined && key !== undefined) return { tls: { cert, key } };
  throw new InputError(
    'HTTPS needs a certificate and its private key: give both --tls-cert and --tls-key.',
  );
}

function readBasePath(value: string): NonNullable<MockOptions['basePath']> {
  if (value === 'both' || value === 'only' || value === 'none') return value;
  throw new InputError(`--base-path takes both, only or none, not "${value}".`);
}

function readLatency(value: string, seed: number): NonNullable<MockOptions['latency']> {
  const [, min, max = min] = /^(\d+)(?:-(\d+))?$/.exec(value) ?? [];
  // Its limits are checked with the rest of the settings.
  if (min !== undefined) return { min: Number(min), max: Number(max), seed };
  throw new InputError(`--latency takes milliseconds, such as 200 or 100-400, not "${value}".`);
}

function readFaults(
  values: Values,
  rate: string,
  seed: number,
): NonNullable<MockOptions['faults']> {
  // The limits are checked with the rest of the settings.
  if (rate.trim() === '' || Number.isNaN(Number(rate))) {
    throw new InputError(`--faults takes a share of calls, such as 0.1, not "${rate}".`);
  }
  const kinds = values['fault-kinds'];
  return {
    rate: Number(rate),
    seed,
    ...(kinds !== undefined && { kinds: splitSteps(kinds) as 'reset'[] }),
  };
}

function readInteger(flag: string, value: string, most = Number.MAX_SAFE_INTEGER): number {
  if (/^\d+$/.test(value) && Number(value) <= most) return Number(value);
  const range = most < Number.MAX_SAFE_INTEGER ? ` from 0 to ${most}` : '';
  throw new InputError(`${flag} takes a whole number${range}, not "${value}".`);
}
