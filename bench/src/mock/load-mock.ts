import autocannon from 'autocannon';
import { TOKEN } from '../contract.ts';
import { quantile } from '../statistics.ts';
import { SESSIONS } from './run-mock.ts';

/** Sessions differ from call to call, as they do in life: a mock that remembers whole URLs gains nothing by it. */
const REQUESTS = Array.from({ length: 1000 }, (_, number) => ({
  method: 'DELETE' as const,
  path: `${SESSIONS}/0b5f8f0e-2f43-4a0e-8a3b-${String(number).padStart(12, '0')}`,
  headers: { 'x-auth-token': TOKEN },
}));

/**
 * Sends requests over so many connections, each waiting for its response before the next.
 * @param length for so many seconds, or (a smoke run, on however slow a machine) so many requests
 * @returns requests per second, the times of half of them and of 99 % in milliseconds, and how many there were
 */
export async function loadMock(
  url: string,
  connections: number,
  length: { duration: number } | { amount: number },
): Promise<[perSecond: number, p50: number, p99: number, count: number]> {
  const times: number[] = [];
  let first = 0;
  let last = 0;
  const { non2xx, errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(
      { url, requests: REQUESTS, connections, timeout: 60, ...length },
      (error, result) => (error ? reject(error) : resolve(result)),
    );
    // The library's own histogram counts whole milliseconds.
    running.on('response', (_client, status, _bytes, time) => {
      if (status === 200) times.push(time);
      last = performance.now();
      first ||= last;
    });
  });
  if (times.length === 0 || non2xx > 0 || errors > 0) {
    throw new Error(`${non2xx} responses were not 200 and ${errors} calls failed.`);
  }
  // The library itself ends at whole seconds after its start; responses are what counts.
  const perSecond = ((times.length - 1) * 1000) / (last - first);
  return [perSecond, quantile(times, 0.5), quantile(times, 0.99), times.length];
}
