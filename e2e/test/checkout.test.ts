/** What README and "Get started" say about packages that come from a checkout, as long as nothing is published. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { type RunningProcess, start } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyWorkspace, type WorkspaceCopy } from '../src/copy-workspace.ts';
import { publishedPackages, ROOT } from '../src/published-packages.ts';
import { must } from '../src/release-copy.ts';

let copy: WorkspaceCopy;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  [copy, folder] = await Promise.all([copyWorkspace(), temporaryFolder()]);
  await mkdir(join(folder.path, 'project'));
  await writeFile(join(folder.path, 'project/package.json'), '{"type":"module"}');
}, 300_000);

afterAll(async () => {
  await copy?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

/** A command of "Get started", with the tarballs in a folder of this test. */
async function command(index: number): Promise<string> {
  const guide = await readFile(join(ROOT, 'docs/guides/get-started.md'), 'utf8');
  const [section = ''] = /<!-- until published -->.*<!-- \/until published -->/s.exec(guide) ?? [];
  const blocks = [...section.matchAll(/```sh\n# .*\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
  expect(blocks).toHaveLength(3);
  return (blocks[index] ?? '').replaceAll('/tmp/sql-sessions', join(folder.path, 'tarballs'));
}

async function urlOf(mock: RunningProcess): Promise<string> {
  const [, url = ''] = await mock.waitFor(/ at (http:\/\/127\.0\.0\.1:\d+)/, 120_000);
  return url;
}

test('the tarballs are packed, the client runs from them, and so does the mock', async () => {
  const packed = await copy.run('sh', ['-c', await command(0)]);
  for (const { manifest } of await publishedPackages()) {
    const name = manifest.name.slice(1).replace('/', '-');
    expect(packed.stdout).toContain(`${name}-${manifest.version}.tgz`);
  }
  const project = join(folder.path, 'project');
  await must('sh', ['-c', await command(1)], project);

  const npx = `${(await command(2)).trim()} --port 0`;
  const mock = start('sh', ['-c', npx], { cwd: folder.path, group: true });
  try {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    const [, sample = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
    expect(sample.trim().split('\n').length).toBeLessThanOrEqual(16);
    const url = await urlOf(mock);
    await writeFile(join(project, 'readme.ts'), sample.replace('http://127.0.0.1:4010', url));
    expect((await must(process.execPath, ['readme.ts'], project)).stdout).toBe('closed\n');
  } finally {
    await mock.stop();
  }
});

test('pnpm pack:all without a folder says what to give it', async () => {
  await expect(copy.run('pnpm', ['run', 'pack:all'])).rejects.toThrow('pnpm pack:all /tmp/');
});

test('pnpm mock serves the mock alone', async () => {
  const mock = start('pnpm', ['run', 'mock', '--port', '0'], {
    cwd: copy.path,
    env: copy.env,
    group: true,
  });
  try {
    expect((await fetch(`${await urlOf(mock)}/__mock/ready`)).status).toBeLessThan(500);
  } finally {
    await mock.stop('SIGINT');
  }
});
