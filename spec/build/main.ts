/**
 * Builds `dist/` from `sessions.yaml`. With `--watch` it keeps doing so at every save.
 * Exit code 0: built. 1: the contract has problems, printed with file, line and column; `dist/` is as it was.
 */
import { fileURLToPath } from 'node:url';
import { buildContract } from './build-contract.ts';
import { watchContract } from './watch-contract.ts';

const spec = fileURLToPath(new URL('..', import.meta.url));

if (process.argv.includes('--watch')) {
  await watchContract(spec);
} else {
  const built = await buildContract(spec);
  if (built.ok) {
    console.log(`contract ${built.version}: ${built.operations} operation(s), dist/ is up to date`);
  } else {
    console.error(built.report);
    process.exitCode = 1;
  }
}
