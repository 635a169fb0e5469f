import { type Content, type Html, html } from '../render/html.ts';
import type { ContractDiff } from './contract-diff.ts';
import type { Page } from './page.ts';

export interface ContractVersion {
  /** What readers call it: `1.0.0`, or `1.1.0 (not released)`. */
  label: string;
  version: string;
  /** Address of its reference. */
  path: string;
  yaml: string;
}

export interface VersionStep {
  from: ContractVersion;
  to: ContractVersion;
  /** Address of the page that shows the difference. */
  path: string;
  /** null: they are still being compared. Only a watching server shows that, for a moment. */
  diff: ContractDiff | null;
}

/** The list of all versions with their files and the steps between them. */
export function toVersionsPage(
  versions: readonly ContractVersion[],
  steps: readonly VersionStep[],
): Page {
  const file = (version: ContractVersion, name: string) => `../${version.path}${name}`;
  const step = (version: ContractVersion) => steps.find(({ to }) => to === version);
  const rows = versions.map((version) => {
    const change = step(version);
    return html`<tr><th scope="row"><a href="../${version.path}">${version.label}</a></th>
<td><a href="${file(version, 'openapi.yaml')}" download>openapi.yaml</a> <a href="${file(version, 'openapi.json')}" download>openapi.json</a></td>
<td>${change ? stepLink(change) : html`<span class="quiet">first version</span>`}</td></tr>`;
  });
  return {
    path: 'versions/',
    title: 'Versions',
    description:
      'Every version of the contract, with its files and what changed since the one before.',
    markdown: `# Versions\n\n${versions
      .map((version) => {
        const change = step(version);
        return `- [${version.label}](../${version.path}index.md): [openapi.yaml](${file(version, 'openapi.yaml')}), [openapi.json](${file(version, 'openapi.json')})${
          change ? `, [changes since ${change.from.label}](../${change.path}index.md)` : ''
        }`;
      })
      .join('\n')}\n`,
    main: html`<h1 id="versions">Versions</h1>
<p>Every published version keeps its address and its files. What a change means for callers is rated by <code>redocly diff</code>; see <a href="../versioning/">what a version means</a> and the <a href="../changelog/">changelog</a>.</p>
<div class="table" tabindex="0" role="region" aria-label="Versions"><table><thead><tr><th scope="col">Version</th><th scope="col">Files</th><th scope="col">Changes</th></tr></thead><tbody>${rows}</tbody></table></div>`,
    headings: [{ id: 'versions', text: 'Versions', level: 1 }],
    kind: 'text',
    search: [{ id: '', title: 'Versions', text: versions.map(({ label }) => label).join(' ') }],
    version: null,
  };
}

function stepLink({ from, path, diff }: VersionStep): Html {
  if (!diff) return html`<a href="../${path}">changes since ${from.label}</a>`;
  const count = diff.changes.length;
  return html`<a href="../${path}">${count} ${count === 1 ? 'change' : 'changes'} since ${from.label}</a>, ${impact(diff.bump)}`;
}

/** What changed between two neighbouring versions. */
export function toStepPage({ from, to, path, diff: compared }: VersionStep): Page {
  const title = `From ${from.label} to ${to.label}`;
  const diff = compared ?? NOT_COMPARED;
  const count = `${diff.summary.major} major, ${diff.summary.minor} minor and ${diff.summary.patch} patch`;
  const top = '../'.repeat(path.split('/').length - 1);
  return {
    path,
    title,
    description: `What changed in the contract between ${from.label} and ${to.label}: ${count}.`,
    markdown: `# ${title}\n\nRated by \`redocly diff\`: ${count}.\n\n${diff.changes
      .map(
        (change) =>
          `- ${change.impact}: ${words(change)} at \`${pointer(change)}\`${values(change)}`,
      )
      .join('\n')}\n`,
    main: html`<p class="crumb"><a href="${top}versions/">Versions</a></p><h1 id="changes">${title}</h1>
<p>Rated by <code>redocly diff</code>: ${count}${diff.changes.length > 0 && html`, which asks for ${impact(diff.bump)}`}. References: <a href="${top}${from.path}">${from.label}</a>, <a href="${top}${to.path || './'}">${to.label}</a>.</p>
${
  diff.changes.length === 0
    ? html`<p>${compared ? 'Nothing in the contract differs.' : 'The two are being compared.'}</p>`
    : html`<div class="table changes" tabindex="0" role="region" aria-label="Changes"><table><thead><tr><th scope="col">Impact</th><th scope="col">Change</th><th scope="col">Before</th><th scope="col">After</th></tr></thead><tbody>${diff.changes.map(
        (change) =>
          html`<tr><td>${impact(change.impact)}</td><td>${words(change)}<br><code>${pointer(change)}</code></td><td>${value(change.base?.value)}</td><td>${value(change.revision?.value)}</td></tr>`,
      )}</tbody></table></div>`
}`,
    headings: [{ id: 'changes', text: title, level: 1 }],
    kind: 'text',
    search: [],
    version: null,
  };
}

const NOT_COMPARED: ContractDiff = {
  bump: 'none',
  summary: { major: 0, minor: 0, patch: 0 },
  changes: [],
};

type Change = ContractDiff['changes'][number];

function impact(kind: string): Html {
  const colour = kind === 'major' ? 5 : kind === 'minor' ? 4 : 2;
  return html`<span class="status kind-${colour}">${kind}</span>`;
}

function words(change: Change): string {
  const said = change.verdicts.map(({ message }) => message.replaceAll('`', '')).join(' ');
  return said || `${change.kind}${change.property ? ` ${change.property}` : ''}`;
}

function pointer({ path, property }: Change): string {
  const [first = '', second = '', third = '', ...others] = path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const place =
    first === 'paths' ? [`${third.toUpperCase()} ${second}`.trim()] : [first, second, third];
  return [...place, ...others, property ?? ''].filter((part) => part !== '').join(' › ');
}

function value(content: unknown): Content {
  if (content === undefined) return html`<span class="quiet">none</span>`;
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return html`<code>${text.length > 160 ? `${text.slice(0, 160)} …` : text}</code>`;
}

function values({ base, revision }: Change): string {
  const text = (content: unknown) =>
    content === undefined ? 'none' : `\`${JSON.stringify(content)}\``;
  return `: ${text(base?.value)} to ${text(revision?.value)}`;
}
