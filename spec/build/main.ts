/**
 * `node build/main.ts [folder] [--lint | --timings]`: builds `dist/` from `sessions.yaml`, both in this package or in
 * the folder.
 * `--lint` only looks for problems. `--timings` prints the milliseconds of each step and the bytes of memory, as JSON.
 *
 * Exit code 0: built. 1: the contract has problems; they are printed with file, line and column, and `dist/`
 * is as it was. 2: wrong usage.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildContract } from './build-contract.ts';
import { lintContract } from './lint-contract.ts';

const { values, positionals } = parse();
const [folder = fileURLToPath(new URL('..', import.meta.url))] = positionals;
const result = values.lint
  ? { ok: false as const, report: (await lintContract(folder)).report }
  : await buildContract(folder);
if (result.ok && values.timings) {
  const memory = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ ...result.steps, build: result.milliseconds, memory }));
} else if (result.ok) {
  const { version, operations, changed, milliseconds } = result;
  console.log(
    `contract ${version}, ${operations} operation${operations === 1 ? '' : 's'}: ${
      changed.length === 0 ? 'dist is up to date' : `wrote ${changed.join(', ')}`
    } (${milliseconds} ms)`,
  );
} else if (!result.ok && result.report !== '') {
  console.error(result.report);
  process.exitCode = 1;
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        lint: { type: 'boolean', default: false },
        timings: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message} There are --lint and --timings.`);
    process.exit(2);
  }
}
