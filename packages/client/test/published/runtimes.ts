import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { run, start } from '@sql-sessions/testing/process';
import { build } from 'esbuild';
import { documented } from '../examples.ts';
import { playFaults } from '../fault-server.ts';
import type { CheckServers, runChecks } from './checks.ts';

type Servers = Parameters<typeof runChecks>[0];

/** Runs the checks somewhere and returns what they say. `project` has the packed client installed. */
export type Runtime = (project: string, at: Servers) => Promise<Record<string, unknown>>;

const CHECKS = fileURLToPath(new URL('./checks.ts', import.meta.url));

/** The checks as JavaScript in the stranger's project, with the client left to the runtime to find, or built in. */
async function write(
  project: string,
  name: string,
  code: string,
  bundle: boolean,
): Promise<string> {
  const outfile = join(project, name);
  const contents = `${await readFile(CHECKS, 'utf8')}\n${code}`;
  await build({
    stdin: { contents, loader: 'ts', resolveDir: project },
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    ...(bundle ? {} : { packages: 'external' }),
    logLevel: 'error',
  });
  return outfile;
}

/** A program that runs a file: Node, Bun, Deno. */
export function program(executable: string, ...flags: string[]): Runtime {
  return async (project, at) => {
    const code = `console.log(JSON.stringify(await runChecks(${JSON.stringify(at)})));`;
    const file = await write(
      project,
      `checks-${at.methods.refused.slice(-5)}-${flags.length}.mjs`,
      code,
      false,
    );
    const result = await run(executable, [...flags, file], {
      cwd: project,
      // Neither looks for news nor reports anything.
      env: { DENO_NO_UPDATE_CHECK: '1', DO_NOT_TRACK: '1', NODE_OPTIONS: undefined },
    });
    if (result.code !== 0) throw new Error(`${executable}:\n${result.stdout}${result.stderr}`);
    return JSON.parse(result.stdout);
  };
}

/** A page of another origin in Chromium. */
export const chromium: Runtime = async (project, at) => {
  const file = await write(project, 'page.mjs', 'globalThis.runChecks = runChecks;', true);
  const script = await readFile(file);
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.mjs';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<!doctype html><script type="module" src="/page.mjs"></script>',
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('globalThis.runChecks');
    return await page.evaluate(
      (servers) => (globalThis as unknown as { runChecks: typeof runChecks }).runChecks(servers),
      at,
    );
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
};

/** A worker in workerd, which runs the checks when it is asked for them. */
export function workerd(executable: string): Runtime {
  return async (project, at) => {
    const code =
      'export default { fetch: async (request) => Response.json(await runChecks(await request.json())) };';
    await write(project, 'worker.mjs', code, true);
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

/** Starts the servers that the checks need besides the mock; disposing them finds every fault used. */
export async function startCheckServers(
  mock: string,
): Promise<{ at: CheckServers } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const play = async (...script: Parameters<typeof playFaults>[0]) =>
    stack.use(await playFaults(script)).baseUrl;
  const other = await play();
  const at = {
    mock,
    refused: `http://127.0.0.1:${await findFreePort()}`,
    redirect: await play({ redirectTo: `${other}/elsewhere` }),
    stalled: await play('stalled'),
    retry: await play(documented(500), documented(404)),
    gateway: await play({ html: 502 }),
  };
  const servers = stack.move();
  return { at, [Symbol.asyncDispose]: () => servers.disposeAsync() };
}

async function findFreePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
