import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { listen } from '@sql-sessions/testing/listen';
import { run, start } from '@sql-sessions/testing/process';
import type { CheckServers, runChecks } from './runtime-checks.ts';

/** Runs the checks somewhere and returns what they say. `project` has the packed client installed. */
export type Runtime = (project: string, at: CheckServers) => Promise<unknown>;

const CHECKS = fileURLToPath(new URL('./runtime-checks.ts', import.meta.url));

/** The checks as JavaScript in the stranger's project, with the client left to the runtime to find, or built in. */
async function write(project: string, name: string, code: string, bundle: boolean) {
  const entry = join(project, `${name}.ts`);
  await copyFile(CHECKS, join(project, 'runtime-checks.ts'));
  await writeFile(entry, `import { runChecks } from './runtime-checks.ts';\n${code}`);
  const esbuild = fileURLToPath(
    new URL('../matrix/node_modules/esbuild/bin/esbuild', import.meta.url),
  );
  const outfile = join(project, `${name}.mjs`);
  const flags = ['--bundle', '--format=esm', '--target=es2022', '--log-level=error'];
  if (!bundle) flags.push('--packages=external');
  const built = await run(process.execPath, [esbuild, entry, `--outfile=${outfile}`, ...flags]);
  if (built.code !== 0) throw new Error(built.stderr);
  return outfile;
}

/** A program that runs a file: Node, Bun, Deno. */
export function program(executable: string, ...flags: string[]): Runtime {
  return async (project, at) => {
    const code = 'console.log(JSON.stringify(await runChecks(JSON.parse(process.env.SERVERS))));';
    const file = await write(project, 'checks', code, false);
    const result = await run(executable, [...flags, file], {
      cwd: project,
      // Neither looks for news nor reports anything.
      env: {
        DENO_NO_UPDATE_CHECK: '1',
        DO_NOT_TRACK: '1',
        NODE_OPTIONS: undefined,
        SERVERS: JSON.stringify(at),
      },
    });
    if (result.code !== 0) throw new Error(`${executable}:\n${result.stdout}${result.stderr}`);
    return JSON.parse(result.stdout);
  };
}

/** A page of another origin in Chromium. */
export const chromium: Runtime = async (project, at) => {
  const file = await write(project, 'page', 'globalThis.runChecks = runChecks;', true);
  const script = await readFile(file);
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.mjs';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<!doctype html><script type="module" src="/page.mjs"></script>',
    );
  });
  await using site = await listen(server);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.waitForFunction('globalThis.runChecks');
    return await page.evaluate(
      (servers) => (globalThis as unknown as { runChecks: typeof runChecks }).runChecks(servers),
      at,
    );
  } finally {
    await browser.close();
  }
};

/** A worker in workerd, which runs the checks when it is asked for them. */
export function workerd(executable: string): Runtime {
  return async (project, at) => {
    const code =
      'export default { fetch: async (request) => Response.json(await runChecks(await request.json())) };';
    await write(project, 'worker', code, true);
    const config = join(project, 'workerd.capnp');
    await writeFile(
      config,
      `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.mjs")],
      compatibilityDate = "2025-06-01",
    )),
    (name = "internet", network = (allow = ["local", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
    );
    const worker = start(executable, ['serve', config, '--control-fd=1'], { cwd: project });
    try {
      const [, port] = await worker.waitFor(/"port":(\d+)/);
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: JSON.stringify(at),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`workerd: ${text}\n${worker.stderr()}`);
      return JSON.parse(text);
    } finally {
      await worker.stop();
    }
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** What the server of {@link startFaults} does below each path; `nth` is 1 for the first request there. */
const FAULTS: Record<string, (response: ServerResponse, nth: number, other: string) => unknown> = {
  redirect: (response, _, other) =>
    response.writeHead(307, { location: `${other}/elsewhere` }).end(),
  stalled: () => {},
  retry: (response, nth) =>
    response
      .writeHead(nth % 2 === 1 ? 500 : 404, JSON_TYPE)
      .end('{"error_code":"common.1","error_msg":"a failure"}'),
  gateway: (response) =>
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
};

/**
 * A server that does what {@link FAULTS} says, for pages of any origin, and counts its requests by their paths.
 * @param other where its redirect leads
 */
export async function startFaults(other = '') {
  const counts: Record<string, number> = {};
  const server = createServer((request, response) => {
    for (const name of ['origin', 'methods', 'headers'])
      response.setHeader(`access-control-allow-${name}`, '*');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const [, name = ''] = (request.url ?? '').split('/');
    counts[name] = (counts[name] ?? 0) + 1;
    (FAULTS[name] ?? ((unknown) => unknown.writeHead(599).end()))(response, counts[name], other);
  });
  return { ...(await listen(server)), counts };
}
