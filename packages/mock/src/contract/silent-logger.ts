import type { createInstance } from '@stoplight/prism-http';

type Logger = Parameters<typeof createInstance>[1]['logger'];

const nothing = () => undefined;

/** Prism insists on a logger and writes a dozen lines per request to it; ours keeps none of them. */
export const silentLogger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  success: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  child: () => silentLogger,
} as unknown as Logger;
