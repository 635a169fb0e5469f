import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { serveFiles } from '@sql-sessions/testing/serve-files';
import { contractFile, OURS } from '../contract.ts';
import { peerVersions } from '../peers.ts';
import type { Case, Context, Subject } from '../run-case.ts';
import { loadPage } from './load-page.ts';
import type { ProbeInput } from './page-probe.ts';
import { ownSite, peerSites } from './sites.ts';

/** Opening the reference on a slow line: ours, and what the usual renderers make of the same contract. */
export async function* docsCases({ quick, oursOnly, versions }: Context): AsyncGenerator<Case> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryFolder());
  const sites = [await ownSite(join(path, OURS))];
  if (!oursOnly) {
    sites.push(...(await peerSites(path)));
    const redocly = new URL(import.meta.resolve('@redocly/cli/package.json'));
    Object.assign(
      versions,
      await peerVersions(['@scalar/api-reference', 'swagger-ui-dist', 'rapidoc']),
      { '@redocly/cli': JSON.parse(await readFile(redocly, 'utf8')).version },
    );
  }
  const probe = await whatToRead();
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

/** The parameters, the code of every response, and the beginning of each response's description, from the contract. */
export async function whatToRead(): Promise<ProbeInput> {
  const { components, paths } = JSON.parse(await readFile(contractFile, 'utf8')) as {
    components: Record<string, Record<string, { name: string; description: string }>>;
    paths: Record<string, Record<string, { responses?: object }>>;
  };
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const codes = new Set(operations.flatMap(({ responses = {} }) => Object.keys(responses)));
  const names = Object.values(components.parameters ?? {}).map(({ name }) => name);
  const beginnings = Object.values(components.responses ?? {}).map(
    ({ description }) =>
      // The reason phrase may be set apart as a heading, and code in backticks is set in another face.
      (description.split(': ')[1] ?? description)
        .split(/[`(,.;:]/)[0]
        ?.trim()
        .slice(0, 40) ?? '',
  );
  return { overview: [...names, ...codes], everything: beginnings };
}
