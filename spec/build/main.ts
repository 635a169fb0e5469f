/**
 * Builds `dist/` from `sessions.yaml`.
 *
 * Exit code 0: built. 1: the contract has problems; they are printed with file, line and column, and `dist/`
 * is as it was.
 */
import { fileURLToPath } from 'node:url';
import { buildContract } from './build-contract.ts';

const result = await buildContract(fileURLToPath(new URL('..', import.meta.url)));
if (result.ok) {
  const { version, operations, changed, milliseconds } = result;
  console.log(
    `contract ${version}, ${operations} operation${operations === 1 ? '' : 's'}: ${
      changed.length === 0 ? 'dist is up to date' : `wrote ${changed.join(', ')}`
    } (${milliseconds} ms)`,
  );
} else {
  console.error(result.report);
  process.exitCode = 1;
}
