import { StartError } from './start-error.ts';
import { parseTokens, type Tokens } from './tokens.ts';

export interface Settings {
  host: string;
  port: number;
  closeTimeout: number;
  poolSize: number;
  logLevel: string;
  /** Whose sessions to close; undefined: those of an embedded PostgreSQL. */
  database: { url: string; tokens: Tokens } | undefined;
}

export const HELP = `Closes PostgreSQL sessions over HTTP, as the SQL Sessions contract says.

Without settings it brings its own PostgreSQL, with a session to close. Environment variables:

  DATABASE_URL      a PostgreSQL (14 or newer) of yours, as a role that may take the role of every workspace
  TOKENS            with DATABASE_URL: {"<sha-256 of a token>": {"workspaces": ["<role>"], "suspended": false}}
  HOST              interface to listen at (127.0.0.1)
  PORT              port to listen at; 0 for any that is free (8080)
  CLOSE_TIMEOUT_MS  milliseconds for a whole call, else 408 (5000)
  POOL_SIZE         database connections, open from the start (10)
  LOG_LEVEL         fatal, error, warn, info, debug or silent (info); JSON lines on the standard error

Exit codes: 0 stopped by a signal, 1 could not start.`;

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'];

/** @throws StartError that names the variable and what it has to be. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const logLevel = env.LOG_LEVEL || 'info';
  if (!LEVELS.includes(logLevel)) {
    throw new StartError(`LOG_LEVEL: expected one of ${LEVELS.join(', ')}, not "${logLevel}".`);
  }
  return {
    host: env.HOST || '127.0.0.1',
    port: integer(env, 'PORT', 8080, 0, 65_535),
    closeTimeout: integer(env, 'CLOSE_TIMEOUT_MS', 5000, 100, 600_000),
    poolSize: integer(env, 'POOL_SIZE', 10, 1, 1000),
    logLevel,
    database: readDatabase(env),
  };
}

function readDatabase({ DATABASE_URL: url, TOKENS }: NodeJS.ProcessEnv): Settings['database'] {
  if (!url) {
    if (!TOKENS) return undefined;
    throw new StartError('TOKENS is set and DATABASE_URL is not: set both, or neither for a demo.');
  }
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new StartError('DATABASE_URL: expected postgres://user:password@host:port/database.');
  }
  const tokens = parseTokens(TOKENS ?? '');
  if (!tokens) {
    throw new StartError(
      'TOKENS: expected {"<sha-256 of a token, 64 hexadecimal digits in lower case>": {"workspaces": ["<role>"]}}.',
    );
  }
  return { url, tokens };
}

function integer(
  env: NodeJS.ProcessEnv,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const text = env[name];
  if (!text) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new StartError(`${name}: expected a whole number from ${least} to ${most}, not "${text}".`);
}
