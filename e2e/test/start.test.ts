import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { editYaml, limitIds, operationsOf } from '@sql-sessions/testing/edit-yaml';
import { listen } from '@sql-sessions/testing/listen';
import { type RunningProcess, run, start } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyWorkspace, type WorkspaceCopy } from '../src/copy-workspace.ts';

let copy: WorkspaceCopy;

beforeAll(async () => {
  copy = await copyWorkspace();
}, 300_000);

afterAll(() => copy?.[Symbol.asyncDispose]());

test('pnpm start builds, serves the mock and the reference, and prints a curl line that works', async () => {
  const running = pnpm('start');
  try {
    const { mock, docs } = await urls(running);
    const [line] = await running.waitFor(/curl .*/);
    expect(line).toContain(mock);
    const curl = await run('sh', ['-c', line]);
    expect(curl.stdout).toMatch(/^HTTP\/1\.1 2\d\d /);

    const page = await (await fetch(docs)).text();
    expect(page).toContain('/v1/workspaces/{workspace_id}/sessions/{session_id}');

    await running.stop('SIGINT');
    await expect(fetch(mock)).rejects.toThrow('fetch failed');
    await expect(fetch(docs)).rejects.toThrow('fetch failed');
  } finally {
    await running.stop('SIGKILL');
  }
});

test('pnpm dev follows every save: types, mock and reference', async () => {
  const running = pnpm('dev');
  const contract = join(copy.path, 'spec/sessions.yaml');
  const source = await readFile(contract, 'utf8');
  try {
    const { mock, docs } = await urls(running);
    const page = async () => (await fetch(docs)).text();
    const example = async () => {
      const path = '/v1/workspaces/w-1/sessions/s-1';
      const response = await fetch(mock + path, {
        method: 'DELETE',
        headers: { prefer: 'code=404' },
      });
      return ((await response.json()) as { error_msg: string }).error_msg;
    };
    const stale = async () => (await fetch(mock)).headers.get('x-mock-stale');
    const types = () => readFile(join(copy.path, 'spec/dist/raw.d.ts'), 'utf8');

    const said = await example();
    const edited = editYaml(source, (document) => {
      document.components.examples.NotFound.value.error_msg = 'edited';
      operationsOf(document).closeSession.summary = 'Close a session today';
    });
    await writeFile(contract, edited);
    await expect.poll(types, { timeout: 20_000 }).toContain('Close a session today');
    await expect.poll(page, { timeout: 20_000 }).toContain('Close a session today');
    await expect.poll(example, { timeout: 20_000 }).toBe('edited');

    const broken = editYaml(source, limitIds('many'));
    await writeFile(contract, broken);
    const [, line] = await running.waitFor(/sessions\.yaml:(\d+):\d+/);
    expect(broken.split('\n')[Number(line) - 1]).toContain('maxLength: many');
    expect(await example()).toBe('edited');
    await expect.poll(stale, { timeout: 20_000 }).toMatch(/sessions\.yaml:\d+:\d+/);
    expect(await types()).toContain('Close a session today');

    await writeFile(contract, source);
    await expect.poll(example, { timeout: 20_000 }).toBe(said);
    await expect.poll(page, { timeout: 20_000 }).not.toContain('Close a session today');
    await expect.poll(stale, { timeout: 20_000 }).toBe(null);
  } finally {
    await writeFile(contract, source);
    await running.stop('SIGKILL');
  }
});

test('a taken port is named, with the flag that changes it', async () => {
  await using other = await listen(createServer());
  const { port } = other;
  for (const [flag, free] of [
    ['--mock-port', '--docs-port'],
    ['--docs-port', '--mock-port'],
  ] as const) {
    const args = ['scripts/src/start.ts', flag, String(port), free, '0'];
    const { code, stderr } = await run('node', args, { cwd: copy.path, env: copy.env });
    expect(stderr).toContain(`Port ${port} is taken`);
    expect(stderr).toContain(`pnpm start ${flag} ${port + 1}`);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(1);
  }
});

test.each([
  ['--mock-prot', 'Unknown option'],
  ['--mock-port=http', 'a port is a number from 0 to 65535'],
  ['--docs-port=70000', 'a port is a number from 0 to 65535'],
])('%s is refused at once, with what is right', async (flag, message) => {
  const { code, stdout, stderr } = await run('node', ['scripts/src/start.ts', flag], {
    cwd: copy.path,
  });
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

function pnpm(script: string): RunningProcess {
  const args = [script, '--mock-port', '0', '--docs-port', '0'];
  return start('pnpm', args, { cwd: copy.path, env: copy.env, group: true });
}

async function urls(running: RunningProcess): Promise<{ mock: string; docs: string }> {
  const [, mock = '', docs = ''] = await running.waitFor(
    /Mock\s+(http:\S+)\s+Reference\s+(http:\S+)/,
    300_000,
  );
  return { mock, docs };
}
