import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { start } from '@sql-sessions/testing/process';
import { notFound, OURS, SESSION, TOKEN, WORKSPACE } from '../contract.ts';
import { peersFolder, peerVersions } from '../peers.ts';
import type { Case, Context, Subject } from '../run-case.ts';
import { bundleSizes, loadClient } from './bundle.ts';
import {
  type CloserOptions,
  type CreateCloser,
  codeAlone,
  generateHeyApi,
  ownClients,
  peerClients,
  RAW,
} from './clients.ts';
import { installedClient, installedSize } from './installed-size.ts';
import { memoryInFlight } from './memory.ts';
import { callTime, medianTime } from './time-calls.ts';

const RESPONSES = [
  { session: SESSION, status: 200, words: 'closed' },
  { session: 'gone', status: 404, words: 'not found' },
];

/** Sizes and time per call of our client and of what a user would take instead. */
export async function* clientCases(context: Context): AsyncGenerator<Case> {
  const { quick, oursOnly, versions } = context;
  const clients = oursOnly ? ownClients : [...ownClients, ...peerClients];
  if (!oursOnly) {
    await generateHeyApi();
    const names = peerClients.map((client) => client.package ?? client.who);
    Object.assign(versions, await peerVersions(names));
  }
  yield {
    title: 'sizes of bundles',
    metrics: [
      ['bundle, minified', 'bytes'],
      ['bundle, gzipped', 'bytes'],
    ],
    subjects: [...clients, codeAlone].map((client) => ({
      who: client.who,
      measure: async () => Object.values(await bundleSizes(client)),
    })),
  };
  // Installing takes npm some seconds, which a smoke run can do without.
  if (!quick) {
    yield {
      title: 'sizes of installations',
      metrics: [
        ['installed size', 'bytes'],
        ['packages installed', 'count'],
      ],
      subjects: clients.flatMap(({ who, package: name }) => {
        if (name === undefined) return [];
        const size = who === OURS ? installedClient : () => installedSize(name, peersFolder);
        const measure = async () => size().then(({ bytes, packages }) => [bytes, packages]);
        return { who, measure };
      }),
    };
  }

  await using folder = await temporaryFolder();
  const loaded: [string, CreateCloser][] = [];
  for (const client of clients) {
    loaded.push([client.who, await loadClient(client, folder.path)]);
  }
  for (const response of RESPONSES) {
    const { status } = response;
    const fetch = async () =>
      status === 200
        ? new Response(null, { status })
        : new Response(notFound, { status, headers: { 'content-type': 'application/json' } });
    yield {
      ...(await timeCalls('in process', response, { baseUrl: 'http://127.0.0.1:9', fetch })),
      rounds: 7,
    };
  }
  const file = fileURLToPath(new URL('./server.ts', import.meta.url));
  const server = start(process.execPath, [file]);
  try {
    const [, port] = await server.waitFor(/port (\d+)/);
    for (const response of RESPONSES) {
      const baseUrl = `http://127.0.0.1:${port}`;
      yield {
        ...(await timeCalls('over loopback', response, { baseUrl })),
        warmup: 4,
        rounds: 30,
      };
    }
    const calls = quick ? 20 : 500;
    const metric = 'memory per call in flight';
    yield {
      title: metric,
      metrics: [[metric, 'bytes']],
      rounds: 5,
      warmup: 1,
      baseline: RAW,
      subjects: loaded
        .filter(([who]) => who === RAW || who.startsWith(OURS))
        .map((client) => ({
          who: client[0],
          measure: async () => [await memoryInFlight(client, file, calls)],
        })),
    };
  } finally {
    await server.stop();
  }

  /** One call after the other: alone where nothing is waited for, in a row on a connection that is kept open. */
  async function timeCalls(
    where: string,
    { session, status, words }: (typeof RESPONSES)[number],
    options: Omit<CloserOptions, 'token'>,
  ): Promise<Case> {
    const subjects: Subject[] = [];
    for (const [who, createCloser] of loaded) {
      const close = createCloser({ ...options, token: TOKEN });
      const call = () => close(WORKSPACE, session);
      const got = await call();
      if (got !== status) throw new Error(`${who} got ${got} instead of ${status}.`);
      const time = () =>
        options.fetch ? medianTime(call, { quick }) : callTime(call, quick ? 5 : 250);
      subjects.push({ who, measure: async () => [await time()] });
    }
    const metric = `call ${where}, ${words}`;
    return { title: metric, metrics: [[metric, 'µs']], baseline: RAW, subjects };
  }
}
