import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { do_not_optimize, measure } from 'mitata';
import { buildSite, type SiteCache } from '../../../docs/src/build-site.ts';
import type { BenchContext, Findings } from '../bench-context.ts';
import { bundleClient } from '../client/bundle-client.ts';
import { loadClient } from '../client/load-client.ts';
import { interleave } from '../interleave.ts';
import { loadMock } from '../mock/load-mock.ts';
import { ownMock } from '../mock/mocks.ts';
import { runMock } from '../mock/run-mock.ts';
import type { Fit, Row, Unit } from '../results-file.ts';
import { fitExponent, summarise } from '../statistics.ts';
import { buildOnce, makeScaleFolder, type ScaleFolder, typecheck } from './scale-folder.ts';

const OURS = 'ours';
const SIZES = [1, 10, 100, 1000, 3000];
const MB = 2 ** 20;
/** Below this many operations fixed costs hide how a figure grows. */
const FIT_FROM = 100;

/** Everything that could grow with the number of operations, for contracts of 1 to 3,000. */
export async function scalePart({ quick, progress }: BenchContext): Promise<Findings> {
  await using temporary = await temporaryFolder();
  const sizes = quick ? [1, 10] : SIZES;
  const rounds = quick ? 1 : 2;
  const folders: ScaleFolder[] = [];
  for (const operations of sizes) {
    progress(`contract of ${operations}`);
    folders.push(await makeScaleFolder(temporary.path, operations));
  }

  const rows: Row[] = [];
  const add = (metric: string, unit: Unit, at: number, sample: number[]) =>
    rows.push({ who: OURS, metric, unit, at, ...summarise(sample) });
  const overSizes = async (
    metric: string,
    unit: Unit,
    runs: number,
    one: (folder: ScaleFolder) => Promise<number>,
  ) => {
    progress(metric);
    const samples = await interleave(
      runs,
      Object.fromEntries(folders.map((folder) => [folder.operations, () => one(folder)])),
    );
    for (const at of sizes) add(metric, unit, at, samples[at] ?? []);
  };

  await measureBuild();
  await overSizes('tsc of the client', 'ms', rounds, (folder) => typecheck(folder, 'client'));
  await overSizes('tsc of a caller', 'ms', rounds, (folder) => typecheck(folder, 'caller'));
  await overSizes('contract', 'bytes', 1, async ({ contract }) => (await stat(contract)).size);
  for (const [name, words] of [
    ['one-operation', 'client bundle with one operation'],
    ['all-operations', 'client bundle with all operations'],
  ] as const) {
    await overSizes(words, 'bytes', 1, async ({ path }) => {
      const { minified } = await bundleClient({ file: join(path, `ours/${name}.ts`) });
      return minified;
    });
  }
  await measureClient();
  await measureMock();
  await measureReference();
  return { rows, fits: fitAll(rows), versions: {} };

  async function measureBuild() {
    for (let round = 0; round < rounds; round += 1) {
      for (const folder of folders) {
        progress(`build steps, contract of ${folder.operations}, round ${round + 1}`);
        const steps = await buildOnce(folder, 'steps');
        const whole = await buildOnce(folder, 'build');
        collect('lint', folder, steps.lint);
        collect('bundle', folder, steps.bundle);
        collect('types', folder, steps.types);
        collect('build of the contract', folder, whole.build);
        collect('memory of the build', folder, (whole.memory ?? 0) / MB);
      }
    }
    for (const [metric, bySize] of collected) {
      const unit = metric.startsWith('memory') ? 'MB' : 'ms';
      for (const [at, sample] of bySize) add(metric, unit, at, sample);
    }
  }

  async function measureReference() {
    // What does not depend on the contract is made once.
    const cache: SiteCache = {};
    await buildSite({}, cache);
    for (const { operations, path } of folders) {
      progress(`reference, contract of ${operations}`);
      const began = performance.now();
      const { files } = await buildSite({ root: path }, cache);
      add('reference, building it', 'ms', operations, [performance.now() - began]);
      const page = gzipSync(files.get('index.html') ?? '', { level: 9 });
      add('reference, its page gzipped', 'bytes', operations, [page.length]);
    }
  }

  async function measureClient() {
    const clients = new Map<number, Awaited<ReturnType<typeof loadClient>>>();
    for (const { operations, path } of folders) {
      const contender = { name: OURS, file: join(path, 'ours/all-operations.ts'), retries: true };
      clients.set(operations, await loadClient(contender, join(path, 'loaded')));
    }
    const options = {
      baseUrl: 'http://127.0.0.1:9',
      token: 'a-token-of-usual-length-0123456789',
      fetch: async () => new Response(null, { status: 200 }),
    };
    const p50 = async (body: () => unknown) => {
      const limits = {
        gc: false,
        batch_threshold: 0,
        min_cpu_time: quick ? 1e6 : 100e6,
        min_samples: quick ? 2 : 100,
      };
      await immediate();
      return (await measure(body, limits)).p50 / 1000;
    };
    await overSizes('client, making one', 'µs', quick ? 1 : 7, async ({ operations }) =>
      p50(() => do_not_optimize(clients.get(operations)?.(options))),
    );
    // More rounds than elsewhere: what is looked for is smaller than the noise of one.
    await overSizes('client, a call', 'µs', quick ? 1 : 21, async ({ operations }) => {
      const close = clients.get(operations)?.(options);
      return p50(() => close?.('analytics', '0b5f8f0e-2f43-4a0e-8a3b-5a1f6f9f7c21'));
    });
  }

  async function measureMock() {
    const figures = { ready: new Map<number, number[]>(), memory: new Map(), load: new Map() };
    for (let round = 0; round < rounds; round += 1) {
      for (const { operations, contract } of folders) {
        progress(`mock, contract of ${operations}, round ${round + 1}`);
        await using mock = await runMock(ownMock, contract);
        push(figures.ready, operations, mock.ready);
        push(figures.memory, operations, (await mock.memory()) / MB);
        if (!quick) await loadMock(mock.url, 20, { seconds: 1 });
        const { perSecond } = await loadMock(
          mock.url,
          20,
          quick ? { requests: 60 } : { seconds: 2 },
        );
        push(figures.load, operations, 1e6 / perSecond);
      }
    }
    for (const at of sizes) {
      add('mock, time to the first answer', 'ms', at, figures.ready.get(at) ?? []);
      add('mock, memory', 'MB', at, figures.memory.get(at) ?? []);
      add('mock, a request', 'µs', at, figures.load.get(at) ?? []);
    }
  }
}

const collected = new Map<string, Map<number, number[]>>();

function collect(metric: string, { operations }: ScaleFolder, value: number | undefined): void {
  if (value === undefined) throw new Error(`The build did not say its ${metric}.`);
  const bySize = collected.get(metric) ?? new Map<number, number[]>();
  collected.set(metric, bySize);
  push(bySize, operations, value);
}

function push(map: Map<number, number[]>, key: number, value: number): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

function fitAll(rows: Row[]): Fit[] {
  return [...new Set(rows.map(({ metric }) => metric))].flatMap((metric) => {
    const all = rows.flatMap(({ metric: its, at, median }) =>
      its === metric && at !== undefined && median !== null ? [[at, median] as const] : [],
    );
    const large = all.filter(([at]) => at >= FIT_FROM);
    const points = large.length > 1 ? large : all;
    if (points.length < 2) return [];
    return [
      { who: OURS, metric, exponent: fitExponent(points), last: fitExponent(points.slice(-2)) },
    ];
  });
}
