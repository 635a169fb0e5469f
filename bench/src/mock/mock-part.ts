import type { BenchContext, Findings } from '../bench-context.ts';
import { interleave, toRows } from '../interleave.ts';
import { installPeers, peerVersions } from '../peers.ts';
import type { Row } from '../results-file.ts';
import { type Load, loadMock } from './load-mock.ts';
import { contractFile, type MockContender, OURS, ownMock, PRISM, peerMocks } from './mocks.ts';
import { BAD_PATH, callMock, type RunningMock, runMock } from './run-mock.ts';

const CONNECTIONS = [1, 20, 200];
const MB = 2 ** 20;

/** Start, load and memory of our mock and of what a user would take instead, each in a process of its own. */
export async function mockPart(context: BenchContext): Promise<Findings> {
  const { quick, oursOnly, progress } = context;
  const contenders = [ownMock];
  let versions: Record<string, string> = {};
  if (!oursOnly) {
    await installPeers(context);
    contenders.push(...peerMocks);
    versions = await peerVersions(...peerMocks.flatMap(({ package: own }) => own ?? []));
  }
  const baseline = oursOnly ? OURS : PRISM;

  progress('time to the first answer');
  const starts = await interleave(
    quick ? 1 : 3,
    byName(contenders, async (contender) => {
      await using mock = await runMock(contender, contractFile);
      return mock.ready;
    }),
  );
  const rows = toRows(starts, { metric: 'time to the first answer', unit: 'ms', baseline });

  await using stack = new AsyncDisposableStack();
  const mocks = new Map<string, RunningMock>();
  for (const contender of contenders) {
    mocks.set(contender.name, stack.use(await runMock(contender, contractFile)));
  }
  rows.push(...(await memoryRows('memory, idle', mocks)));
  for (const [who, { url }] of mocks) {
    const status = await callMock(url, BAD_PATH);
    rows.push({ who, metric: 'status for a bad id', unit: 'status', median: status, runs: 1 });
  }

  for (const connections of CONNECTIONS) {
    progress(`load, ${connections} ${connections === 1 ? 'connection' : 'connections'}`);
    const loads = new Map<string, Load[]>(contenders.map(({ name }) => [name, []]));
    const load = (length: Parameters<typeof loadMock>[2]) =>
      byName(contenders, async ({ name }) => {
        const { url } = mocks.get(name) as RunningMock;
        const found = await loadMock(url, connections, length);
        loads.get(name)?.push(found);
        return found.perSecond;
      });
    // The first round lets the code be compiled; it is thrown away.
    if (!quick) await interleave(1, load({ seconds: 1 }));
    for (const sample of loads.values()) sample.length = 0;
    await interleave(
      quick ? 1 : 4,
      load(quick ? { requests: 2 * connections + 8 } : { seconds: 2 }),
    );
    const facts = { at: connections, baseline };
    const pick = (metric: keyof Load) =>
      Object.fromEntries([...loads].map(([name, all]) => [name, all.map((each) => each[metric])]));
    rows.push(
      ...toRows(pick('perSecond'), { ...facts, metric: 'throughput', unit: 'requests/s' }),
      ...toRows(pick('p50'), { ...facts, metric: 'latency, p50', unit: 'ms' }),
      ...toRows(pick('p99'), { ...facts, metric: 'latency, p99', unit: 'ms' }),
    );
  }
  rows.push(...(await memoryRows('memory, after the load', mocks)));
  return { rows, versions };
}

function byName(
  contenders: MockContender[],
  measure: (contender: MockContender) => Promise<number>,
): Record<string, () => Promise<number>> {
  return Object.fromEntries(contenders.map((each) => [each.name, () => measure(each)]));
}

async function memoryRows(metric: string, mocks: Map<string, RunningMock>): Promise<Row[]> {
  const samples: Record<string, number[]> = {};
  for (const [name, mock] of mocks) samples[name] = [(await mock.memory()) / MB];
  return toRows(samples, { metric, unit: 'MB' });
}
