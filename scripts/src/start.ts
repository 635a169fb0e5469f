/**
 * `pnpm start`: builds everything, then serves the mock and the reference until it is ended.
 * `pnpm dev` is the same with `--watch`.
 *
 * Exit code 0: ended by Ctrl-C or SIGTERM. 1: the build failed, or a port is taken. 2: a flag is not understood.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BuildResult } from '@sql-sessions/contract/build';
import { parseFlags, USAGE, UsageError } from './start-flags.ts';
import { turbo } from './turbo.ts';

/** What stops the command with one line for its user. */
class StartError extends Error {}

try {
  const flags = parseFlags(process.argv.slice(2));
  if (flags.help) console.log(USAGE);
  else await start(flags);
} catch (error) {
  if (!(error instanceof StartError || error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function start({
  host,
  mockPort,
  docsPort,
  watch,
}: ReturnType<typeof parseFlags>): Promise<void> {
  if ((await turbo(['run', 'build', '--output-logs=new-only'])) !== 0) {
    throw new StartError('Nothing was started: the build failed, see above.');
  }
  // Only now do these exist.
  const { startMock } = await import('@sql-sessions/mock');
  const { serveDocs } = await import('@sql-sessions/docs');

  // While it is edited, the mock reads the contract as it is written: what is broken in it is told in each response.
  const spec = fileURLToPath(new URL('../../spec/sessions.yaml', import.meta.url));
  const mock = await listening(
    '--mock-port',
    mockPort,
    startMock({ host, port: mockPort, watch, ...(watch && { spec }) }),
  );
  const docs = await listening(
    '--docs-port',
    docsPort,
    serveDocs({ host, port: docsPort, watch, mockUrl: mock.url, onContract: tell }),
  ).catch(async (error: unknown) => {
    await mock.close();
    throw error;
  });
  console.log(await banner(mock.url, docs.url, watch));

  let ending = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // The second Ctrl-C of someone in a hurry.
      if (ending) process.exit(1);
      ending = true;
      Promise.all([mock.close(), docs.close()]).then(() => process.exit(0));
    });
  }
}

/** Says what came of a save of the contract. */
function tell(result: BuildResult): void {
  if (!result.ok) {
    console.error(`${result.report}\n\nThe last good contract stays in use until this is fixed.`);
  } else if (result.changed.length > 0) {
    console.log(
      `The contract was built in ${result.milliseconds} ms: ${result.changed.join(', ')}`,
    );
  }
}

/** Waits for a server, and turns a port that cannot be had into a line that says what to do about it. */
async function listening<Server>(
  flag: string,
  port: number,
  started: Promise<Server>,
): Promise<Server> {
  try {
    return await started;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new StartError(
        `Port ${port} is taken, most likely by a "pnpm start" or a mock that is still running. End that one, or choose another port: pnpm start ${flag} ${port + 1}`,
      );
    }
    if (code === 'EACCES') {
      throw new StartError(
        `Port ${port} is reserved for the system's own services. Choose one above 1023: pnpm start ${flag} ${port + 4000}`,
      );
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartError(
        'No interface of this machine has that --host. Leave it out, or use 0.0.0.0 for all of them.',
      );
    }
    throw error;
  }
}

async function banner(mockUrl: string, docsUrl: string, watch: boolean): Promise<string> {
  const bold = (text: string) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[22m` : text);
  return `
  Mock       ${bold(mockUrl)}
  Reference  ${bold(docsUrl)}

  ${await sampleCall(mockUrl)}

  ${watch ? 'Saves of the contract are followed. ' : ''}Ctrl-C ends both.
`;
}

/** What the first operation that needs no body does, and a command for it with the contract's own examples. */
async function sampleCall(mockUrl: string): Promise<string> {
  const file = fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.json'));
  const { exampleRequest, readContract, toCurl } = await import('@sql-sessions/contract/model');
  const { operations } = readContract(JSON.parse(await readFile(file, 'utf8')));
  const operation = operations.find(({ requestBody }) => !requestBody?.required);
  if (!operation) return '';
  const command = toCurl(exampleRequest(operation), mockUrl);
  return `${operation.summary}, on the mock:\n\n    ${command}`;
}
