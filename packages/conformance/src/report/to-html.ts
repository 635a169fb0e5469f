import { LEVELS, type Level } from '../http/level.ts';
import { byGroup } from './by-group.ts';
import { script, style } from './html-style.ts';
import { html, Markup } from './html-template.ts';
import type { CheckReport, Finding, Outcome, Report } from './report.ts';
import { counts, verdict, wanted } from './summarize.ts';

const WORDS: Record<Outcome, string> = {
  passed: 'passed',
  failed: 'failed',
  known: 'known departures',
  'not-exercised': 'not exercised',
};
const MARKS: Record<Outcome, string> = {
  passed: '✓',
  failed: '✗',
  known: '~',
  'not-exercised': '–',
};
const OUTCOMES = ['failed', 'known', 'not-exercised', 'passed'] as const;

/** The report as one page that needs nothing else: no request leaves it. */
export function toHtml(report: Report): string {
  const of = (outcome: Outcome) => report.checks.filter((check) => check.outcome === outcome);
  const several = new Set(report.checks.map(({ operation }) => operation)).size > 1;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${report.ok ? 'Kept' : 'Broken'}: ${report.contract.title} at ${report.baseUrl}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${heading(report)}
<main>
${failures(report, of('failed'), several)}
${statuses(report)}
${departures(of('known'), several)}
${notExercised(of('not-exercised'), several, wanted(report))}
${everything(report, several)}
${places(report)}
</main>
<footer>
<p>${report.kit.name} ${report.kit.version}. The same inputs again: <code>--seed ${report.seed}</code></p>
</footer>
<script>${new Markup(script)}</script>
</body>
</html>
`;
  return page.text;
}

function heading(report: Report): Markup {
  const { summary, contract } = report;
  const tone = summary.failed > 0 ? 'failed' : report.ok ? 'passed' : 'not-exercised';
  const shares = OUTCOMES.filter((outcome) => summary[outcome] > 0);
  return html`<header>
<p class="eyebrow">${contract.title} ${contract.version}</p>
<h1 class="verdict-${tone}">${verdict(report)}</h1>
<dl class="facts">
<div><dt>Server</dt><dd>${report.baseUrl}</dd></div>
<div><dt>When</dt><dd><time datetime="${report.startedAt}">${report.startedAt.slice(0, 16).replace('T', ' ')} UTC</time></dd></div>
<div><dt>Requests</dt><dd>${report.requests} in ${(report.durationMs / 1000).toFixed(1)} s</dd></div>
<div><dt>Seed</dt><dd>${report.seed}</dd></div>
</dl>
<div class="bar" aria-hidden="true">${shares.map(
    (outcome) => html`<span class="${outcome}" style="flex:${summary[outcome]}"></span>`,
  )}</div>
<ul class="counts">${shares.map(
    (outcome) =>
      html`<li class="${outcome}"><b>${summary[outcome]}</b> ${summary[outcome] === 1 ? WORDS[outcome].replace(/s$/, '') : WORDS[outcome]}</li>`,
  )}</ul>
${report.notes.map((note) => html`<p class="soft">${note}</p>`)}
</header>`;
}

const HEADINGS: Record<Level, string> = {
  contract: 'What breaks the contract',
  http: 'What breaks HTTP',
  hardening: 'What could be harder',
};

function failures(report: Report, failed: readonly CheckReport[], several: boolean): Markup[] {
  return LEVELS.flatMap((level) => {
    const checks = failed.filter((check) => check.level === level);
    return checks.length === 0 ? [] : [failuresOf(report, level, checks, several)];
  });
}

function failuresOf(
  report: Report,
  level: Level,
  checks: readonly CheckReport[],
  several: boolean,
): Markup {
  const id = `broken-${level}`;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${HEADINGS[level]}</h2>
${!counts(report, { level }) && html`<p class="soft">This does not fail the run: see <code>--level</code>.</p>`}
${checks.map(
  (check) => html`<article class="card failed-card" id="check-${check.id}-${check.operation}">
<h3>${check.sentence}</h3>
<p class="soft"><span class="id">${nameOf(check, several)}</span>, ${sourceLink(check)}</p>
${check.findings.slice(0, 1).map(finding)}
<p class="soft"><b>How to fix it:</b> ${check.hint}</p>
${
  check.findings.length > 1 &&
  html`<details class="more"><summary>${check.findings.length - 1} more ${check.findings.length === 2 ? 'request that shows' : 'requests that show'} it</summary>${check.findings.slice(1).map(finding)}</details>`
}
</article>`,
)}
</section>`;
}

