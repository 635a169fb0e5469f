import { byGroup } from './by-group.ts';
import type { CheckReport, Report } from './report.ts';

/** The report as JUnit XML: a suite per heading. What is known or was not exercised is skipped, with its reason. */
export function toJUnit(report: Report): string {
  const { summary, duration } = report;
  const suites = [...byGroup(report.checks)].map(([group, checks]) => {
    const of = (...outcomes: string[]) =>
      checks.filter(({ outcome }) => outcomes.includes(outcome)).length;
    const time = checks.reduce((sum, check) => sum + check.duration, 0);
    return [
      `  <testsuite name="${xmlText(group)}" tests="${checks.length}" failures="${of('failed')}" skipped="${of('known', 'not-exercised')}" time="${seconds(time)}">`,
      ...checks.map(toCase),
      '  </testsuite>',
    ].join('\n');
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xmlText(`${report.contract.title} ${report.contract.version}, seed ${report.seed}`)}" tests="${report.checks.length}" failures="${summary.failed}" skipped="${summary.known + summary['not-exercised']}" time="${seconds(duration)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function toCase(check: CheckReport): string {
  const open = `    <testcase classname="${xmlText(check.operation)}" name="${xmlText(`${check.id}: ${check.sentence}`)}" time="${seconds(check.duration)}"`;
  if (check.outcome === 'passed') return `${open}/>`;
  if (check.outcome !== 'failed') {
    return `${open}>\n      <skipped message="${xmlText(check.reason)}"/>\n    </testcase>`;
  }
  const failures = check.findings.map(({ message, curl, answer }) => {
    const more = [curl, answer].filter((part) => part !== null).join('\n\n');
    return `      <failure message="${xmlText(message)}">${xmlText(more)}</failure>`;
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
