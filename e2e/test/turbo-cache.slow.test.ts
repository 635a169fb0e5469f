import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ContractEdit,
  editYamlFile,
  limitIds,
  operationsOf,
} from '@sql-sessions/testing/edit-yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyWorkspace, type WorkspaceCopy } from '../src/copy-workspace.ts';

let copy: WorkspaceCopy;

/** The checks of CI. */
const checks = [
  () => copy.run('pnpm', ['run', 'ci:lint']),
  () => copy.run('pnpm', ['run', 'ci:build']),
  () => copy.run('pnpm', ['run', 'ci:typecheck']),
];

beforeAll(async () => {
  copy = await copyWorkspace();
  for (const check of checks) await check();
}, 300_000);

afterAll(() => copy?.[Symbol.asyncDispose]());

test('a second run with nothing changed is all cache hits', async () => {
  for (const check of [...checks, () => copy.run('pnpm', ['run', 'build'])]) {
    const { stdout } = await check();
    const [, cached, total] = /Cached:\s+(\d+) cached, (\d+) total/.exec(stdout) ?? [];
    expect(Number(total)).toBeGreaterThan(5);
    expect(cached).toBe(total);
  }
});

test("a changed summary leaves the client's tests alone, a changed limit does not", async () => {
  const before = await hashes();

  await edit((contract) => {
    operationsOf(contract).closeSession.summary = 'Close a session for good';
  });
  const described = await hashes();
  expect(described['@sql-sessions/contract#test']).not.toBe(before['@sql-sessions/contract#test']);
  expect(described['@sql-sessions/client#test']).toBe(before['@sql-sessions/client#test']);

  await edit(limitIds(136));
  const limited = await hashes();
  expect(limited['@sql-sessions/client#test']).not.toBe(before['@sql-sessions/client#test']);
  // No build changes a tracked file.
  expect(await copy.changedFiles()).toEqual(['spec/sessions.yaml']);
});

test("the Node of the lockfile makes way for the runner's, and the scripts go on", async () => {
  const version = async () => (await copy.run('pnpm', ['exec', 'node', '--version'])).stdout.trim();
  const manifest = await readFile(join(copy.path, 'node_modules/node/package.json'), 'utf8');
  expect(await version()).toBe(`v${JSON.parse(manifest).version}`);
  await copy.run('pnpm', ['run', 'ci:runner-node']);
  // The tests run in that Node themselves, so what is left on their PATH is asked for where it comes from.
  await expect(readFile(join(copy.path, 'node_modules/.bin/node'))).rejects.toThrow('ENOENT');
  await copy.run('pnpm', ['run', 'build']);
  await expect(readFile(join(copy.path, 'node_modules/.bin/node'))).rejects.toThrow('ENOENT');
});

function turbo(...args: string[]) {
  return copy.run('node', ['scripts/src/turbo.ts', ...args]);
}

/** Edits the contract and builds it. */
async function edit(change: ContractEdit): Promise<void> {
  await editYamlFile(join(copy.path, 'spec/sessions.yaml'), change);
  await turbo('run', 'build', '--filter=@sql-sessions/contract');
}

/** What turbo would look up in its cache for each package's tests. */
async function hashes(): Promise<Record<string, string>> {
  const { stdout } = await turbo('run', 'test', '--dry=json');
  const { tasks } = JSON.parse(stdout) as { tasks: { taskId: string; hash: string }[] };
  return Object.fromEntries(tasks.map(({ taskId, hash }) => [taskId, hash]));
}
