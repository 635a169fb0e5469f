/**
 * `build [--base-url URL] [--repository URL] [--out FOLDER]` writes the site, `serve [--port N] [--host H] [--watch]`
 * serves it. Exit code 0: done. 1: it failed, and a line says why. 2: the arguments are not understood.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSite } from './build-site.ts';
import { serveDocs } from './serve.ts';
import { writeSite } from './site/write-site.ts';

const USAGE = `node src/main.ts build [--base-url URL] [--repository URL] [--out FOLDER]
node src/main.ts serve [--port 4020] [--host 127.0.0.1] [--watch]`;
const DIST = fileURLToPath(new URL('../dist', import.meta.url));

try {
  await main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const isUsage = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  console.error(isUsage ? `${error.message.split(/\.\s/)[0]}.\n${USAGE}` : error.message);
  process.exitCode = isUsage ? 2 : 1;
}

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
  const [command] = positionals;
  if (values.help) {
    console.log(USAGE);
  } else if (command === 'build') {
    const site = await buildSite({
      baseUrl: urlOf('--base-url', values['base-url'], 'DOCS_BASE_URL'),
      repository: urlOf('--repository', values.repository, 'DOCS_REPOSITORY'),
    });
    const written = await writeSite(site, values.out);
    console.log(`${site.pages.length} pages, ${written} files`);
  } else if (command === 'serve' && !isPort(values.port)) {
    console.error(`--port is "${values.port}", and a port is a number from 0 to 65535.\n${USAGE}`);
    process.exitCode = 2;
  } else if (command === 'serve') {
    const docs = await serveDocs({
      port: Number(values.port),
      host: values.host,
      watch: values.watch,
    });
    console.log(`The reference is at ${docs.url}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => docs.close().then(() => process.exit(0)));
    }
  } else {
    console.error(`There is no command "${command ?? ''}".\n${USAGE}`);
    process.exitCode = 2;
  }
}

/** The URL of a flag or, without it, of an environment variable; null: there is neither. */
function urlOf(flag: string, given: string | undefined, variable: string): string | null {
  const url = given ?? process.env[variable];
  if (!url || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return url || null;
  const name = given === undefined ? variable : flag;
  throw new Error(`${name} is "${url}": expected a URL such as https://example.com/docs/.`);
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= 65_535;
}
