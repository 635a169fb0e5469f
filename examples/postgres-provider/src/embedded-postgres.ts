import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { chown, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeOwnFolder, removeLeftovers } from './own-folder.ts';
import { copyPostgres } from './postgres-files.ts';
import { postgresUser } from './postgres-user.ts';
import { StartError } from './start-error.ts';

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Connection string of a role; of the superuser if none is named. */
  url(role?: string, password?: string): string;
  /** Ends every session and the server; its data stays. */
  stop(): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  /** Stops it and removes its files. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Milliseconds for a polite shutdown; then it is ended at once. */
const PATIENCE = 5000;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '16MB',
  // Its data is thrown away at the end.
  fsync: 'off',
};

/**
 * Runs in the place of PostgreSQL until it becomes it. A helper with its back to the server waits for the end of the
 * standard input, which comes with the end of this process however it ends, and then shuts the server down, even one
 * that is stopped at that moment.
 */
const LAUNCHER = `
data=$1; shift
exec 3<&0
( { cat <&3; read -r pid < "$data/postmaster.pid" && [ "$pid" = $$ ] && kill -INT $$ && kill -CONT $$; } >/dev/null 2>&1 & )
exec "$@" 3<&- </dev/null`;

/**
 * Starts a real PostgreSQL, in a temporary folder and on loopback only, from its npm package. Works as root too,
 * without a change to the machine's users. What earlier ones that were killed have left is removed.
 * @param installed The folder of an installed one (`/usr/lib/postgresql/15`), in place of the package's.
 * @throws StartError if that is not possible here.
 */
export async function startEmbeddedPostgres(installed?: string): Promise<EmbeddedPostgres> {
  const user = postgresUser();
  const superuser = 'postgres';
  const password = randomBytes(24).toString('base64url');
  const prefix = join(tmpdir(), 'sql-sessions-postgres-');
  await removeLeftovers(prefix, user?.uid ?? process.getuid?.());
  const folder = await makeOwnFolder(prefix).catch(notIn(tmpdir()));
  const data = join(folder, 'data');
  const native = join(folder, 'native');
  // What came from a package lacks its links, so it is copied too.
  const inPlace = installed && !existsSync(join(installed, 'pg-symlinks.json'));
  const program = (name: string) => join(inPlace ? installed : native, 'bin', name);
  // Nothing of this process's environment: PGDATA, PGPORT and others would have a say.
  const options = { ...user, cwd: folder, env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH } };
  let port = 0;
  let server: ChildProcess | undefined;

  async function initialise() {
    if (!inPlace) await copyPostgres(native, installed);
    const secret = join(folder, 'password');
    await writeFile(secret, password, { mode: 0o600 });
    if (user) for (const path of [secret, folder]) await chown(path, user.uid, user.gid);
    const flags = ['--auth=scram-sha-256', '--locale=C', '--encoding=UTF8', '--no-sync'];
    const owner = [`--username=${superuser}`, `--pwfile=${secret}`];
    await promisify(execFile)(program('initdb'), [...flags, ...owner, data], options);
    await rm(secret);
  }

  async function start() {
    const settings = Object.entries({ ...SETTINGS, port }).map(
      ([name, value]) => `--${name}=${value}`,
    );
    const child = spawn(
      '/bin/sh',
      ['-c', LAUNCHER, 'launcher', data, program('postgres'), '-D', data, ...settings],
      // Its own process group: Ctrl-C is for this process, which then ends the server in its turn.
      { ...options, detached: true, stdio: ['pipe', 'ignore', 'pipe'] },
    );
    server = child;
    let log = '';
    await new Promise<void>((resolve, reject) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        if (log.includes('database system is ready to accept connections')) return;
        log += text;
        if (log.includes('database system is ready to accept connections')) resolve();
      });
      child.once('exit', () => {
        const lines = log.trim().split('\n');
        const [, reason] = (
          lines.find((line) => line.includes('FATAL:')) ??
          lines.at(-1) ??
          ''
        ).split('FATAL:  ');
        reject(new StartError(`PostgreSQL did not start: ${reason ?? lines.at(-1)}.`));
      });
      child.once('error', reject);
    });
  }

  async function startSomewhere(attempts = 5) {
    port = await freePort();
    await start().catch((error: Error) => {
      if (attempts === 1 || !error.message.includes('Address already in use')) throw error;
      return startSomewhere(attempts - 1);
    });
  }

  async function stop() {
    const child = server;
    server = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    // PostgreSQL's fast shutdown, and its immediate one for when a session does not react.
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGQUIT'), PATIENCE);
    await ended;
    clearTimeout(timer);
    child.stdin?.destroy();
  }

  async function dispose() {
    await stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  try {
    await initialise().catch(notIn(folder));
    await startSomewhere();
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    url: (role = superuser, secret = password) =>
      `postgres://${role}:${secret}@127.0.0.1:${port}/postgres?sslmode=disable`,
    start,
    stop,
    [Symbol.asyncDispose]: dispose,
  };
}

function notIn(folder: string) {
  return (cause: Error & { stderr?: string }): never => {
    if (cause instanceof StartError) throw cause;
    const [why] = (cause.stderr || cause.message).trim().split('\n');
    throw new StartError(
      `PostgreSQL cannot be set up in ${folder}: ${why}. Set TMPDIR to a folder where any user may run programs, or set DATABASE_URL.`,
      { cause },
    );
  };
}

/** A port that is free now; that it stays free until PostgreSQL takes it is likely, not certain. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
