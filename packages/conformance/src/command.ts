import { styleText } from 'node:util';
import { type Arguments, readArguments, USAGE } from './arguments.ts';
import { kit } from './kit.ts';
import { KitError } from './kit-error.ts';
import { listChecks } from './list-checks.ts';
import { checkWritable, loadSetup, readData, write } from './read-files.ts';
import type { Outcome } from './report/report.ts';
import { toHtml } from './report/to-html.ts';
import { toJUnit } from './report/to-junit.ts';
import { toText } from './report/to-text.ts';
import type { KnownDeparture } from './run/known-departures.ts';
import { variableOf } from './values/credentials.ts';
import { type Progress, verify } from './verify.ts';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  readonly signal: AbortSignal;
}

/** The command line. Resolves with the exit code; what is wrong with the input is one line on stderr. */
export async function runCommand(args: string[], around: Surroundings): Promise<number> {
  try {
    return await run(readArguments(args), around);
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    around.stderr.write(`${error.message}\n`);
    return error.kind === 'input' ? 2 : 3;
  }
}

async function run(
  options: Arguments,
  { env, stdout, stderr, signal }: Surroundings,
): Promise<number> {
  if (options.help) {
    stdout.write(USAGE);
    return 0;
  }
  if (options.version) {
    stdout.write(`${kit.version}\n`);
    return 0;
  }
  if (options.list) {
    stdout.write(options.json ? `${JSON.stringify(listChecks(), null, 2)}\n` : printList());
    return 0;
  }
  const {
    baseUrl,
    setup,
    known,
    contract,
    ca,
    cert,
    key,
    maxTime,
    html,
    junit,
    har: harFile,
  } = options;
  if (baseUrl === undefined) {
    throw new KitError(
      'input',
      '--base-url is missing: give the URL of the server, such as http://127.0.0.1:8080.',
    );
  }
  for (const file of [html, junit, harFile]) await checkWritable(file);
  const progress = progressOn(stderr);
  try {
    const verification = await verify({
      ...options,
      baseUrl,
      token: env.SQL_SESSIONS_TOKEN || undefined,
      credentials: credentialsIn(env),
      basicAuth: env.SQL_SESSIONS_BASIC_AUTH || undefined,
      setup: setup === undefined ? undefined : await loadSetup(setup),
      known:
        known === undefined ? undefined : ((await readData('--known', known)) as KnownDeparture[]),
      contract:
        contract === undefined ? undefined : ((await readData('--contract', contract)) as object),
      tls: {
        insecure: options.insecure,
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
      },
      maxTime: maxTime === undefined ? undefined : maxTime * 1000,
      signal,
      onProgress: progress.show,
    });
    const { report } = verification;
    progress.clear();
    stdout.write(
      options.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : toText(report, (outcome, text) => styleText(COLORS[outcome], text, { stream: stdout })),
    );
    await write(html, () => toHtml(report));
    await write(junit, () => toJUnit(report));
    await write(harFile, () => JSON.stringify(verification.har));
    if (signal.aborted) return 130;
    if (report.error !== null) {
      stderr.write(`The run ended early: ${report.error}\n`);
      return 3;
    }
    return report.ok ? 0 : 1;
  } finally {
    progress.clear();
  }
}

/** The credentials in the environment, by the end of their variables' names. */
function credentialsIn(env: Surroundings['env']): Record<string, string> {
  const start = variableOf('');
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith(start) && value ? [[name.slice(start.length), value]] : [],
    ),
  );
}

const COLORS: Record<Outcome, 'green' | 'red' | 'yellow' | 'gray'> = {
  passed: 'green',
  failed: 'red',
  known: 'yellow',
  'not-exercised': 'gray',
};

function printList(): string {
  const lines = listChecks().map(({ id, level, sentence, needs }) => {
    const from = needs.length === 0 ? '' : ` [needs ${needs.join(', ')}]`;
    return `${id.padEnd(24)} ${level.padEnd(10)} ${sentence}${from}`;
  });
  return `${lines.join('\n')}\n`;
}

/** One line that rewrites itself, on a terminal only. */
function progressOn(stream: Surroundings['stderr']): {
  show(progress: Progress): void;
  clear(): void;
} {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  let last = 0;
  return {
    show({ done, total, requests, check }) {
      if (Date.now() - last < 50) return;
      last = Date.now();
      stream.write(
        `\r\x1b[K${done}/${total} ${check} (${requests} ${requests === 1 ? 'request' : 'requests'})`,
      );
    },
    clear: () => {
      stream.write('\r\x1b[K');
    },
  };
}
