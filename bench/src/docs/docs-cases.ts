import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { serveFiles } from '@sql-sessions/testing/serve-files';
import { OURS, operation } from '../contract.ts';
import { peerVersions } from '../peers.ts';
import type { Case, Context, Subject } from '../run-case.ts';
import { loadPage } from './load-page.ts';
import type { ProbeInput } from './page-probe.ts';
import { ownLargeSite, ownSite, peerSites } from './sites.ts';

/** Opening the reference on a slow line: ours, and what the usual renderers make of the same contract. */
export async function* docsCases({ quick, oursOnly, versions }: Context): AsyncGenerator<Case> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryFolder());
  const sites = [
    await ownSite(join(path, OURS)),
    await ownLargeSite(quick ? 2 : 100, join(path, 'large')),
  ];
  if (!oursOnly) {
    sites.push(...(await peerSites(path)));
    const redocly = new URL(import.meta.resolve('@redocly/cli/package.json'));
    Object.assign(
      versions,
      await peerVersions(['@scalar/api-reference', 'swagger-ui-dist', 'rapidoc']),
      { '@redocly/cli': JSON.parse(await readFile(redocly, 'utf8')).version },
    );
  }
  const probe = whatToRead();
  const browser = stack.adopt(await launchBrowser(), (each) => each.close());
  const subjects: Subject[] = [];
  for (const site of sites) {
    const { url } = stack.use(await serveFiles(site.folder));
    subjects.push({
      who: site.who,
      async measure() {
        const options = { throttle: true, patience: quick ? 500 : 5000 };
        const load = await loadPage(browser, new URL(site.place, url).href, probe, options);
        return METRICS.map(([, , field]) => load[field] ?? null);
      },
    });
  }
  yield {
    title: 'opening the reference',
    metrics: METRICS.map(([metric, unit]) => [metric, unit]),
    warmup: 1,
    rounds: 4,
    baseline: OURS,
    never: 'never without a click',
    subjects,
  };
}

const METRICS = [
  ['first paint', 'ms', 'firstPaint'],
  ['parameters and codes readable', 'ms', 'overview'],
  ['everything readable', 'ms', 'everything'],
  ['bytes before the content', 'bytes', 'bytesBefore'],
  ['bytes in all', 'bytes', 'bytes'],
  ['requests', 'count', 'requests'],
  ['requests to other hosts', 'count', 'foreign'],
  ['layout shift', 'score', 'shift'],
] as const;

/** The parameters, the code of every response, and the beginning of each response's description. */
export function whatToRead(): ProbeInput {
  const { parameters, responses } = operation;
  return {
    overview: [...parameters.map(({ name }) => name), ...responses.map(({ status }) => status)],
    // Code in backticks is set in another face.
    everything: responses.map(({ description }) =>
      (description.split(/[`(,.;:]/)[0] ?? '').trim().slice(0, 40),
    ),
  };
}
