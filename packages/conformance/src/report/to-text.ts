import { byGroup } from './by-group.ts';
import type { CheckReport, Outcome, Report } from './report.ts';
import { summarise, verdict } from './summarise.ts';

/** Gives a text the colour of an outcome; the default gives none. */
export type Paint = (outcome: Outcome, text: string) => string;

const MARKS: Record<Outcome, string> = {
  passed: '✓',
  failed: '✗',
  known: '~',
  'not-exercised': '-',
};

/** The report for a terminal or a log. Checks that passed take one line. */
export function toText(report: Report, paint: Paint = (_, text) => text): string {
  const lines = [`${report.contract.title} ${report.contract.version} at ${report.baseUrl}`, ''];
  const several = new Set(report.checks.map(({ operation }) => operation)).size > 1;
  for (const [group, checks] of byGroup(report.checks)) {
    lines.push(group);
    for (const check of checks) lines.push(...toLines(check, several, paint));
    lines.push('');
  }
  lines.push('Statuses that the contract documents');
  for (const operation of new Set(report.statuses.map((status) => status.operation))) {
    const statuses = report.statuses
      .filter((status) => status.operation === operation)
      .map(({ status, seen }) =>
        seen > 0 ? `${status} ×${seen}` : paint('failed', `${status} not seen`),
      );
    lines.push(`  ${operation}: ${statuses.join(', ')}`);
  }
  const outcome = report.summary.failed > 0 ? 'failed' : report.ok ? 'passed' : 'not-exercised';
  lines.push(
    '',
    paint(outcome, verdict(report)),
    `${summarise(report)}. ${report.requests} requests in ${(report.duration / 1000).toFixed(1)} s. Seed ${report.seed}.`,
    '',
  );
  return lines.join('\n');
}

function toLines(check: CheckReport, several: boolean, paint: Paint): string[] {
  const name = several ? `${check.id} (${check.operation})` : check.id;
  const lines = [`${paint(check.outcome, `  ${MARKS[check.outcome]} ${name}`)}  ${check.sentence}`];
  if (check.outcome === 'not-exercised') lines.push(`      not exercised: ${check.reason}`);
  if (check.outcome === 'known') lines.push(`      known departure: ${check.reason}`);
  for (const { message, curl } of check.findings) {
    lines.push(`      ${message}`);
    if (curl !== null && check.outcome === 'failed') lines.push(`      $ ${curl}`);
  }
  if (check.outcome === 'failed') {
    const source = check.source.startsWith('/') ? `#${check.source}` : check.source;
    lines.push(`      from ${source}`);
  }
  return lines;
}
