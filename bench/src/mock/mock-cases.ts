import { contractFile, OURS } from '../contract.ts';
import { peerVersions } from '../peers.ts';
import type { Case, Context, Subject } from '../run-case.ts';
import { loadMock } from './load-mock.ts';
import { bareServer, ownMock, PRISM, peerMocks } from './mocks.ts';
import { callMock, type RunningMock, runMock } from './run-mock.ts';

const CONNECTIONS = [1, 20, 200];
const MB = 2 ** 20;

/** Start, load and memory of our mock and of what a user would take instead, each in a process of its own. */
export async function* mockCases({ quick, oursOnly, versions }: Context): AsyncGenerator<Case> {
  const bare = await bareServer();
  const mocks = oursOnly ? [ownMock, bare] : [ownMock, bare, ...peerMocks];
  if (!oursOnly) Object.assign(versions, await peerVersions(peerMocks.map((mock) => mock.package)));
  const baseline = oursOnly ? OURS : PRISM;
  yield {
    title: 'time to the first response',
    metrics: [['time to the first response', 'ms']],
    rounds: 3,
    baseline,
    subjects: mocks.map((mock) => ({
      who: mock.who,
      async measure() {
        await using running = await runMock(mock, contractFile);
        return [running.ready];
      },
    })),
  };

  await using stack = new AsyncDisposableStack();
  const running: [string, RunningMock][] = [];
  for (const mock of mocks) {
    running.push([mock.who, stack.use(await runMock(mock, contractFile))]);
  }
  const each = (measure: (mock: RunningMock) => Promise<number[]>): Subject[] =>
    running.map(([who, mock]) => ({ who, measure: () => measure(mock) }));
  const memory = (when: string): Case => ({
    title: `memory, ${when}`,
    metrics: [[`memory, ${when}`, 'MB']],
    subjects: each(async (mock) => [(await mock.memory()) / MB]),
  });
  yield memory('idle');
  yield {
    title: 'status for a bad id',
    metrics: [['status for a bad id', 'status']],
    subjects: each(async ({ url }) => [await callMock(url, 'not_an_id')]),
  };
  for (const at of CONNECTIONS) {
    const length = quick ? { amount: 2 * at + 8 } : { duration: 2 };
    yield {
      title: `load over ${at} connections`,
      metrics: [
        ['processor time per request', 'µs'],
        ['throughput', 'requests/s'],
        ['latency, p50', 'ms'],
        ['latency, p99', 'ms'],
      ],
      warmup: 1,
      rounds: 4,
      baseline,
      subjects: each(async ({ url, cpu }) => {
        const before = await cpu();
        const [perSecond, p50, p99, count] = await loadMock(url, at, length);
        return [((await cpu()) - before) * (1000 / count), perSecond, p50, p99];
      }).map((each) => ({ ...each, at })),
    };
  }
  yield memory('after the load');
}
