import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml } from '@redocly/openapi-core';
import { readContract } from '@sql-sessions/contract/model';
import type { Changelog } from '@sql-sessions/contract/versioning';
import { html } from './render/html.ts';
import { type Assets, buildAssets, hashedName } from './site/assets.ts';
import { catalogueLinks, errorCatalogue } from './site/error-catalogue.ts';
import { type Frame, framePage, topOfHost } from './site/frame.ts';
import { lastChanges } from './site/last-changes.ts';
import { listChildren } from './site/list-children.ts';
import { atomFeed, llmsFullText, llmsText, sitemap } from './site/machine-files.ts';
import { menuOf } from './site/menu.ts';
import type { Page } from './site/page.ts';
import { REDOC_OPTIONS, readRedoc } from './site/redoc.ts';
import { toReferencePages } from './site/reference-pages.ts';
import { ROOT, readReleases, readSources } from './site/repository.ts';
import { searchIndex } from './site/search-index.ts';
import { toTextPage } from './site/text-pages.ts';
import { toStepPage, toVersionsPage } from './site/version-pages.ts';
import { toSteps, toVersions } from './site/version-steps.ts';

export interface SiteOptions {
  /** Top of the repository whose contract and texts are shown. Default: this one. */
  root?: string;
  /** Where the site will be published, such as `https://example.org/repo/`. Without it no page claims a URL. */
  baseUrl?: string | null;
  /** Where the repository's files can be read, such as `https://example.org/repo/blob/main/`. */
  repository?: string | null;
  /** Do not wait for comparisons of versions. */
  hurry?: boolean;
}

export interface Site {
  pages: Page[];
  /** Everything that is published, by its path from the top of the site. */
  files: Map<string, string | Uint8Array>;
  /** Makes the comparisons that were not waited for; with them the site is to be built again. null: there are none. */
  compare: (() => Promise<unknown>) | null;
}

/** What is kept between two builds of a watching server. */
export interface SiteCache {
  assets?: Promise<Assets>;
  redoc?: Promise<string>;
  /** What was made last under a name, and of what. */
  made?: Map<string, { of: string; value: unknown }>;
}

/** The picture for link previews; `pnpm --filter @sql-sessions/docs screenshots` takes it. */
const PICTURE = new URL('../images/preview.png', import.meta.url);

/** Builds the whole site in memory. Needs a built contract (`spec/dist`). */
export async function buildSite(options: SiteOptions = {}, cache: SiteCache = {}): Promise<Site> {
  const { root = ROOT, hurry = false } = options;
  const baseUrl = withSlash(options.baseUrl);
  const repository = withSlash(options.repository);
  cache.assets ??= buildAssets();
  cache.redoc ??= readRedoc();
  const [json, yaml, changelog, releases, sources, changed] = await Promise.all([
    readBuilt(root, 'openapi.json'),
    readBuilt(root, 'openapi.yaml'),
    readFile(join(root, 'spec/changelog.json'), 'utf8').catch(() => '{"releases":[]}'),
    readReleases(root),
    readSources(root),
    // A save changes no history.
    remembered(cache, 'changed', root, () => lastChanges(root)),
  ]);
  const contract = readContract(parseBuilt(json));
  const log = JSON.parse(changelog) as Changelog;
  const feed = baseUrl !== null && log.releases.length > 0;
  const versions = toVersions(contract.info.version, yaml, releases);
  const { steps, compare } = await toSteps(versions, log, hurry);
  const special = {
    'spec/sessions.yaml': 'openapi.yaml',
    'README.md': '',
    docs: '',
    'docs/README.md': '',
    'spec/releases': 'versions/',
  };
  const texts = remembered(cache, 'texts', [sources, repository], () =>
    sources.map((source) => toTextPage(source, { sources, repository, special })),
  );
  const catalogue = catalogueLinks(texts, contract);
  const frozen = releases.map(({ version, text }) => {
    const path = `versions/${version}/`;
    return remembered(cache, path, [text, [...catalogue]], () => {
      const document = parseYaml(text) as object;
      const contract = readContract(document);
      return {
        pages: toReferencePages({ path, contract, catalogue, newest: false }),
        files: [
          [`${path}openapi.yaml`, text],
          [`${path}openapi.json`, `${JSON.stringify(document, null, 2)}\n`],
        ] as const,
      };
    });
  });
  const pages = [
    ...toReferencePages({ path: '', contract, catalogue, newest: true }),
    ...errorCatalogue(listChildren(texts), contract),
    toVersionsPage(versions, steps, feed),
    ...frozen.flatMap((release) => release.pages),
    ...steps.map(toStepPage),
  ].map((page) => {
    const file = page.source ?? (page.kind === 'reference' ? 'spec/sessions.yaml' : undefined);
    return { ...page, source: file, changed: file && changed.get(file) } as Page;
  });

  const [assets, redoc] = await Promise.all([cache.assets, cache.redoc]);
  const redocPath = hashedName('redoc', 'js', redoc);
  const { title, summary } = contract.info;
  const frame: Frame = {
    siteTitle: title,
    menu: menuOf(contract, pages, sources),
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
  files.set('search.json', JSON.stringify(searchIndex(pages)));
  files.set('llms.txt', llmsText(title, summary, pages, baseUrl));
  files.set('llms-full.txt', llmsFullText(pages));
  if (baseUrl !== null) {
    files.set('sitemap.xml', sitemap(pages, baseUrl));
    if (feed) files.set('feed.xml', atomFeed(title, log, baseUrl));
    files.set('robots.txt', `User-agent: *\nAllow: /\nSitemap: ${baseUrl}sitemap.xml\n`);
  }
  // GitHub Pages would otherwise leave out what its own generator does not know.
  files.set('.nojekyll', '');
  return { pages, files, compare };
}

async function readBuilt(root: string, name: string): Promise<string> {
  const file = join(root, 'spec/dist', name);
  return await readFile(file, 'utf8').catch(() => {
    throw new Error(`${file} cannot be read. Run "pnpm build" first.`);
  });
}

function parseBuilt(json: string): object {
  try {
    return JSON.parse(json) as object;
  } catch (error) {
    throw new Error(
      `spec/dist/openapi.json is broken: ${(error as Error).message}. Run "pnpm build" to make it again.`,
    );
  }
}

/** What was made of the same things before, or is made now. */
function remembered<Value>(cache: SiteCache, name: string, of: unknown, make: () => Value): Value {
  cache.made ??= new Map();
  const known = cache.made.get(name);
  const text = JSON.stringify(of);
  if (known?.of === text) return known.value as Value;
  const value = make();
  cache.made.set(name, { of: text, value });
  return value;
}

function notFound(top: string): Page {
  return {
    path: '404.html',
    title: 'Page not found',
    description: 'There is no page at this URL.',
    markdown: '',
    main: html`<h1 id="not-found">Page not found</h1><p>There is no page at this URL. Go to the <a href="${top}">reference</a>, or search.</p>`,
    headings: [],
    kind: 'missing',
    version: null,
  };
}

function withSlash(url: string | null | undefined): string | null {
  return url ? `${url.replace(/\/+$/, '')}/` : null;
}
