import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyWorkspace, type WorkspaceCopy } from '../src/copy-workspace.ts';

let copy: WorkspaceCopy;

beforeAll(async () => {
  copy = await copyWorkspace();
  await turbo('run', 'lint', 'build', 'typecheck');
}, 300_000);

afterAll(() => copy?.[Symbol.asyncDispose]());

test('a second run with nothing changed is all cache hits', async () => {
  const { stdout } = await turbo('run', 'lint', 'build', 'typecheck');
  const [, cached, total] = /Cached:\s+(\d+) cached, (\d+) total/.exec(stdout) ?? [];
  expect(Number(total)).toBeGreaterThan(10);
  expect(cached).toBe(total);
});

test("a changed description leaves the client's tests alone, a changed limit does not", async () => {
  const before = await hashes();

  await edit((source) => source.replace('Ends one SQL session.', 'Ends one SQL session for good.'));
  const described = await hashes();
  expect(described['@sql-sessions/contract#test']).not.toBe(before['@sql-sessions/contract#test']);
  expect(described['@sql-sessions/client#test']).toBe(before['@sql-sessions/client#test']);

  await edit((source) => source.replaceAll('maxLength: 36', 'maxLength: 37'));
  const limited = await hashes();
  expect(limited['@sql-sessions/client#test']).not.toBe(before['@sql-sessions/client#test']);
  // No build changes a tracked file.
  expect(await copy.changedFiles()).toEqual(['spec/sessions.yaml']);
});

function turbo(...args: string[]) {
  return copy.run('node', ['scripts/src/turbo.ts', ...args]);
}

/** Edits the contract and builds it. */
async function edit(change: (source: string) => string): Promise<void> {
  const file = join(copy.path, 'spec/sessions.yaml');
  const source = await readFile(file, 'utf8');
  const changed = change(source);
  expect(changed).not.toBe(source);
  await writeFile(file, changed);
  await turbo('run', 'build', '--filter=@sql-sessions/contract');
}

/** What turbo would look up in its cache for each package's tests. */
async function hashes(): Promise<Record<string, string>> {
  const { stdout } = await turbo('run', 'test', '--dry=json');
  const { tasks } = JSON.parse(stdout) as { tasks: { taskId: string; hash: string }[] };
  return Object.fromEntries(tasks.map(({ taskId, hash }) => [taskId, hash]));
}
