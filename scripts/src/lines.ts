/** `pnpm lines`: counts the lines of source per package. See NOTE for what counts. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NOTE =
  'Lines of tracked *.ts, *.js, *.css and *.html files, blank ones and comments included, without tests.';
const SOURCE = /\.(ts|js|css|html)$/;
const TEST = /(^|\/)test\/|\.test\./;

/** The folder that a file is counted under: a package's, or the topmost. */
function packageOf(file: string): string {
  return /^((packages|examples)\/[^/]+|[^/]+(?=\/))/.exec(file)?.[0] ?? '.';
}

/** Lines per package of those of the files that are source, in the order of the alphabet. */
export function countLines(
  files: readonly string[],
  read: (file: string) => string,
): [folder: string, lines: number][] {
  const lines = new Map<string, number>();
  for (const file of files.filter((each) => SOURCE.test(each) && !TEST.test(each))) {
    const folder = packageOf(file);
    lines.set(folder, (lines.get(folder) ?? 0) + read(file).split('\n').length - 1);
  }
  return [...lines].sort(([a], [b]) => a.localeCompare(b));
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((file) => existsSync(join(root, file)));
  const counted = countLines(files, (file) => readFileSync(join(root, file), 'utf8'));
  const total = counted.reduce((sum, [, lines]) => sum + lines, 0);
  for (const [folder, lines] of [...counted, ['in all', total] as const]) {
    console.log(`${folder.padEnd(28)} ${String(lines).padStart(6)}`);
  }
  console.log(`\n${NOTE}`);
}
