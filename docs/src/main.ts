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
  console.error(error.message);
  process.exitCode = 'code' in error && error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? 2 : 1;
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
      baseUrl: values['base-url'] ?? process.env.DOCS_BASE_URL ?? null,
      repository: values.repository ?? process.env.DOCS_REPOSITORY ?? null,
    });
    const written = await writeSite(site, values.out);
    console.log(`${site.pages.length} pages, ${written} files`);
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
