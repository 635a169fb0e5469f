import { once } from 'node:events';
import { createProvider } from './create-provider.ts';
import { startDemo } from './demo.ts';
import { HELP, readSettings, type Settings } from './settings.ts';
import { StartError } from './start-error.ts';

const signal = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => once(process, name)));

async function main({ host, port, closeTimeout, poolSize, logLevel, database }: Settings) {
  await using stack = new AsyncDisposableStack();
  const demo = database ? undefined : stack.use(await startDemo());
  const { url, tokens } = database ?? { url: '', tokens: new Map() };
  const app = await createProvider({
    databaseUrl: demo?.databaseUrl ?? url,
    tokens: demo?.tokens ?? tokens,
    closeTimeout,
    poolSize,
    log: { level: logLevel, stream: process.stderr },
  });
  stack.defer(() => app.close());
  await app.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
    throw new StartError(
      `Cannot listen at ${host}, port ${port} (${cause.code}). Set HOST and PORT to what is free here; PORT=0 takes any free port.`,
      { cause },
    );
  });
  console.log(`Closing PostgreSQL sessions at ${app.listeningOrigin}; Ctrl-C ends it.\n`);
  await demo?.invite(app.listeningOrigin, console.log);
  await signal;
}

try {
  const [unknown] = process.argv.slice(2).filter((given) => given !== '--help' && given !== '--');
  if (unknown !== undefined) {
    throw new StartError(
      `There is no argument ${unknown}: settings are environment variables, which --help lists.`,
    );
  }
  if (process.argv.includes('--help')) console.log(HELP);
  else await main(readSettings(process.env));
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
// A database that hangs may still hold a connection open.
process.exit();
