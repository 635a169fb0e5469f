import { setImmediate as immediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { start } from '@sql-sessions/testing/process';
import { measure } from 'mitata';
import { interleave, toRows } from '../interleave.ts';
import type { Row } from '../results-file.ts';
import { type CreateCloser, RAW } from './clients.ts';
import { notFound } from './not-found.ts';

const TOKEN = 'a-token-of-usual-length-0123456789';
const ANSWERS = [
  { session: '0b5f8f0e-2f43-4a0e-8a3b-5a1f6f9f7c21', status: 200, words: 'closed' },
  { session: 'gone', status: 404, words: 'not found' },
];

export type Closers = ReadonlyMap<string, CreateCloser>;

/** Time per call over loopback: one call after the other on a connection that is kept open. */
export async function measureLoopback(closers: Closers, quick: boolean): Promise<Row[]> {
  const server = start(process.execPath, [
    fileURLToPath(new URL('./answer-server.ts', import.meta.url)),
  ]);
  try {
    const [, port] = await server.waitFor(/port (\d+)/);
    const baseUrl = `http://127.0.0.1:${port}`;
    const calls = quick ? 5 : 250;
    const rows: Row[] = [];
    for (const { session, status, words } of ANSWERS) {
      const contenders: Record<string, () => Promise<number>> = {};
      for (const [name, createCloser] of closers) {
        const close = createCloser({ baseUrl, token: TOKEN });
        await expectStatus(name, close, session, status);
        contenders[name] = async () => {
          // Otherwise each would pay for what the one before it has left behind, and that is always the same one.
          collectGarbage();
          const began = performance.now();
          for (let call = 0; call < calls; call += 1) await close('analytics', session);
          return ((performance.now() - began) / calls) * 1000;
        };
      }
      // The first rounds compile the code and open the connections; they are thrown away.
      await interleave(quick ? 1 : 4, contenders);
      const samples = await interleave(quick ? 2 : 30, contenders);
      const metric = `call over loopback, ${words}`;
      rows.push(...toRows(samples, { metric, unit: 'µs', baseline: RAW }));
    }
    return rows;
  } finally {
    await server.stop();
  }
}

/** What a client itself costs: time per call with a `fetch` that answers at once. */
export async function measureInProcess(closers: Closers, quick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { session, status, words } of ANSWERS) {
    const contenders: Record<string, () => Promise<number>> = {};
    for (const [name, createCloser] of closers) {
      const close = createCloser({
        baseUrl: 'http://127.0.0.1:9',
        token: TOKEN,
        fetch: async () =>
          status === 200
            ? new Response(null, { status })
            : new Response(notFound, { status, headers: { 'content-type': 'application/json' } }),
      });
      await expectStatus(name, close, session, status);
      contenders[name] = async () => {
        await immediate();
        collectGarbage();
        const { p50 } = await measure(() => close('analytics', session), {
          // Its default allocates a gigabyte between runs to provoke a collection.
          gc: false,
          min_cpu_time: quick ? 1e6 : 100e6,
          min_samples: quick ? 3 : 200,
          // A batch would hold the event loop, and what the calls leave to it, for thousands of calls.
          batch_threshold: 0,
        });
        return p50 / 1000;
      };
    }
    const samples = await interleave(quick ? 2 : 7, contenders);
    const metric = `call in process, ${words}`;
    rows.push(...toRows(samples, { metric, unit: 'µs', baseline: RAW }));
  }
  return rows;
}

setFlagsFromString('--expose-gc');
const gc: (options: { type: 'minor' }) => void = runInNewContext('gc');
/** Only the young: a full collection would throw away compiled code as well. */
const collectGarbage = () => gc({ type: 'minor' });

async function expectStatus(
  name: string,
  close: ReturnType<CreateCloser>,
  session: string,
  expected: number,
): Promise<void> {
  const status = await close('analytics', session);
  if (status !== expected) throw new Error(`${name} saw ${status} instead of ${expected}.`);
}
