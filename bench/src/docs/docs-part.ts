import { readFile } from 'node:fs/promises';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { startSiteServer } from '../../../docs/src/server/site-server.ts';
import type { BenchContext, Findings } from '../bench-context.ts';
import { interleave } from '../interleave.ts';
import { contractFile } from '../mock/mocks.ts';
import { installPeers, peerVersions } from '../peers.ts';
import type { Row, Unit } from '../results-file.ts';
import { pairedRatio, summarise } from '../statistics.ts';
import { type DocSite, OURS, ownSite, peerSites } from './doc-sites.ts';
import { type Load, loadPage } from './load-page.ts';
import type { ProbeInput } from './page-probe.ts';

const METRICS: readonly { metric: string; unit: Unit; of(load: Load): number | undefined }[] = [
  { metric: 'first paint', unit: 'ms', of: (load) => load.firstPaint },
  { metric: 'parameters and codes readable', unit: 'ms', of: (load) => load.overview },
  { metric: 'everything readable', unit: 'ms', of: (load) => load.everything },
  { metric: 'bytes before the content', unit: 'bytes', of: (load) => load.bytesBefore },
  { metric: 'bytes in all', unit: 'bytes', of: (load) => load.bytes },
  { metric: 'requests', unit: 'count', of: (load) => load.requests },
  { metric: 'requests to other hosts', unit: 'count', of: (load) => load.foreign },
  { metric: 'layout shift', unit: 'score', of: (load) => load.shift },
];

/** Opening the reference on a slow line: ours, and what the usual renderers make of the same contract. */
export async function docsPart(context: BenchContext): Promise<Findings> {
  const { quick, oursOnly, progress } = context;
  const sites: DocSite[] = [await ownSite()];
  let versions: Record<string, string> = {};
  if (!oursOnly) {
    await installPeers(context);
    sites.push(...(await peerSites()));
    versions = {
      ...(await peerVersions('@scalar/api-reference', 'swagger-ui-dist', 'rapidoc')),
      '@redocly/cli': await versionOf('@redocly/cli/package.json'),
    };
  }
  const probe = await whatToRead();
  const loads = new Map<string, Load[]>(sites.map(({ name }) => [name, []]));
  await using stack = new AsyncDisposableStack();
  const browser = stack.adopt(await launchBrowser(), (each) => each.close());
  const contenders: Record<string, () => Promise<number>> = {};
  for (const { name, files, address } of sites) {
    const server = await startSiteServer({ host: '127.0.0.1', port: 0, files: () => files });
    stack.defer(() => server.close());
    contenders[name] = async () => {
      progress(`opening ${name}`);
      const load = await loadPage(browser, new URL(address, server.url).href, probe, {
        throttle: true,
        patience: quick ? 500 : 5000,
      });
      loads.get(name)?.push(load);
      return load.bytes;
    };
  }
  // The first round compresses the files and warms the browser up; it is thrown away.
  await interleave(1, contenders);
  for (const sample of loads.values()) sample.length = 0;
  await interleave(quick ? 1 : 4, contenders);
  return {
    rows: [...loads].flatMap(([who, all]) => toRows(who, all, loads.get(OURS) ?? [])),
    versions,
  };
}

function toRows(who: string, loads: Load[], own: Load[]): Row[] {
  return METRICS.map(({ metric, unit, of }) => {
    const sample = loads.map(of);
    const facts = { who, metric, unit };
    if (!sample.every((each) => each !== undefined)) {
      return { ...facts, median: null, runs: sample.length, note: 'never without a click' };
    }
    const ratio = pairedRatio(
      sample,
      own.map((load) => of(load) ?? Number.NaN),
    );
    return { ...facts, ...summarise(sample), ...(Number.isFinite(ratio) && { ratio }) };
  });
}

/** Both parameters, the code of every answer, and the beginning of each answer's description, from the contract. */
export async function whatToRead(): Promise<ProbeInput> {
  const { components } = JSON.parse(await readFile(contractFile, 'utf8')) as {
    components: {
      parameters: Record<string, { name: string }>;
      responses: Record<string, { description: string }>;
    };
  };
  const statuses = ['200', '400', '401', '403', '404', '408', '500'];
  const names = Object.values(components.parameters).map(({ name }) => name);
  const beginnings = Object.values(components.responses).map(
    ({ description }) =>
      // The reason phrase may be set apart as a heading, and code in backticks is set in another face.
      (description.split(': ')[1] ?? description)
        .split(/[`(,.;:]/)[0]
        ?.trim()
        .slice(0, 40) ?? '',
  );
  return { overview: [...names, ...statuses], everything: beginnings };
}

async function versionOf(manifest: string): Promise<string> {
  const url = new URL(import.meta.resolve(manifest));
  return (JSON.parse(await readFile(url, 'utf8')) as { version: string }).version;
}
