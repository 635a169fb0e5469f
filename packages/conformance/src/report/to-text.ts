import { byGroup } from './by-group.ts';
import type { CheckReport, Outcome, Report } from './report.ts';
import { counts, summarize, verdict, wanted } from './summarize.ts';

/** Gives a text the color of an outcome; the default gives none. */
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
  const nameOf = ({ id, operation }: CheckReport) => (several ? `${id} (${operation})` : id);
  for (const [group, checks] of byGroup(report.checks)) {
    lines.push(group, ...checks.flatMap((check) => toLines(check, nameOf(check), paint)), '');
  }
  lines.push('Statuses that the contract documents');
  for (const operation of new Set(report.statuses.map((status) => status.operation))) {
    const statuses = report.statuses
      .filter((status) => status.operation === operation)
      .map(({ status, seen }) =>
        seen > 0 ? `${status} ×${seen}` : paint('not-exercised', `${status} not seen`),
      );
    lines.push(`  ${operation}: ${statuses.join(', ')}`);
  }
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) {
    lines.push('', 'Failed');
    for (const check of failed) {
      const note = counts(report, check) ? '' : ' (does not fail this run)';
      lines.push(paint('failed', `  ${check.level}: ${nameOf(check)}${note}`));
    }
  }
  const outcome = !report.ok ? (failed.length > 0 ? 'failed' : 'not-exercised') : 'passed';
  lines.push('', ...report.notes, ...[wanted(report)].filter((line) => line !== ''));
  lines.push(
    paint(outcome, verdict(report)),
    `${summarize(report)}. ${report.requests} requests in ${(report.durationMs / 1000).toFixed(1)} s. Seed ${report.seed}.`,
    '',
  );
  return lines.join('\n');
}

function toLines(check: CheckReport, name: string, paint: Paint): string[] {
  const lines = [`${paint(check.outcome, `  ${MARKS[check.outcome]} ${name}`)}  ${check.sentence}`];
  if (check.outcome === 'not-exercised') lines.push(`      not exercised: ${check.reason}`);
  if (check.outcome === 'known') lines.push(`      known departure: ${check.reason}`);
  for (const { message, level, curl } of check.findings) {
    lines.push(`      ${level}: ${message}`);
    if (curl !== null && check.outcome === 'failed') lines.push(`      $ ${curl}`);
  }
  if (check.outcome === 'failed') {
    lines.push(`      from ${check.source}`, `      fix: ${check.hint}`);
  }
  return lines;
}
