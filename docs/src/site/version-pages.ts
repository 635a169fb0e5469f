import { cutToDifference } from '@sql-sessions/contract/versioning';
import { type Html, html } from '../render/html.ts';
import type { Page } from './page.ts';
import { toMarkdown } from './to-markdown.ts';
import type { ContractVersion, RatedChange, VersionStep } from './version-steps.ts';

/** The list of all versions with their files and the steps between them. */
export function toVersionsPage(
  versions: readonly ContractVersion[],
  steps: readonly VersionStep[],
  feed: boolean,
): Page {
  const rows = versions.map((version) => {
    const file = (name: string) => `../${version.path}${name}`;
    const change = steps.find(({ to }) => to === version);
    return html`<tr><th scope="row"><a href="../${version.path}">${version.label}</a></th>
<td><a href="${file('openapi.yaml')}" download>openapi.yaml</a> <a href="${file('openapi.json')}">openapi.json</a></td>
<td>${change ? stepLink(change) : html`<span class="quiet">first version</span>`}</td></tr>`;
  });
  return textPage({
    path: 'versions/',
    title: 'Versions',
    description:
      'Every version of the contract, with its files and what changed since the one before.',
    main: html`<h1 id="versions">Versions</h1>
<p>Every published version keeps its path and its files. <a href="../versioning/">What a version means</a> says how changes are rated; the <a href="../changelog/">changelog</a> tells them in words${feed && html`, and as a <a href="../feed.xml">feed</a>`}.</p>
<div class="table" role="group" aria-label="Versions"><table><thead><tr><th scope="col">Version</th><th scope="col">Files</th><th scope="col">Changes</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  });
}

function stepLink({ from, path, changes }: VersionStep): Html {
  if (!changes) return html`<a href="../${path}">changes since ${from.label}</a>`;
  const count = changes.length;
  return html`<a href="../${path}">${count} ${count === 1 ? 'change' : 'changes'} since ${from.label}</a> ${changes[0] && rating(changes[0].rating)}`;
}

/** What changed between two neighbouring versions. */
export function toStepPage({ from, to, path, changes }: VersionStep): Page {
  const title = `From ${from.label} to ${to.label}`;
  const top = '../'.repeat(path.split('/').length - 1);
  return textPage({
    path,
    title,
    description: `What changed in the contract between ${from.label} and ${to.label}, and what to do about it.`,
    main: html`<p class="crumb"><a href="${top}versions/">Versions</a></p><h1 id="changes">${title}</h1>
<p>${countOf(changes ?? [])}. References: <a href="${top}${from.path}">${from.label}</a>, <a href="${top}${to.path || './'}">${to.label}</a>.</p>
${
  changes && changes.length > 0
    ? html`<ul class="fields" aria-label="Changes">${changes.map(change)}</ul>`
    : html`<p>${changes ? 'Nothing in the contract differs.' : 'The two are being compared.'}</p>`
}`,
  });
}

function countOf(changes: readonly RatedChange[]): string {
  const ratings = [...new Set(changes.map(({ rating }) => rating))];
  if (ratings.length === 0) return 'No changes';
  return ratings
    .map((each) => `${changes.filter(({ rating }) => rating === each).length} ${each}`)
    .join(', ');
}

function change({
  rating: rated,
  what,
  where,
  before,
  after,
  reason,
  migration,
  affects,
}: RatedChange): Html {
  const [old, now] = cutToDifference(textOf(before), textOf(after));
  const words = what
    .split('`')
    .map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));
  return html`<li class="field"><p class="field-head">${rating(rated)} <b>${words}</b></p>
<p class="small"><code>${where}</code></p>
<dl class="advice"><dt>Reason</dt><dd>${reason}</dd>${migration && html`<dt>What to do</dt><dd>${migration}</dd>`}${affects.length > 0 && html`<dt>For</dt><dd>${affects.join(', ')}</dd>`}${old && html`<dt>Before</dt><dd><code>${old}</code></dd>`}${now && html`<dt>After</dt><dd><code>${now}</code></dd>`}</dl></li>`;
}

function textPage(page: Pick<Page, 'path' | 'title' | 'description' | 'main'>): Page {
  const headings = [
    { id: page.path === 'versions/' ? 'versions' : 'changes', text: page.title, level: 1 },
  ];
  return { ...page, headings, markdown: toMarkdown(page.main), kind: 'text', version: null };
}

function rating(kind: string): Html {
  const color = { patch: 2, minor: 4 }[kind] ?? 5;
  return html`<span class="status kind-${color}">${kind}</span>`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
