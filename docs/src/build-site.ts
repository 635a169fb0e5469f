import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml } from '@redocly/openapi-core';
import type { OpenApiDocument } from './contract/openapi-document.ts';
import { toReferenceModel } from './contract/reference-model.ts';
import { html } from './render/html.ts';
import { type Assets, buildAssets, hashedName } from './site/assets.ts';
import { type ContractDiff, diffContracts, knownDiff } from './site/contract-diff.ts';
import { errorCatalogue } from './site/error-catalogue.ts';
import { type Frame, framePage, topOfHost } from './site/frame.ts';
import { listChildren } from './site/list-children.ts';
import { llmsText, sitemap } from './site/machine-files.ts';
import type { Page } from './site/page.ts';
import { REDOC_OPTIONS, readRedoc } from './site/redoc.ts';
import { toReferencePage } from './site/reference-page.ts';
import { ROOT, readReleases, readSources } from './site/repository.ts';
import { toTextPage } from './site/text-pages.ts';
import {
  type ContractVersion,
  toStepPage,
  toVersionsPage,
  type VersionStep,
} from './site/version-pages.ts';

export interface SiteOptions {
  /** Top of the repository whose contract and texts are shown. Default: this one. */
  root?: string;
  /** Where the site will be published, such as `https://example.org/repo/`. Without it no page claims an address. */
  baseUrl?: string | null;
  /** Where the repository's files can be read, such as `https://example.org/repo/blob/main/`. */
  repository?: string | null;
  /** Do not wait for comparisons of versions: an earlier one of the cache, or none, stands in for it. */
  hurry?: boolean;
}

export interface Site {
  pages: Page[];
  /** Everything that is published, by its address from the top of the site. */
  files: Map<string, string | Uint8Array>;
  /** Makes the comparisons that were not waited for; with them the site is to be built again. null: there are none. */
  compare: (() => Promise<unknown>) | null;
}

/** What is kept between two builds of a watching server. */
export interface SiteCache {
  assets?: Promise<Assets>;
  redoc?: Promise<string>;
  /** The last comparison on each page that shows one. */
  diffs?: Map<string, ContractDiff>;
}

/** The picture for link previews; `pnpm --filter @sql-sessions/docs screenshots` takes it. */
const PICTURE = new URL('../images/preview.png', import.meta.url);

/** Builds the whole site in memory. Needs a built contract (`spec/dist`). */
export async function buildSite(options: SiteOptions = {}, cache: SiteCache = {}): Promise<Site> {
  const { root = ROOT } = options;
  const baseUrl = withSlash(options.baseUrl);
  const repository = withSlash(options.repository);
  const contractFile = join(root, 'spec/dist/openapi.json');
  cache.assets ??= buildAssets();
  cache.redoc ??= readRedoc();
  cache.diffs ??= new Map();
  const [json, yaml, releases, sources] = await Promise.all([
    readFile(contractFile, 'utf8'),
    readFile(join(root, 'spec/dist/openapi.yaml'), 'utf8'),
    readReleases(root),
    readSources(root),
  ]);
  const document = JSON.parse(json) as OpenApiDocument;
  const model = toReferenceModel(document);

  const versions = toVersions(model.version, yaml, releases);
  const { steps, compare } = await toSteps(versions, cache.diffs, options.hurry ?? false);
  const special = {
    'spec/sessions.yaml': 'openapi.yaml',
    'README.md': '',
    docs: '',
    'docs/README.md': '',
    'spec/releases': 'versions/',
  };
  const text = sources.map((source) => toTextPage(source, { sources, repository, special }));
  const catalogue = errorCatalogue(listChildren(text), model);
  const reference = toReferencePage({
    path: '',
    document,
    catalogue: catalogue.addresses,
    newest: true,
    baseUrl,
  });
  const frozen = releases.map(({ version, text }) => {
    const document = parseYaml(text) as OpenApiDocument;
    const path = `versions/${version}/`;
    const page = toReferencePage({
      path,
      document,
      catalogue: catalogue.addresses,
      newest: false,
      baseUrl,
    });
    const files = [
      [`${path}openapi.yaml`, text],
      [`${path}openapi.json`, `${JSON.stringify(document, null, 2)}\n`],
    ] as const;
    return { page, files };
  });
  const pages = [
    reference,
    ...catalogue.pages,
    toVersionsPage(versions, steps),
    ...frozen.map(({ page }) => page),
    ...steps.map(toStepPage),
  ];

  const [assets, redoc] = await Promise.all([cache.assets, cache.redoc]);
  const redocPath = hashedName('redoc', 'js', redoc);
  const frame: Frame = {
    siteTitle: model.title,
    menu: toMenu(pages, sources),
    versions: versions.map(({ path, label }, index) => ({ path: index === 0 ? '' : path, label })),
    baseUrl,
    repository,
    css: assets.css,
    scripts: { head: assets.head, main: assets.main, redoc: redocPath },
    redocOptions: REDOC_OPTIONS,
    picture: 'assets/preview.png',
  };

  const files = new Map<string, string | Uint8Array>(assets.files);
  files.set(redocPath, redoc);
  files.set(frame.picture, await readFile(PICTURE));
  for (const page of pages) {
    files.set(`${page.path}index.html`, framePage(page, frame));
    files.set(`${page.path}index.md`, page.markdown);
  }
  files.set('404.html', framePage(notFound(topOfHost(baseUrl)), frame));
  files.set('openapi.json', json);
  files.set('openapi.yaml', yaml);
  for (const [name, content] of frozen.flatMap((release) => release.files)) {
    files.set(name, content);
  }
  files.set('search.json', JSON.stringify(toSearchIndex(pages)));
  files.set('llms.txt', llmsText(model.title, model.summary, pages, baseUrl));
  if (baseUrl !== null) {
    files.set('sitemap.xml', sitemap(pages, baseUrl));
    files.set('robots.txt', `User-agent: *\nAllow: /\nSitemap: ${baseUrl}sitemap.xml\n`);
  }
  // GitHub Pages would otherwise leave out what its own generator does not know.
  files.set('.nojekyll', '');
  return { pages, files, compare };
}

