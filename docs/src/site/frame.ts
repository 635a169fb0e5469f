import { escapeHtml, type Html, html, raw } from '../render/html.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';
import type { Page } from './page.ts';

export interface Frame {
  siteTitle: string;
  /** What the menu of a page lists. */
  menu: (page: Page) => { title: string; items: { path: string; title: string }[] }[];
  /** Newest first; the first one is what `/` shows. */
  versions: { path: string; label: string }[];
  /** Where the site is published, with a slash at the end; null: not known, and then nothing claims to know. */
  baseUrl: string | null;
  /** Where the repository's files can be read, with a slash at the end; null: not known. */
  repository: string | null;
  css: string;
  /** Paths of the scripts, relative to the top of the site. */
  scripts: { head: string; main: string; redoc: string };
  /** What Redoc's view is started with. */
  redocOptions: Record<string, unknown>;
  /** Path of the picture for link previews, relative to the top of the site. */
  picture: string;
}

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2b50c8"/><path d="M9 11c0-2 3-3.5 7-3.5S23 9 23 11s-3 3.5-7 3.5S9 13 9 11zm0 0v10c0 2 3 3.5 7 3.5M23 11v5M19 20l6 6m0-6l-6 6" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>',
)}`;

/** A page with everything around it: a whole document that needs nothing else to be read. */
export function framePage(page: Page, frame: Frame): string {
  const missing = page.kind === 'missing';
  const top = missing ? topOfHost(frame.baseUrl) : '../'.repeat(page.path.split('/').length - 1);
  const { css } = frame;
  const head = frame.scripts.head;
  const policy = contentSecurityPolicy({
    scripts: [head],
    // The empty style is how Redoc's view adds its rules; it lets no text in.
    styles: [css, ''],
    anyOrigin: page.kind === 'reference',
  });
  const title = page.path === '' ? page.title : `${page.title} · ${frame.siteTitle}`;
  return `<!doctype html>
${html`<html lang="en" data-top="${top || './'}" data-page="${page.path}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(escapeHtml(policy).replaceAll('&#39;', "'"))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description" content="${page.description}">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${missing ? html`<meta name="robots" content="noindex">` : social(page, title, frame)}
<link rel="icon" href="${ICON}">
${!missing && html`<link rel="alternate" type="text/markdown" href="index.md" title="This page as Markdown">`}
<style>${raw(css)}</style>
<script>${raw(head)}</script>
<script type="module" src="${top}${frame.scripts.main}"></script>
${page.data && raw(`<script type="application/ld+json">${JSON.stringify({ ...page.data, ...(frame.baseUrl && { url: frame.baseUrl + page.path }) }).replaceAll('<', '\\u003c')}</script>`)}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<p class="no-script-note">The scripts of this page could not be loaded. <a href="">Try again</a>; everything but search and forms works without them. Browsers load none for a page that is opened as a file: serve its folder over HTTP.</p>
<p class="visually-hidden" role="status" id="said"></p>
${header(page, frame, top)}
<div class="layout">
<nav class="menu" aria-label="Site">${menu(page, frame, top)}</nav>
<main id="main" class="${missing ? 'text' : page.kind}" tabindex="-1">
${page.kind !== 'missing' && html`<p class="page-tools js-only"><button type="button" class="quiet-button" data-copy-page>Copy page as Markdown</button></p>`}
${page.main}
${footer(page, frame, top)}
</main>
</div>
${page.data && html`<div id="redoc-view" data-script="${top}${frame.scripts.redoc}" data-options="${JSON.stringify(frame.redocOptions)}" hidden></div>`}
${searchDialog()}
</body>
</html>`}
`;
}

/** Where a site begins on its host. A page for what is missing, at whatever depth, has no relative way there. */
export function topOfHost(baseUrl: string | null): string {
  return baseUrl === null ? '/' : new URL(baseUrl).pathname;
}

function social(page: Page, title: string, frame: Frame): Html {
  const { baseUrl } = frame;
  return html`<meta property="og:type" content="website">
