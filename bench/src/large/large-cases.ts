import { writeContract } from '@sql-sessions/testing/contracts';
import { largeContract } from '@sql-sessions/testing/large-contract';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { ownMock, PRISM, peerMocks } from '../mock/mocks.ts';
import { runMock } from '../mock/run-mock.ts';
import type { Case, Context } from '../run-case.ts';
import { quantile } from '../statistics.ts';

const SIZES = [100, 400, 1200];
const MB = 2 ** 20;
const PATIENCE = 120_000;
const METRICS = [
  ['start', 'ms'],
  ['slowest first response', 'ms'],
  ["another client's p99 meanwhile", 'ms'],
  ['memory', 'MB'],
] as const;

/** Start, first responses and memory with large contracts, of our mock and of plain Prism. */
export async function* largeCases({ quick, oursOnly }: Context): AsyncGenerator<Case> {
  const mocks = [ownMock, ...(oursOnly ? [] : peerMocks.filter(({ who }) => who === PRISM))];
  for (const size of quick ? SIZES.slice(0, 1) : SIZES) {
    await using folder = await temporaryFolder();
    const contract = largeContract(408, size / 400);
    const spec = await writeContract(folder.path, contract);
    const all = Object.keys(contract.paths).map((path) => path.replace('{id}', '7'));
    const paths = quick ? all.slice(0, 5) : all;
    for (const mock of mocks) {
      yield {
        title: `a contract of ${size} kB, ${mock.who}`,
        metrics: METRICS.map(([name, unit]) => [`${name}, ${size} kB`, unit]),
        // What may take minutes is asked for once.
        rounds: mock === ownMock ? 3 : 1,
        never: 'not within two minutes',
        subjects: [{ who: mock.who, measure: () => measure(mock, spec, paths) }],
      };
    }
  }
}

async function measure(mock: typeof ownMock, spec: string, paths: string[]) {
  const [known = ''] = paths;
  const nothing = METRICS.map(() => null);
  const get = async (url: string, path: string, signal = AbortSignal.timeout(PATIENCE)) => {
    const response = await fetch(url + path, { signal });
    await response.arrayBuffer();
    return response.status;
  };
  const running = await runMock(mock, spec, (url) => get(url, known)).catch(unlessTooSlow);
  if (running === undefined) return nothing;
  await using mocked = running;
  const { url, ready } = mocked;

  // One client goes through all operations, another asks again and again for one that has responded before.
  const waits: number[] = [];
  let over = false;
  const other = (async () => {
    while (!over) {
      const began = performance.now();
      await get(url, known);
      waits.push(performance.now() - began);
    }
  })();
  let slowest = 0;
  try {
    const limit = AbortSignal.timeout(PATIENCE);
    for (const path of paths) {
      const began = performance.now();
      await get(url, path, limit);
      slowest = Math.max(slowest, performance.now() - began);
    }
  } catch (error) {
    unlessTooSlow(error);
    return [ready, null, null, null];
  } finally {
    over = true;
    await other.catch(() => undefined);
  }
  return [ready, slowest, quantile(waits, 0.99), (await mocked.memory()) / MB];
}

/** What takes too long is a figure that never came about; anything else is a fault, and is told. */
function unlessTooSlow(error: unknown): undefined {
  const { name, message } = error as Error;
  if (name !== 'TimeoutError' && !message.endsWith('within two minutes.')) throw error;
}
