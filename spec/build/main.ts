/**
 * Builds `dist/` from `sessions.yaml`. With `--watch` it keeps doing so after every save, until it is ended.
 *
 * Exit code 0: built. 1: the contract has problems; they are printed with file, line and column, and `dist/`
 * is as it was.
 */
import { fileURLToPath } from 'node:url';
import { type BuildResult, buildContract } from './build-contract.ts';
import { watchContract } from './watch-contract.ts';

const spec = fileURLToPath(new URL('..', import.meta.url));

if (process.argv.includes('--watch')) {
  await watchContract(spec, (result) => {
    print(result);
    if (!result.ok) console.error('\nThe last good contract stays in use until this is mended.');
  });
} else {
  const result = await buildContract(spec);
  print(result);
  if (!result.ok) process.exitCode = 1;
}

function print(result: BuildResult): void {
  if (!result.ok) {
    console.error(result.report);
    return;
  }
  const { version, operations, changed, milliseconds } = result;
  console.log(
    `contract ${version}, ${operations} operation${operations === 1 ? '' : 's'}: ${
      changed.length === 0 ? 'dist is up to date' : `wrote ${changed.join(', ')}`
    } (${milliseconds} ms)`,
  );
}
