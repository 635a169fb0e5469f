/**
 * `pnpm test:grown`: runs `pnpm test` in a copy of the repository whose contract has more operations and one more status.
 * Nothing but the contract and a changeset differs there. With `--released` it is a copy in which a changed word of the
 * contract has just been released. Other arguments go to `pnpm test`.
 *
 * Exit code 0: all tests passed, and no other tracked file was changed. 1: something else.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { copyWorkspace } from './copy-workspace.ts';
import { growCopy, grownFiles, releaseCopy } from './grow-copy.ts';

if (existsSync(fileURLToPath(new URL('../../.changeset/grow.md', import.meta.url)))) {
  console.error('This is a grown copy already: run `pnpm test` here.');
  process.exit(1);
}
await using copy = await copyWorkspace();
const args = process.argv.slice(2).filter((arg) => arg !== '--released');
const isReleased = process.argv.includes('--released');
await (isReleased ? releaseCopy : growCopy)(copy);
const expected = isReleased ? [] : grownFiles;
console.log(`A copy of the repository has ${isReleased ? 'a new release' : 'grown'}: ${copy.path}`);
const tests = spawn('pnpm', ['test', ...args], {
  cwd: copy.path,
  env: { ...process.env, ...copy.env },
  stdio: 'inherit',
});
const [code] = await once(tests, 'close');
const others = (await copy.changedFiles()).filter((file) => !expected.includes(file));
for (const file of others) console.error(`${file} was changed by the tests.`);
process.exitCode = code === 0 && others.length === 0 ? 0 : 1;
