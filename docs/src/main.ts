/**
 * `build [--base-url URL] [--repository URL] [--out FOLDER]` writes the site, `serve [--port N] [--host H] [--watch]`
 * serves it. Exit code 0: done. 1: it failed, and a line says why. 2: the arguments, or the environment variables that
 * stand for them, are not understood.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = `node src/main.ts build [--base-url URL] [--repository URL] [--out FOLDER]
node src/main.ts serve [--port 4020] [--host 127.0.0.1] [--watch]`;
const DIST = fileURLToPath(new URL('../dist', import.meta.url));

class UsageError extends Error {}

try {
  await main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const isArgument = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  const isUsage = isArgument || error instanceof UsageError;
  const message = isArgument ? `${error.message.split(/\.\s/)[0]}.` : error.message;
  console.error(isUsage ? `${message}\n${USAGE}` : message);
  process.exitCode = isUsage ? 2 : 1;
}

// What does the work is loaded once it is known what is to be done: that takes longer than all the rest.
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      'base-url': { type: 'string' },
      repository: { type: 'string' },
      out: { type: 'string', default: DIST },
      port: { type: 'string', default: '4020' },
      host: { type: 'string', default: '127.0.0.1' },
      watch: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const command = positionals.join(' ');
  if (values.help) {
    console.log(USAGE);
  } else if (command === 'build') {
    const options = {
      baseUrl: urlOf('--base-url', values['base-url'], 'DOCS_BASE_URL'),
      repository: urlOf('--repository', values.repository, 'DOCS_REPOSITORY'),
    };
    if (!values.out) throw new UsageError('--out is empty: expected a folder.');
    const { buildSite } = await import('./build-site.ts');
    const { writeSite } = await import('./site/write-site.ts');
    const site = await buildSite(options);
    const out = resolve(values.out);
    const written = await writeSite(site, out, undefined, out === DIST).catch((error) => {
      throw error.code ? new Error(`${out} cannot be written to: ${error.message}.`) : error;
    });
    console.log(`${site.pages.length} pages, ${written} files`);
  } else if (command === 'serve') {
    const { host, watch } = values;
    if (!host) throw new UsageError('--host is empty: expected a host such as 127.0.0.1.');
    const port = portOf(values.port);
    const { serveDocs } = await import('./serve.ts');
    const docs = await serveDocs({ port, host, watch }).catch((error) => {
      if (error.code !== 'EADDRINUSE') throw error;
      throw new Error(`Port ${port} of ${host} is taken. Choose another one with --port.`);
    });
    console.log(`The reference is at ${docs.url}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => docs.close().then(() => process.exit(0)));
    }
  } else {
    throw new UsageError(`There is no command "${command}".`);
  }
}

/** The URL of a flag or, without it, of an environment variable; null: there is neither. */
function urlOf(flag: string, given: string | undefined, variable: string): string | null {
  const url = given ?? process.env[variable];
  if (!url || (URL.canParse(url) && /^https?:[^?#]+$/i.test(url))) return url || null;
  const name = given === undefined ? variable : flag;
  throw new UsageError(
    `${name} is "${url}": expected a URL such as https://example.com/docs/, without query and fragment.`,
  );
}

function portOf(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`--port is "${text}", and a port is a number from 0 to 65535.`);
}
