import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { startMock } from '@sql-sessions/mock';
import { closedPort } from '@sql-sessions/testing/listen';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { guideBlocks, isStories, PAGES } from './support/guide-blocks.ts';
import { startBin } from './support/start-bin.ts';

// Inside the package, so that its name and those of its dependencies can be imported; git ignores it.
const folder = fileURLToPath(new URL('../.results/guide/', import.meta.url));

test.each(Object.entries(PAGES))('the commands of %s work in their order', async (_name, page) => {
  const lines = (await guideBlocks(page, 'sh')).flatMap((block) => block.trim().split('\n'));
  await using mock = await startMock({ port: 0 });
  let curls = 0;
  for (const line of lines.filter((command) => !command.startsWith('npm install'))) {
    const [, flags] = /^npx @sql-sessions\/mock(.*)$/.exec(line) ?? [];
    if (flags !== undefined) {
      const started = startBin(...flags.trim().split(/\s+/).filter(Boolean));
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
  const port = await closedPort();
  const samples = (await guideBlocks(page, 'ts')).filter((sample) => !isStories(sample));
  expect(samples.length).toBeGreaterThan(0);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  let globalSetup: string | undefined;
  for (const [index, sample] of samples.entries()) {
    const code = sample.replaceAll('4010', String(port));
    const file = `${name.replace(/\W/g, '-')}-${index}`;
    if (code.includes('function globalSetup')) globalSetup = await write(`${file}.ts`, code);
    else if (code.includes("'@playwright/test'")) await runPlaywright(file, code, globalSetup);
    else if (code.includes("'vitest'")) await runVitest(file, code);
    else {
      const printed = await expectToEnd(process.execPath, [await write(`${file}.ts`, code)]);
      if (code.includes('msw')) expect(printed).toBe('403\n');
    }
  }
  await rm(folder, { recursive: true, force: true });
});

async function runVitest(file: string, code: string): Promise<void> {
  await write(`${file}.test.ts`, code);
  const config = await write(
    'vitest.config.ts',
    "export default { test: { include: ['*.test.ts'] } };\n",
  );
  const printed = await expectToEnd('vitest', ['run', '--config', config, '--root', folder]);
  expect(printed).toMatch(/Tests +1 passed \(1\)/);
}

/** With the browser of this repository in place of the one that Playwright would download. */
async function runPlaywright(file: string, code: string, globalSetup?: string): Promise<void> {
  if (globalSetup === undefined) throw new Error('The page shows no globalSetup for this test.');
  await write(
    'browser.ts',
    `import { test as base } from '@playwright/test';
import { launchBrowser } from '@sql-sessions/testing/browser';

export { expect } from '@playwright/test';
export const test = base.extend({
  browser: [
    async ({}, use) => {
      const browser = await launchBrowser();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
});
`,
  );
  await write(`${file}.spec.ts`, code.replace("'@playwright/test'", "'./browser.ts'"));
  const outputDir = join(folder, 'results');
  const options = {
    testMatch: '*.spec.ts',
    workers: 4,
    fullyParallel: true,
    reporter: 'line',
    outputDir,
    globalSetup,
  };
  const config = await write(
    'playwright.config.ts',
    `export default ${JSON.stringify(options)};\n`,
  );
  expect(await expectToEnd('playwright', ['test', '--config', config])).toContain('4 passed');
}

async function write(name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

/** Runs a command that should end well, and returns what it printed. */
async function expectToEnd(command: string, args: string[]): Promise<string> {
  const ended = await run(command, args);
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  // CI asks for colours.
  return stripVTControlCharacters(ended.stdout);
}
