/**
 * `node build/keyword-page.ts`: writes `docs/keywords.md`, the table of what each part supports.
 */
import { writeFile } from 'node:fs/promises';
import { grammar } from '../src/model/keywords/grammar.ts';
import { rules } from '../src/model/keywords/rules.ts';
import { type Cells, PARTS } from '../src/model/keywords/verdicts.ts';

const SIGN = { irrelevant: '–', refused: '✗' };

const HEAD = `# Keywords

A cookie parameter in the contract ends the build:

> \`in: cookie\` is not supported by types and client. Browsers let no program set the header Cookie. Use a header or a query parameter.

Every field of OpenAPI 3.1 and every keyword of JSON Schema 2020-12 has such a verdict for each part that is derived from
the contract: the published types, the client, the mock, the reference, the conformance kit and the diff of versions.

- ✓ The part supports it.
- – It means nothing to the part, and may be used.
- ✗ The part would get it wrong. The build of the contract refuses it, with file and line. For documents of others,
  \`keywordNotices\` of \`@sql-sessions/contract/model\` says the same, and the mock and the kit go on with it.

Fields that begin with \`x-\` may be used everywhere.
`;

export function keywordPage(): string {
  const tables = Object.entries(grammar).map(([kind, fields]) => {
    const lines = Object.entries(fields).flatMap(([field, { cells, values }]) => [
      line(field === '*' ? 'any' : `\`${field}\``, cells),
      ...Object.entries(values).map(([value, own]) =>
        line(`\`${field}\`: ${value === '*' ? 'any other' : `\`${value}\``}`, { ...cells, ...own }),
      ),
    ]);
    return `## ${kind}\n\n${table('Field', lines)}`;
  });
  const broad = new Map(rules.map((rule) => [rule.refuses, rule.cells]));
  const more = [...broad].map(([refuses, cells]) => line(refuses, cells));
  return `${HEAD}\n${tables.join('\n')}\n## Also refused\n\n${table('What', more)}`;
}

function table(first: string, lines: readonly string[]): string {
  const columns = [first, ...PARTS, 'Reason'];
  return `| ${columns.join(' | ')} |\n|${' --- |'.repeat(columns.length)}\n${lines.join('\n')}\n`;
}

function line(name: string, cells: Cells): string {
  const signs = PARTS.map((part) => (cells[part] ? SIGN[cells[part].verdict] : '✓'));
  const reasons = PARTS.flatMap((part) => {
    const cell = cells[part];
    if (!cell) return [];
    return [cell.verdict === 'refused' ? `${cell.reason} ${cell.instead}` : cell.reason];
  });
  return `| ${[name, ...signs, [...new Set(reasons)].join(' ')].join(' | ')} |`;
}

if (import.meta.main) {
  await writeFile(new URL('../../docs/keywords.md', import.meta.url), keywordPage());
}
