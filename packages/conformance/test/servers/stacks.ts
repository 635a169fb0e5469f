import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '@sql-sessions/testing/process';

/** A correct server in a stack that strangers use. */
export interface Stack {
  name: string;
  /** The command that serves it; `PORT` stands for a free port. */
  command: readonly string[];
  /** What its HTTP layer cannot do: findings of the level `http`, by check and a part of their message. */
  departures?: readonly (readonly [check: string, finding: string])[];
}

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
    command: ['go', 'run', join(HERE, 'server.go')],
    departures: [['smuggling-two-lengths', 'expected one response, got two']],
  },
  {
    name: 'Ruby WEBrick',
    command: ['ruby', join(HERE, 'server.rb')],
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

export async function startStack({ command: [program = '', ...args] }: Stack): Promise<Started> {
  const port = `${await freePort()}`;
  // `go run` starts a process of its own, which ends with the group.
  const child = start(
    program,
    args.map((text) => text.replace('PORT', port)),
    { group: true },
  );
  const [line] = await child.waitFor(/ready \S+(?: \S+)?(?=\r?\n)|Development Server .* started/);
  const [, url = `http://127.0.0.1:${port}`, setup] = /^ready (\S+)(?: (\S+))?/.exec(line) ?? [];
  return {
    url,
    setup,
    async [Symbol.asyncDispose]() {
      await child.stop('SIGKILL');
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
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
  const port = await freePort();
  await writeFile(file, proxy.configuration(port, new URL(url).host, folder));
  const child = start(proxy.program, proxy.arguments(file));
  await untilOpen(port);
  return {
    url: `http://127.0.0.1:${port}`,
    setup: undefined,
    async [Symbol.asyncDispose]() {
      await child.stop('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilOpen(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => setTimeout(resolve, 20, false));
    });
    socket.destroy();
    if (open) return;
  }
}
