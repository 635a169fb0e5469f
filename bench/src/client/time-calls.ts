import { setImmediate as immediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { measure } from 'mitata';

setFlagsFromString('--expose-gc');
/** Collects garbage; all of it, unless told otherwise. */
export const gc: (options?: { type: 'minor' }) => void = runInNewContext('gc');
/** Only the young: a full collection would throw away compiled code as well. */
const collectGarbage = () => gc({ type: 'minor' });

/** Median microseconds of something in this process that takes some of them. */
export async function medianTime(
  body: () => unknown,
  { quick, samples = 200 }: { quick: boolean; samples?: number },
): Promise<number> {
  await immediate();
  collectGarbage();
  const { p50 } = await measure(body, {
    // Its default allocates a gigabyte between runs to provoke a collection.
    gc: false,
    min_cpu_time: quick ? 1e6 : 100e6,
    min_samples: quick ? 3 : samples,
    // A batch would hold the event loop, and what the calls leave to it, for thousands of calls.
    batch_threshold: 0,
  });
  return p50 / 1000;
}

/** Mean microseconds of so many calls one after the other. */
export async function callTime(call: () => Promise<unknown>, calls: number): Promise<number> {
  // Otherwise each would pay for what the one before it has left behind, and that is always the same one.
  collectGarbage();
  const began = performance.now();
  for (let number = 0; number < calls; number += 1) await call();
  return ((performance.now() - began) / calls) * 1000;
}
