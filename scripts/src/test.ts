/**
 * `pnpm test`: lints, builds and type-checks everything, runs the tests, and ends with one line that sums what ran. What
 * failed and what could not run here is named above it. With `--slow` (`pnpm test:slow`) the files `*.slow.test.ts` run
 * instead. Other arguments go to turbo (`pnpm test --filter=@sql-sessions/client`).
 * Exit code 0: all of it passed. 1: something did not.
 */
import { glob, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sumUp, type TestTask } from './sum-up.ts';
import { turbo } from './turbo.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const runs = join(root, '.turbo/runs');
/** Where a package's Vitest says what came of its tests. */
const REPORT = '.results/vitest.json';
const task = process.argv.includes('--slow') ? 'test:slow' : 'test';
const args = process.argv.slice(2).filter((arg) => arg !== '--slow');

await rm(runs, { recursive: true, force: true });
for await (const file of glob(`{*,{packages,examples}/*}/${REPORT}`, { cwd: root })) {
  await rm(join(root, file));
}
const checks = ['run', 'lint', 'build', 'typecheck', '--output-logs=new-only'];
const checked = await turbo([...checks, ...args]);
// Two at a time: the tests start servers and browsers of their own, and CI has two cores.
const tests = ['run', task, '--concurrency=2', '--continue=always', '--summarize'];
const tested = checked === 0 ? await turbo([...tests, ...args]) : 1;

const summary = sumUp(await readTasks());
for (const line of summary.notes) console.log(line);
if (checked !== 0) console.log('No test ran: lint, build or typecheck failed, see above.');
console.log(`\n${summary.line}`);
process.exitCode = checked === 0 && tested === 0 && summary.ok ? 0 : 1;

/** The packages whose tests turbo ran, and what came of them. */
async function readTasks(): Promise<TestTask[]> {
  const [file] = await readdir(runs).catch(() => []);
  if (file === undefined) return [];
  const { tasks } = JSON.parse(await readFile(join(runs, file), 'utf8')) as {
    tasks: {
      task: string;
      package: string;
      directory: string;
      command: string;
      cache: { status: string };
      execution?: { exitCode?: number | null };
    }[];
  };
  return Promise.all(
    tasks
      .filter(({ task: name, command }) => name === task && command !== '<NONEXISTENT>')
      .map(async ({ package: name, directory, cache, execution }) => {
        const cached = cache.status === 'HIT';
        const text = await readFile(join(root, directory, REPORT), 'utf8').catch(() => 'null');
        return {
          name,
          cached,
          exitCode: execution?.exitCode ?? (cached ? 0 : 1),
          report: JSON.parse(text) ?? undefined,
        };
      }),
  );
}
