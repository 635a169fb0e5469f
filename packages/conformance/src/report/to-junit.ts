import { byGroup } from './by-group.ts';
import type { CheckReport, Report } from './report.ts';
import { counts } from './summarize.ts';

/** The report as JUnit XML: a suite per heading. What is known or was not exercised is skipped, with its reason. */
export function toJUnit(report: Report): string {
  const { durationMs } = report;
  const failing = (check: CheckReport) => check.outcome === 'failed' && counts(report, check);
  const skipped = (check: CheckReport) => check.outcome !== 'passed' && !failing(check);
  const total = (which: (check: CheckReport) => boolean) => report.checks.filter(which).length;
  const suites = [...byGroup(report.checks)].map(([group, checks]) => {
    const time = checks.reduce((sum, check) => sum + check.durationMs, 0);
    return [
      `  <testsuite name="${xmlText(group)}" tests="${checks.length}" failures="${checks.filter(failing).length}" skipped="${checks.filter(skipped).length}" time="${seconds(time)}">`,
      ...checks.map((check) => toCase(check, failing(check))),
      '  </testsuite>',
    ].join('\n');
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xmlText(report.contract.title)}" tests="${report.checks.length}" failures="${total(failing)}" skipped="${total(skipped)}" time="${seconds(durationMs)}">`,
    ...suites,
    `  <!-- ${xmlText(report.contract.version)}, seed ${report.seed} -->`,
    '</testsuites>',
    '',
  ].join('\n');
}

function toCase(check: CheckReport, failing: boolean): string {
  const open = `    <testcase classname="${xmlText(check.operation)}" name="${xmlText(`${check.id}: ${check.sentence}`)}" time="${seconds(check.durationMs)}"`;
  if (check.outcome === 'passed') return `${open}/>`;
  if (!failing) {
    const [first] = check.findings;
    const reason = check.reason || `${check.level}: ${first?.message}`;
    return `${open}>\n      <skipped message="${xmlText(reason)}"/>\n    </testcase>`;
  }
  const failures = check.findings.map(({ message, level, curl, response }) => {
    const more = [check.hint, curl, response].filter((part) => part !== null).join('\n\n');
    return `      <failure type="${level}" message="${xmlText(message)}">${xmlText(more)}</failure>`;
  });
  return [`${open}>`, ...failures, '    </testcase>'].join('\n');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** XML 1.0 has no place for most control characters, not even escaped. */
function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\n]/g, (character) => ENTITIES[character] ?? character);
}
