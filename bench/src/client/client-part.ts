import { temporaryFolder } from '@sql-sessions/testing/packages';
import type { BenchContext, Findings } from '../bench-context.ts';
import { installPeers, peerVersions } from '../peers.ts';
import type { Row } from '../results-file.ts';
import { bundleClient } from './bundle-client.ts';
import { type ClientContender, generateHeyApi, OURS, ownClients, peerClients } from './clients.ts';
import { installedClient, installedPeer } from './installed-size.ts';
import { loadClient } from './load-client.ts';
import { type Closers, measureInProcess, measureLoopback } from './measure-calls.ts';

/** Sizes and time per call of our client and of what a user would take instead. */
export async function clientPart(context: BenchContext): Promise<Findings> {
  const { quick, oursOnly, progress } = context;
  const contenders = [...ownClients];
  const versions: Record<string, string> = {};
  if (!oursOnly) {
    await installPeers(context);
    await generateHeyApi();
    contenders.push(...peerClients);
    Object.assign(
      versions,
      await peerVersions(...peerClients.map(({ name, package: own }) => own ?? name)),
    );
  }

  progress('sizes of bundles and installations');
  const rows = await measureSizes(contenders, quick);
  await using folder = await temporaryFolder();
  const closers: Closers = new Map(
    await Promise.all(
      contenders.map(
        async (contender) => [contender.name, await loadClient(contender, folder.path)] as const,
      ),
    ),
  );
  progress('time per call in process');
  rows.push(...(await measureInProcess(closers, quick)));
  progress('time per call over loopback');
  rows.push(...(await measureLoopback(closers, quick)));
  return { rows, versions };
}

async function measureSizes(contenders: ClientContender[], quick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  const size = (who: string, metric: string, unit: 'bytes' | 'count', median: number) =>
    rows.push({ who, metric, unit, median, runs: 1 });
  for (const contender of contenders) {
    const { name } = contender;
    const { minified, gzipped } = await bundleClient(contender);
    size(name, 'bundle, minified', 'bytes', minified);
    size(name, 'bundle, gzipped', 'bytes', gzipped);
    // Installing takes npm some seconds, which a smoke run can do without.
    if (quick) continue;
    if (contender.package === undefined && name !== OURS) continue;
    const { packages, bytes } =
      contender.package === undefined
        ? await installedClient()
        : await installedPeer(contender.package);
    size(name, 'installed size', 'bytes', bytes);
    size(name, 'packages installed', 'count', packages);
  }
  return rows;
}
