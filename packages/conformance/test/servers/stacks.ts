import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedPort } from '@sql-sessions/testing/listen';
import { type RunningProcess, run, start } from '@sql-sessions/testing/process';

/** A correct server in a stack that strangers use. */
export interface Stack {
  name: string;
  /** The command that compiles it, where that takes a while; `FOLDER` stands for a temporary folder. */
  build?: readonly string[];
  /** The command that serves it; `PORT` stands for a free port, `FOLDER` for that of the build. */
  command: readonly string[];
  /** It keeps no sessions between requests, and so has no setup. */
  stateless?: true;
  /** What its HTTP layer cannot do: findings of the level `http`, by check and a part of their message. */
  departures?: readonly (readonly [check: string, finding: string])[];
}

/** Milliseconds, for two cores that are busy with other things. */
const BUILD_TIME = 280_000;
const START_TIME = 120_000;
const HERE = import.meta.dirname;
const node = (file: string) => [process.execPath, join(HERE, file)];

export const stacks: readonly Stack[] = [
  { name: 'node:http', command: node('node-http.mjs') },
  { name: 'Express', command: node('express.mjs') },
  { name: 'Hono', command: node('hono.mjs') },
  { name: 'Fastify', command: node('fastify.mjs') },
  { name: 'Python http.server', command: ['python3', join(HERE, 'server.py')] },
  {
    name: 'Java HttpServer',
    command: ['java', join(HERE, 'Server.java')],
    departures: [['smuggling-bad-length', 'Content-Length: +2']],
  },
  {
    name: 'Go net/http',
    build: ['go', 'build', '-o', 'FOLDER/server.exe', join(HERE, 'server.go')],
    command: ['FOLDER/server.exe'],
    departures: [['smuggling-two-lengths', 'expected one response, got two']],
  },
  {
    name: 'Ruby WEBrick',
    command: ['ruby', join(HERE, 'server.rb')],
    stateless: true,
    departures: [
      ['smuggling-two-lengths', 'expected one response, got two'],
      ['smuggling-bad-length', 'Content-Length'],
      ['smuggling-transfer-coding', 'expected one response, got two'],
      ['smuggling-chunks', 'expected one response, got two'],
    ],
  },
  {
    name: 'PHP',
    command: ['php', '-S', '127.0.0.1:PORT', join(HERE, 'server.php')],
    stateless: true,
    departures: [
      ['header-host', 'Host headers'],
      ['smuggling-bad-length', 'Content-Length'],
      ['smuggling-chunks', 'the server does not respond any more'],
    ],
  },
];

/** Whether a program is installed on this machine. */
export function isInstalled(program: string): boolean {
  const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' });
  return error === undefined;
}

export interface Started extends AsyncDisposable {
  url: string;
  /** Where it serves the setup; undefined: it has none. */
  setup: string | undefined;
}

/** The program that has to be on the machine. */
export function programOf({ build, command: [program = ''] }: Stack): string {
  return build?.[0] ?? program;
}

/** Compiles a stack where it has to be, in a temporary folder: with nothing in a cache Go compiles its library too. */
export async function buildStack(stack: Stack): Promise<Stack & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'stack-'));
  const into = (command: readonly string[]) =>
    command.map((text) => text.replace('FOLDER', folder));
  const dispose = () => rm(folder, { recursive: true, force: true });
  const [program, ...args] = into(stack.build ?? []);
  const env = {
    GOCACHE: join(folder, 'cache'),
    GOPATH: join(folder, 'path'),
    GOTOOLCHAIN: 'local',
  };
  if (program !== undefined) {
    const built = run(program, args, { env, group: true, timeout: BUILD_TIME });
    const compiled = built.then(({ code, stderr }) => {
      if (code !== 0) throw new Error(`${stack.name} does not compile: ${stderr}`);
    });
    await orElse(dispose, compiled);
  }
  return { ...stack, command: into(stack.command), [Symbol.asyncDispose]: dispose };
}

export async function startStack({ command: [program = '', ...args] }: Stack): Promise<Started> {
  const port = `${await closedPort()}`;
  // What a command starts in its turn ends with the group.
  const child = start(
    program,
    args.map((text) => text.replace('PORT', port)),
    { group: true },
  );
  const ready = /ready \S+(?: \S+)?(?=\r?\n)|Development Server .* started/;
  const stop = () => child.stop('SIGKILL');
  const [line] = await orElse(stop, child.waitFor(ready, START_TIME));
  const [, url = `http://127.0.0.1:${port}`, setup] = /^ready (\S+)(?: (\S+))?/.exec(line) ?? [];
  return {
    url,
    setup,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** What does not get ready is not left behind. */
async function orElse<T>(dispose: () => Promise<unknown>, ready: Promise<T>): Promise<T> {
  try {
    return await ready;
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A proxy in front of a server; its configuration gets its own port and that of the server. */
export interface Proxy {
  name: string;
  program: string;
  arguments(file: string): string[];
  configuration(port: number, upstream: string, folder: string): string;
}

export const proxies: readonly Proxy[] = [
  {
    name: 'nginx',
    program: 'nginx',
    arguments: (file) => ['-c', file, '-g', 'daemon off;'],
    configuration: (port, upstream, folder) => `
      pid ${folder}/pid;
      error_log stderr;
      events {}
      http {
        access_log off;
        client_body_temp_path ${folder}/body;
        proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/fastcgi;
        uwsgi_temp_path ${folder}/uwsgi;
        scgi_temp_path ${folder}/scgi;
        server {
          listen 127.0.0.1:${port};
          client_max_body_size 2m;
          location / { proxy_pass http://${upstream}; proxy_http_version 1.1; }
        }
      }`,
  },
  {
    name: 'HAProxy',
    program: 'haproxy',
    arguments: (file) => ['-db', '-f', file],
    configuration: (port, upstream) => `
defaults
  mode http
  timeout connect 5s
  timeout client 20s
  timeout server 20s
frontend front
  bind 127.0.0.1:${port}
  default_backend back
backend back
  server one ${upstream}
`,
  },
];

/** Puts a proxy in front of a server. */
export async function startProxy(proxy: Proxy, url: string): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'proxy-'));
  const file = join(folder, 'proxy.conf');
  const port = await closedPort();
  await writeFile(file, proxy.configuration(port, new URL(url).host, folder));
  const child = start(proxy.program, proxy.arguments(file));
  const dispose = async () => {
    await child.stop('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  };
  await orElse(dispose, untilOpen(port, child));
  return { url: `http://127.0.0.1:${port}`, setup: undefined, [Symbol.asyncDispose]: dispose };
}

async function untilOpen(port: number, { child, stderr }: RunningProcess): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => setTimeout(resolve, 20, false));
    });
    socket.destroy();
    if (open) return;
    if (child.exitCode !== null) throw new Error(`it ended before its port was open: ${stderr()}`);
  }
}
