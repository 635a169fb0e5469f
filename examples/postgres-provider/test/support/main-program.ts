import { fileURLToPath } from 'node:url';

/** The program that `start` runs. */
export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const SETTINGS = ['DATABASE_URL', 'TOKENS', 'HOST', 'CLOSE_TIMEOUT_MS', 'POOL_SIZE', 'LOG_LEVEL'];

/** An environment in which nothing is set for it but that it takes any free port. */
export const NOTHING_SET: Record<string, string | undefined> = {
  ...Object.fromEntries(SETTINGS.map((name) => [name, undefined])),
  PORT: '0',
};
