import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSite } from '@sql-sessions/docs/build';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { do_not_optimize } from 'mitata';
import { bundleSizes, loadClient } from '../client/bundle.ts';
import type { CreateCloser } from '../client/clients.ts';
import { medianTime } from '../client/time-calls.ts';
import { OURS, placeIn, SESSION, TOKEN, WORKSPACE } from '../contract.ts';
import { loadMock } from '../mock/load-mock.ts';
import { ownMock } from '../mock/mocks.ts';
import { runMock } from '../mock/run-mock.ts';
import type { Case, Context } from '../run-case.ts';
import { buildContract, makeScaleFolder, type ScaleFolder, typecheck } from './scale-folder.ts';

const SIZES = [1, 10, 100, 300, 1000];
const MB = 2 ** 20;

/** Everything that could grow with the number of operations, for contracts of 1 to 1,000. */
export async function* scaleCases({ quick }: Context): AsyncGenerator<Case> {
  await using temporary = await temporaryFolder();
  const folders: ScaleFolder[] = [];
  for (const operations of quick ? SIZES.slice(0, 2) : SIZES) {
    folders.push(await makeScaleFolder(temporary.path, operations));
  }
  const grow = (
    metrics: Case['metrics'],
    rounds: number,
    measure: (folder: ScaleFolder) => Promise<number[]>,
  ): Case => ({
    title: metrics.map(([name]) => name).join(', '),
    metrics,
    rounds,
    subjects: folders.map((folder) => ({
      who: OURS,
      at: folder.operations,
      measure: () => measure(folder),
    })),
  });

  yield grow(
    [
      ['lint', 'ms'],
      ['bundle', 'ms'],
      ['types', 'ms'],
      ['build of the contract', 'ms'],
      ['memory of the build', 'MB'],
    ],
    2,
    async (folder) => {
      const { lint, bundle, types, build, memory } = await buildContract(folder);
      return [lint, bundle, types, build, memory / MB];
    },
  );
  for (const what of ['client', 'caller'] as const) {
    const metric = `tsc of ${what === 'client' ? 'the client' : 'a caller'}`;
    yield grow([[metric, 'ms']], 2, async (folder) => [await typecheck(folder, what)]);
  }
  yield grow([['contract', 'bytes']], 1, async ({ contract }) => [(await stat(contract)).size]);
  for (const which of ['one-operation', 'all-operations']) {
    const metric = `client bundle with ${which.replace('-', ' ')}`;
    yield grow([[metric, 'bytes']], 1, async ({ path }) => {
      const { minified } = await bundleSizes({ file: join(path, `ours/${which}.ts`) });
      return [minified];
    });
  }

  const clients = new Map<ScaleFolder, ReturnType<CreateCloser>>();
  const making = new Map<ScaleFolder, () => ReturnType<CreateCloser>>();
  for (const folder of folders) {
    const file = join(folder.path, 'ours/all-operations.ts');
    const createCloser = await loadClient({ who: OURS, file }, folder.path);
    const fetch = async () => new Response(null, { status: 200 });
    const make = () => createCloser({ baseUrl: 'http://127.0.0.1:9', token: TOKEN, fetch });
    making.set(folder, make);
    clients.set(folder, make());
  }
  yield grow([['client, making one', 'µs']], 7, async (folder) => [
    await medianTime(() => do_not_optimize(making.get(folder)?.()), { quick, samples: 100 }),
  ]);
  // More rounds than elsewhere: what is looked for is smaller than the noise of one.
  yield grow([['client, a call', 'µs']], 21, async (folder) => [
    await medianTime(() => clients.get(folder)?.(WORKSPACE, SESSION), { quick, samples: 100 }),
  ]);

  yield grow(
    [
      ['mock, time to the first response', 'ms'],
      ['mock, memory', 'MB'],
      ['mock, a request', 'µs'],
    ],
    2,
    async ({ contract }) => {
      await using mock = await runMock(ownMock, contract);
      const memory = (await mock.memory()) / MB;
      if (!quick) await loadMock(mock.url, 20, { duration: 1 });
      const [perSecond] = await loadMock(mock.url, 20, quick ? { amount: 60 } : { duration: 2 });
      return [mock.ready, memory, 1e6 / perSecond];
    },
  );

  // What does not depend on the contract is made once.
  const cache = {};
  await buildSite({}, cache);
  yield grow(
    [
      ['reference, building it', 'ms'],
      ['reference, its page gzipped', 'bytes'],
    ],
    1,
    async ({ path }) => {
      const began = performance.now();
      const { files } = await buildSite({ root: path }, cache);
      const time = performance.now() - began;
      const page = files.get(`${placeIn([...files.keys()])}index.html`) ?? '';
      return [time, gzipSync(page, { level: 9 }).length];
    },
  );
}
