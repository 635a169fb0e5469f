import { start } from '@sql-sessions/testing/process';
import { TOKEN, WORKSPACE } from '../contract.ts';
import { type CreateCloser, RAW } from './clients.ts';
import { gc } from './time-calls.ts';

/**
 * Bytes of heap and buffers that a call takes while it waits for its response, its connection included. Raw `fetch` is
 * given a signal of its own for each call, as ours is.
 * @param server the program that holds the requests
 */
export async function memoryInFlight(
  [who, createCloser]: readonly [string, CreateCloser],
  server: string,
  calls: number,
): Promise<number> {
  const running = start(process.execPath, [server]);
  const pending: Promise<unknown>[] = [];
  try {
    const [, port] = await running.waitFor(/port (\d+)/);
    const cancellable = (url: string | Request, init?: RequestInit) =>
      fetch(url, { ...init, signal: new AbortController().signal });
    const close = createCloser({
      baseUrl: `http://127.0.0.1:${port}`,
      token: TOKEN,
      ...(who === RAW && { fetch: cancellable }),
    });
    const before = used();
    for (let call = 0; call < calls; call += 1) {
      pending.push(close(WORKSPACE, 'held').catch(() => undefined));
    }
    await running.waitFor(new RegExp(`(?:held\\n){${calls}}`));
    return (used() - before) / calls;
  } finally {
    await running.stop();
    await Promise.all(pending);
  }
}

function used(): number {
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
