import autocannon from 'autocannon';
import { quantile } from '../statistics.ts';

export interface Load {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/** Sessions differ from call to call, as they do in life: a mock that remembers whole addresses gains nothing by it. */
const REQUESTS = Array.from({ length: 1000 }, (_, number) => ({
  method: 'DELETE' as const,
  path: `/v1/workspaces/analytics/sessions/0b5f8f0e-2f43-4a0e-8a3b-${String(number).padStart(12, '0')}`,
  headers: { 'x-auth-token': 'a-token-of-usual-length-0123456789' },
}));

/**
 * Sends requests over so many connections, each waiting for its answer before the next.
 * @param length for so many seconds, or (a smoke run, on however slow a machine) so many requests
 */
export async function loadMock(
  url: string,
  connections: number,
  length: { seconds: number } | { requests: number },
): Promise<Load> {
  const times: number[] = [];
  let first = 0;
  let last = 0;
  const { non2xx, errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(
      {
        url,
        requests: REQUESTS,
        connections,
        timeout: 60,
        ...('seconds' in length ? { duration: length.seconds } : { amount: length.requests }),
      },
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
    throw new Error(`${non2xx} answers were not 200 and ${errors} calls failed.`);
  }
  return {
    // The library itself ends at whole seconds after its start; answers are what counts.
    perSecond: ((times.length - 1) * 1000) / (last - first),
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}
