import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { Change } from './change.ts';
import { printValues } from './changelog.ts';
import type { ContractDiff } from './contract-diff.ts';

const COLOR = { unknown: 'yellow', major: 'red', minor: 'green', patch: 'gray' } as const;
const MEANING = {
  none: 'nothing',
  patch: 'a patch',
  minor: 'a minor',
  major: 'a major',
  unknown: 'decided',
};

/** For a terminal; colour where `stream` has it. */
export function toText(diff: ContractDiff, since: string, stream = process.stdout): string {
  const lines = [title(diff, since)];
  for (const change of diff.changes) {
    const rating = styleText(COLOR[change.rating], change.rating.padEnd(5), { stream });
    lines.push('', `${rating}  ${change.what}`, `       ${change.where}`);
    const values = printValues(change);
    if (values) lines.push(`       ${values.join(' → ')}`);
    lines.push(`       ${change.reason} Affects ${change.affects.join(', ')}.`);
    if (change.migration !== undefined) lines.push(`       To migrate: ${change.migration}`);
    lines.push(`       ${place(change)} (${change.rule})`);
  }
  return lines.join('\n');
}

export function toMarkdown(diff: ContractDiff, since: string): string {
  if (diff.changes.length === 0) return `## Contract\n\n${title(diff, since)}`;
  const rows = diff.changes.map((change) => {
    const printed = printValues(change);
    const values = printed ? `<br>${printed.join(' → ')}` : '';
    const migration = change.migration === undefined ? '' : `<br>To migrate: ${change.migration}`;
    const cells = [
      change.rating === 'major' ? '**major**' : change.rating,
      `${change.what}<br>${change.where}${values}`,
      `${change.reason}${migration}`,
      change.affects.join(', '),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  });
  return [
    '## Contract',
    '',
    title(diff, since),
    '',
    '| rating | change | reason | affects |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** For machines: `{ since, rating, changes }`. */
export function toJson(diff: ContractDiff, since: string): string {
  return JSON.stringify({ since, rating: diff.rating, changes: diff.changes }, null, 2);
}

/** GitHub's workflow commands: one annotation on the changed line for each change. */
export function toAnnotations(diff: ContractDiff, root: string): string {
  return diff.changes
    .map((change) => {
      const level = change.rating === 'major' ? 'warning' : 'notice';
      const properties = {
        file: relative(root, change.at.file).replaceAll('\\', '/'),
        line: String(change.at.line),
        title: `${change.rating} change of the contract`,
      };
      const printed = Object.entries(properties).map(
        ([key, value]) => `${key}=${escapeProperty(value)}`,
      );
      return `::${level} ${printed.join(',')}::${escapeData(`${change.what} ${change.reason}`)}`;
    })
    .join('\n');
}

function title(diff: ContractDiff, since: string): string {
  if (diff.changes.length === 0) return `The contract is the same as in ${since}.`;
  const count = diff.changes.length === 1 ? '1 change' : `${diff.changes.length} changes`;
  return `${count} since ${since}; the next version has to be at least ${MEANING[diff.rating]}.`;
}

function place({ at }: Change): string {
  return `${relative(process.cwd(), at.file)}:${at.line}:${at.column}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
