import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startMock } from '@sql-sessions/mock';
import { run, start } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../bin/sql-sessions-mock.js', import.meta.url));
// Inside the package, so that its name and those of its dependencies can be imported; git ignores it.
const folder = new URL('../.results/guide/', import.meta.url);

const PAGES = {
  'docs/guides/mock.md': new URL('../../../docs/guides/mock.md', import.meta.url),
  'README.md': new URL('../README.md', import.meta.url),
};

async function blocks(page: URL, language: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  const found = text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'));
  return [...found].map(([, code = '']) => code);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test.each(Object.entries(PAGES))('the commands of %s work in their order', async (_name, page) => {
  const lines = (await blocks(page, 'sh')).flatMap((block) => block.trim().split('\n'));
  await using mock = await startMock({ port: 0 });
  let curls = 0;
  for (const line of lines.filter((command) => !command.startsWith('npm install'))) {
    const [, flags] = /^npx @sql-sessions\/mock(.*)$/.exec(line) ?? [];
    if (flags !== undefined) {
      const started = start(process.execPath, [
        bin,
        '--port',
        '0',
        ...flags.trim().split(/\s+/).filter(Boolean),
      ]);
      await started.waitFor(/Ctrl-C stops it/);
      expect(await started.stop('SIGINT')).toEqual({ code: 0, signal: null });
      continue;
    }
    const [, command, status] = /^(curl .*?) # (\d{3})$/.exec(line) ?? [];
    if (command === undefined) throw new Error(`What should come of this command? ${line}`);
    const ended = await run('sh', ['-c', command.replaceAll('4010', String(mock.port))]);
    expect(`${line}\n${ended.stdout.split('\r\n')[0]}`).toBe(
      `${line}\n${ended.stdout.match(/^HTTP\/1\.1 /)?.[0]}${status} ${ended.stdout.split('\r\n')[0]?.slice(13)}`,
    );
    curls += 1;
  }
  expect(curls).toBeGreaterThan(0);
});

test.each(Object.entries(PAGES))('the samples of %s run', async (name, page) => {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const samples = await blocks(page, 'ts');
  expect(samples.length).toBeGreaterThan(0);
  for (const [index, sample] of samples.entries()) {
    const code = sample.replaceAll('4010', String(port));
    const vitest = code.includes("from 'vitest'");
    const file = fileURLToPath(
      new URL(`${name.replace(/\W/g, '-')}-${index}${vitest ? '.test' : ''}.ts`, folder),
    );
    await writeFile(file, code);
    if (code.includes('export default')) {
      const { default: setUp } = (await import(file)) as {
        default: () => Promise<() => Promise<void>>;
      };
      const tearDown = await setUp();
      expect((await fetch(`http://127.0.0.1:${port}/__mock/state`)).status).toBe(200);
      await tearDown();
      continue;
    }
    const config = fileURLToPath(new URL('vitest.config.ts', folder));
    await writeFile(config, "export default { test: { include: ['*.test.ts'] } };\n");
    const ended = vitest
      ? await run('vitest', ['run', '--config', config, '--root', fileURLToPath(folder)])
      : await run(process.execPath, [file]);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    if (code.includes('msw')) expect(ended.stdout).toBe('403\n');
  }
  await rm(folder, { recursive: true, force: true });
});