<meta property="og:site_name" content="${frame.siteTitle}">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${page.description}">
${
  baseUrl &&
  html`<link rel="canonical" href="${baseUrl}${page.path}">
<meta property="og:url" content="${baseUrl}${page.path}">
<meta property="og:image" content="${baseUrl}${frame.picture}">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630">
<meta property="og:image:alt" content="${frame.siteTitle}: ${page.description}">
<meta name="twitter:card" content="summary_large_image">`
}`;
}

function header(page: Page, frame: Frame, top: string): Html {
  const current =
    frame.versions.findLast(({ path }) => page.version !== null && page.path.startsWith(path)) ??
    frame.versions[0];
  return html`<header class="bar">
<a class="brand" href="${top || './'}"><svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/><path d="M9 11c0-2 3-3.5 7-3.5S23 9 23 11s-3 3.5-7 3.5S9 13 9 11zm0 0v10c0 2 3 3.5 7 3.5M23 11v5M19 20l6 6m0-6l-6 6"/></svg><span>${frame.siteTitle}</span></a>
<details class="switch versions" data-popup><summary aria-label="Version: ${current?.label}"><span>${current?.label}</span></summary>
<ul>${frame.versions.map(
    ({ path, label }) =>
      html`<li><a href="${top}${path || (top === '' ? './' : '')}"${path === current?.path && raw(' aria-current="true"')}>${label}</a></li>`,
  )}<li><a href="${top}versions/">All versions</a></li></ul></details>
${page.data && html`<a class="leave-redoc js-only" href="#top">Back to the reference</a>`}
<span class="gap"></span>
<search><button type="button" class="search-button js-only" data-search aria-label="Search" aria-keyshortcuts="/"><svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5 14 14"/></svg><span>Search</span><kbd>/</kbd></button></search>
<button type="button" class="theme-button js-only" data-theme-switch aria-label="Switch between light and dark"><svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="5.5"/><path d="M8 2.5a5.5 5.5 0 0 1 0 11z"/></svg></button>
<details class="switch small-menu" data-popup><summary aria-label="Menu"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 4h12M2 8h12M2 12h12"/></svg></summary><nav aria-label="Menu">${menu(page, frame, top)}</nav></details>
</header>`;
}

function menu(page: Page, frame: Frame, top: string): Html {
  const groups = frame.menu(page);
  return html`${groups.map(
    (group) => html`<p class="menu-title">${group.title}</p>
<ul>${group.items.map(({ path, title }) => {
      const here = path === page.path;
      return html`<li><a href="${top}${path || (top === '' ? './' : '')}"${here && raw(' aria-current="page"')}>${title}</a>${here && contents(page)}</li>`;
    })}</ul>`,
  )}${!groups.some(({ items }) => items.some(({ path }) => path === page.path)) && contents(page)}`;
}

function contents(page: Page): Html | null {
  const headings = page.headings.filter(({ level }) => level === 2 || level === 3);
  if (headings.length === 0) return null;
  return html`<ul class="contents">${headings.map(
    ({ id, text, level }) => html`<li class="level-${level}"><a href="#${id}">${text}</a></li>`,
  )}</ul>`;
}

function footer(page: Page, { repository }: Frame, top: string): Html {
  return html`<footer class="foot">${page.changed && html`<p>Last changed on <time datetime="${page.changed}">${page.changed}</time>.</p>`}<p>${page.kind !== 'missing' && html`<a href="index.md">This page as Markdown</a> `}${repository && page.source && html`<a href="${repository.replace('/blob/', '/edit/')}${page.source}">Edit this page</a> `}<a href="${top}openapi.yaml">openapi.yaml</a> <a href="${top}openapi.json">openapi.json</a> <a href="${top}llms.txt">llms.txt</a></p></footer>`;
}

function searchDialog(): Html {
  return html`<dialog id="site-search" class="search" aria-label="Search">
<form method="dialog"><label class="visually-hidden" for="search-input">Search the reference and the guides</label>
<input id="search-input" type="search" placeholder="Search the reference and the guides" autocomplete="off" spellcheck="false">
<button type="submit" class="quiet-button">Close</button></form>
<p id="search-status" class="search-status" role="status"></p>
<ul id="search-results" aria-label="Results"></ul>
</dialog>`;
}