/** Newest first. The contract as it is now has an entry of its own while it differs from the last release. */
function toVersions(
  version: string,
  yaml: string,
  releases: readonly { version: string; text: string }[],
): ContractVersion[] {
  const released = releases.map((release) => ({
    label: release.version,
    version: release.version,
    path: `versions/${release.version}/`,
    yaml: release.text,
  }));
  const [latest] = released;
  if (latest?.yaml === yaml) return released;
  const label = latest?.version === version ? `${version} and later changes` : version;
  return [{ label, version, path: '', yaml }, ...released];
}

/** The steps between neighbours, each with what `known` last had for its page where there is hurry. */
async function toSteps(
  versions: readonly ContractVersion[],
  known: Map<string, ContractDiff>,
  hurry: boolean,
): Promise<{ steps: VersionStep[]; compare: Site['compare'] }> {
  const steps: VersionStep[] = [];
  const open: VersionStep[] = [];
  for (const [index, to] of versions.entries()) {
    const from = versions[index + 1];
    if (!from) continue;
    const path = to.path === '' ? 'versions/changes/' : `${to.path}changes/`;
    const ready = knownDiff(from.yaml, to.yaml);
    const diff =
      ready ?? (hurry ? (known.get(path) ?? null) : await diffContracts(from.yaml, to.yaml));
    if (diff) known.set(path, diff);
    const step = { from, to, path, diff };
    steps.push(step);
    if (hurry && !ready) open.push(step);
  }
  const compare = () => Promise.all(open.map(({ from, to }) => diffContracts(from.yaml, to.yaml)));
  return { steps, compare: open.length > 0 ? compare : null };
}

function toMenu(
  pages: readonly Page[],
  sources: Awaited<ReturnType<typeof readSources>>,
): Frame['menu'] {
  const title = (path: string) => pages.find((page) => page.path === path)?.title ?? path;
  const group = (name: string) =>
    sources
      .filter((source) => source.group === name)
      .map(({ path }) => ({ path, title: title(path) }));
  const guides = group('Guides');
  const start = guides.filter(({ path }) => path === 'guides/get-started/');
  return [
    { title: 'Reference', items: [{ path: '', title: 'API reference' }, ...group('Reference')] },
    { title: 'Guides', items: [...start, ...guides.filter((guide) => !start.includes(guide))] },
    { title: 'Versions', items: [{ path: 'versions/', title: 'All versions' }] },
    { title: 'Project', items: group('Project') },
  ].filter(({ items }) => items.length > 0);
}

function toSearchIndex(pages: readonly Page[]) {
  return pages.flatMap((page) =>
    page.search.map((entry) => ({
      id: `${page.path}${entry.id === '' ? '' : `#${entry.id}`}`,
      title: entry.title,
      page: page.title,
      text: entry.text,
    })),
  );
}

function notFound(top: string): Page {
  return {
    path: '404.html',
    title: 'Page not found',
    description: 'There is no page at this address.',
    markdown: '',
    main: html`<h1 id="not-found">Page not found</h1><p>There is no page at this address. Go to the <a href="${top}">reference</a>, or search.</p>`,
    headings: [],
    kind: 'missing',
    search: [],
    version: null,
  };
}

function withSlash(address: string | null | undefined): string | null {
  return address ? `${address.replace(/\/+$/, '')}/` : null;
}