function finding({ message, curl, request, response }: Finding): Markup {
  return html`<div class="finding"><p>${capitalise(message)}</p>
${curl !== null && html`<p class="label">Try it</p><div class="command"><pre tabindex="0" aria-label="Command"><code>${curl}</code></pre></div>`}
${
  request !== null &&
  html`<details><summary>Request and response</summary><div class="wire">
<div><h4>Sent</h4><pre tabindex="0" aria-label="Request">${request}</pre></div>
<div><h4>Received</h4><pre tabindex="0" aria-label="Response">${response ?? 'No response'}</pre></div>
</div></details>`
}</div>`;
}

function statuses(report: Report): Markup {
  const operations = [...new Set(report.statuses.map(({ operation }) => operation))];
  return html`<section aria-labelledby="statuses"><h2 id="statuses">Documented statuses</h2>
<p class="soft">How many responses of each status the run has seen.</p>
${operations.map(
  (operation) => html`<h3 class="id">${operation}</h3>
<ul class="statuses">${report.statuses
    .filter((status) => status.operation === operation)
    .map(({ status, seen }) =>
      seen > 0
        ? html`<li><b>${status}</b> ${seen} ${seen === 1 ? 'response' : 'responses'}</li>`
        : html`<li class="unseen"><b>${status}</b> not seen</li>`,
    )}</ul>`,
)}
</section>`;
}

function departures(checks: readonly CheckReport[], several: boolean): Markup | false {
  if (checks.length === 0) return false;
  return html`<section aria-labelledby="known"><h2 id="known">Known departures</h2>
<p class="soft">The server does not keep the contract here, and its team gives a reason.</p>
${checks.map(
  (check) => html`<article class="card">
<h3>${check.sentence}</h3>
<p class="soft"><span class="id">${nameOf(check, several)}</span>, ${sourceLink(check)}</p>
<p><b>Reason:</b> ${check.reason}</p>
<details><summary>What the server does</summary>${check.findings.map(finding)}</details>
</article>`,
)}
</section>`;
}

/** By what is missing, so that the reader sees what one more capability would bring. */
function notExercised(
  checks: readonly CheckReport[],
  several: boolean,
  hint: string,
): Markup | false {
  if (checks.length === 0) return false;
  const reasons = Map.groupBy(checks, ({ reason }) => reason);
  return html`<section aria-labelledby="left-out"><h2 id="left-out">Not exercised</h2>
<p class="soft">Nothing is known about these: they count neither for nor against the server. ${hint}</p>
${[...reasons].map(
  ([reason, left]) => html`<div class="card"><h3>${capitalise(reason)}</h3>
<ul>${left.map((check) => html`<li><span class="id">${nameOf(check, several)}</span> ${check.sentence}</li>`)}</ul></div>`,
)}
</section>`;
}

function everything(report: Report, several: boolean): Markup {
  return html`<section aria-labelledby="all"><h2 id="all">Every check</h2>
${[...byGroup(report.checks)].map(
  ([group, checks]) => html`<div class="card"><h3>${group}</h3>
<ul class="checks">${checks.map(
    (
      check,
    ) => html`<li><span class="mark ${check.outcome}" aria-hidden="true">${MARKS[check.outcome]}</span>
<div><p>${check.sentence}</p><p class="soft"><span class="id">${nameOf(check, several)}</span> ${WORDS[check.outcome].replace(/s$/, '')}${check.requests > 0 && html`, ${check.requests} ${check.requests === 1 ? 'request' : 'requests'}`}, ${sourceLink(check)}</p></div></li>`,
  )}</ul></div>`,
)}
</section>`;
}

function places(report: Report): Markup {
  return html`<section aria-labelledby="contract"><h2 id="contract">What the contract says</h2>
<p class="soft">The parts of ${report.contract.title} ${report.contract.version} that the checks refer to.</p>
${Object.entries(report.places).map(
  ([
    pointer,
    value,
  ]) => html`<details class="card"><summary id="contract${pointer.slice(1)}"><code>${pointer}</code></summary>
<pre tabindex="0" aria-label="${pointer}">${JSON.stringify(value, null, 2)}</pre></details>`,
)}
</section>`;
}

function sourceLink({ source }: CheckReport): Markup {
  if (source.startsWith('#'))
    return html`<a href="#contract${encodeURI(source.slice(1))}">contract</a>`;
  const [, rfc, section] = /rfc(\d+)#section-(.+)$/.exec(source) ?? [];
  return html`<a href="${source}">RFC ${rfc}, section ${section}</a>`;
}

function nameOf({ id, operation }: CheckReport, several: boolean): string {
  return several ? `${id} (${operation})` : id;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
