import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { styleText } from 'node:util';
import { type Arguments, readArguments, USAGE } from './arguments.ts';
import { kit } from './kit.ts';
import { KitError } from './kit-error.ts';
import { type KnownDeparture, readKnownDepartures } from './known-departures.ts';
import { listChecks } from './list-checks.ts';
import type { Outcome } from './report/report.ts';
import { toHtml } from './report/to-html.ts';
import { toJUnit } from './report/to-junit.ts';
import { toText } from './report/to-text.ts';
import type { SetupFunction } from './setup.ts';
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
  if (options.baseUrl === undefined) {
    throw new KitError(
      'input',
      '--base-url is missing: say where the server answers, such as http://127.0.0.1:8080.',
    );
  }
  const progress = progressOn(stderr);
  try {
    const { report, har } = await verify({
      baseUrl: options.baseUrl,
      token: env.SQL_SESSIONS_TOKEN || undefined,
      setup: options.setup === undefined ? undefined : await importSetup(options.setup),
      known: options.known === undefined ? undefined : await readKnown(options.known),
      only: options.only,
      seed: options.seed,
      runs: options.runs,
      timeout: options.timeout,
      maxRequests: options.maxRequests,
      strict: options.strict,
      allowRemote: options.allowRemote,
      signal,
      onProgress: progress.show,
    });
    progress.clear();
    await write(options.html, () => toHtml(report));
    await write(options.junit, () => toJUnit(report));
    await write(options.har, () => JSON.stringify(har));
    stdout.write(
      options.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : toText(report, (outcome, text) => styleText(COLOURS[outcome], text, { stream: stdout })),
    );
    if (signal.aborted) return 130;
    return report.ok ? 0 : 1;
  } finally {
    progress.clear();
  }
}

const COLOURS: Record<Outcome, 'green' | 'red' | 'yellow' | 'gray'> = {
  passed: 'green',
  failed: 'red',
  known: 'yellow',
  'not-exercised': 'gray',
};

function printList(): string {
  const lines = listChecks().map(({ id, sentence, needs }) => {
    const from = needs.length === 0 ? '' : ` [needs ${needs.join(', ')}]`;
    return `${id.padEnd(26)} ${sentence}${from}`;
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

async function importSetup(file: string): Promise<SetupFunction> {
  const url = pathToFileURL(resolve(file)).href;
  const module = await import(url).catch((cause: Error) => {
    throw new KitError('input', `--setup ${file} cannot be loaded: ${firstLine(cause.message)}`, {
      cause,
    });
  });
  if (typeof module.default === 'function') return module.default as SetupFunction;
  throw new KitError(
    'input',
    `--setup ${file} has no function as its default export: expected export default async (context) => ({ … }).`,
  );
}

async function readKnown(file: string): Promise<KnownDeparture[]> {
  try {
    return readKnownDepartures(JSON.parse(await readFile(file, 'utf8')), file);
  } catch (cause) {
    if (cause instanceof KitError) throw cause;
    throw new KitError(
      'input',
      `--known ${file} cannot be read as JSON: ${firstLine((cause as Error).message)}`,
      { cause },
    );
  }
}

async function write(file: string | undefined, content: () => string): Promise<void> {
  if (file === undefined) return;
  try {
    await writeFile(file, content());
  } catch (cause) {
    throw new KitError(
      'input',
      `${file} cannot be written: ${firstLine((cause as Error).message)}`,
      { cause },
    );
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
