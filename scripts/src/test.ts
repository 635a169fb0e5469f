/**
 * `pnpm test`: lints, builds and type-checks everything, runs every test, and ends with one line that sums what ran.
 * Arguments go to turbo (`pnpm test --filter=@sql-sessions/client`). Exit code 0: all of it passed. 1: something did not.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReports, sumUp } from './test-reports.ts';
import { turbo } from './turbo.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const args = process.argv.slice(2);

const runs = join(root, '.turbo/runs');
await rm(runs, { recursive: true, force: true });
for (const { reportFile } of await readReports(root)) await rm(reportFile, { force: true });

const checked = await turbo([
  'run',
  'lint',
  'build',
  'typecheck',
  '--output-logs=new-only',
  ...args,
]);
// Two at a time: the tests start servers and browsers of their own, and CI has two cores.
const tested =
  checked === 0
    ? await turbo(['run', 'test', '--concurrency=2', '--continue=always', '--summarize', ...args])
    : 1;

const tasks = await readTestTasks();
const namesOf = (which: (task: TestTask) => boolean) =>
  new Set([...tasks].filter(([, task]) => which(task)).map(([name]) => name));
const summary = sumUp(
  (await readReports(root)).filter(({ name }) => tasks.has(name)),
  namesOf(({ cached }) => cached),
  namesOf(({ exitCode }) => exitCode !== 0),
);
for (const line of summary.notes) console.log(line);
if (checked !== 0) console.log('No test ran: lint, build or typecheck failed, see above.');
console.log(`\n${summary.line}`);
process.exitCode = checked === 0 && tested === 0 && summary.ok ? 0 : 1;

interface TestTask {
  /** Turbo took the result from its cache. */
  cached: boolean;
  exitCode: number;
}

/** The packages whose tests turbo ran, and what came of it. */
async function readTestTasks(): Promise<Map<string, TestTask>> {
  const [file] = await readdir(runs).catch(() => []);
  if (file === undefined) return new Map();
  const { tasks } = JSON.parse(await readFile(join(runs, file), 'utf8')) as {
    tasks: {
      task: string;
      package: string;
      command: string;
      cache: { status: string };
      execution?: { exitCode?: number | null };
    }[];
  };
  return new Map(
    tasks
      .filter(({ task, command }) => task === 'test' && command !== '<NONEXISTENT>')
      .map((each) => [
        each.package,
        {
          cached: each.cache.status === 'HIT',
          exitCode: each.execution?.exitCode ?? (each.cache.status === 'HIT' ? 0 : 1),
        },
      ]),
  );
}
