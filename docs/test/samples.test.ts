import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ClientOptions } from '@sql-sessions/client';
import { createClient } from '@sql-sessions/client/core';
import { readContract, responseFor, toRow } from '@sql-sessions/contract/model';
import type { Operation } from '@sql-sessions/contract/operations';
import { type Mock, startMock } from '@sql-sessions/mock';
import { fixturePath, readFixture } from '@sql-sessions/testing/contracts';
import { listen } from '@sql-sessions/testing/listen';
import { run } from '@sql-sessions/testing/process';
import { marked } from 'marked';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toRequestForm } from '../src/contract/to-request-form.ts';
import { toClient } from '../src/request/client-sample.ts';
import { fillIn } from '../src/request/fill-in.ts';
import { exampleValues } from '../src/request/request-form.ts';
import { LANGUAGES } from '../src/request/samples.ts';
import { ROOT, readSources } from '../src/site/repository.ts';
import { pageOf } from './support/site-fixture.ts';

const execute = promisify(execFile);
const AsyncFunction = (async () => {}).constructor as new (
  ...text: string[]
) => (...given: unknown[]) => Promise<void>;
const docs = fileURLToPath(new URL('..', import.meta.url));
const MOCK = 'http://127.0.0.1:4010';
let mock: Mock;
let folder: string;

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  // Inside the package, so that its dependencies are found.
  await mkdir(join(docs, '.results'), { recursive: true });
  folder = await mkdtemp(join(docs, '.results', 'samples-'));
});
afterAll(async () => {
  await mock.close();
  await rm(folder, { recursive: true, force: true });
});

/** The fenced blocks of a text, in order. */
function samples(markdown: string, ...languages: string[]): string[] {
  return marked
    .lexer(markdown)
    .flatMap((token) =>
      token.type === 'code' && languages.includes(String(token.lang)) ? [String(token.text)] : [],
    );
}

async function guide(name: string): Promise<string> {
  return readFile(join(docs, 'guides', name), 'utf8');
}

/** Runs TypeScript as a reader would, but against the mock of this test. */
async function runSample(name: string, code: string): Promise<string> {
  const file = join(folder, `${name}.ts`);
  await writeFile(file, code.replaceAll(MOCK, mock.url));
  const { stdout } = await execute(process.execPath, [file], {
    env: { ...process.env, SQL_SESSIONS_TOKEN: 'token', TOKEN: 'token' },
  });
  return stdout.trim();
}

test('the samples of "Get started" run', async () => {
  const [call = '', types = '', screen = '', ...others] = samples(
    await guide('get-started.md'),
    'ts',
  );
  expect(others).toEqual([]);
  expect(await runSample('call', call)).toBe('closed');
  expect(await runSample('types', types)).toBe('');
  expect(await runSample('screen', screen)).toBe('404');
});

test('the samples of "Get started" compile', async () => {
  const all = samples(await guide('get-started.md'), 'ts');
  for (const [index, code] of all.entries())
    await writeFile(join(folder, `compiled-${index}.ts`), code);
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: { noEmit: true },
      include: ['compiled-*.ts'],
      exclude: [],
    }),
  );
  const compiled = await run('tsc', ['-p', join(folder, 'tsconfig.json')]);
  expect(compiled.stdout + compiled.stderr).toBe('');
  expect(compiled.code).toBe(0);
});

test('the commands of "Get started" run', async () => {
  const commands = samples(await guide('get-started.md'), 'sh');
  const curls = commands.filter((command) => command.startsWith('curl'));
  const statuses: string[] = [];
  for (const command of curls) {
    const { stdout } = await execute('sh', ['-c', command.replaceAll(MOCK, mock.url)]);
    statuses.push(stdout.split('\r\n')[0] ?? '');
  }
  expect(statuses).toEqual([expect.stringContaining(' 200 '), expect.stringContaining(' 408 ')]);
  // What is installed and started is named as it is published.
  const packages = new Set(
    await Promise.all(
      ['../spec', '../packages/client', '../packages/mock', '../packages/conformance'].map(
        async (path) =>
          (JSON.parse(await readFile(join(docs, path, 'package.json'), 'utf8')) as { name: string })
            .name,
      ),
    ),
  );
  for (const command of commands.filter((text) => /^(npm|npx) /.test(text))) {
    expect(packages).toContain(/@sql-sessions\/[a-z]+/.exec(command)?.[0]);
  }
});

test('the sample with the client runs as it is shown', async () => {
  const reference = await readFile(join(docs, 'dist', await pageOf(), 'index.md'), 'utf8');
  const [typescript = ''] = samples(reference, 'typescript');
  expect(await runSample('reference', typescript)).toMatch(/^\d{3}$/);
});

const PYTHON = await available('python3', ['--version']);
const REQUESTS = await available('python3', ['-c', 'import requests']);
/** Programs and what each of them prints. */
type Run = (programs: string[]) => Promise<string[]>;
const RUN: Record<string, { can: boolean; run: Run }> = {
  curl: { can: true, run: each((code) => output('sh', ['-c', code])) },
  javascript: {
    can: true,
    run: each((code) => output(process.execPath, ['--input-type=module', '-e', code])),
  },
  python: { can: PYTHON, run: runPython },
  requests: { can: REQUESTS, run: runPython },
};

function each(run: (program: string) => Promise<string>): Run {
  return (programs) => Promise.all(programs.map(run));
}

/** All of them in one process: starting it takes longer than all they do. */
async function runPython(programs: string[]): Promise<string[]> {
  const driver = `import sys
for program in sys.argv[1:]:
    exec(program, {'__name__': '__main__'})
    print(end='\\0')`;
  return (await output('python3', ['-c', driver, ...programs])).split('\0');
}

describe.each(['family', 'warehouses', 'uploads', 'everything'] as const)(
  'every sample of %s',
  (name) => {
    let url: string;
    let fixture: Mock;
    beforeAll(async () => {
      fixture = await startMock({ port: 0, spec: fixturePath(name) });
      url = fixture.url;
    });
    afterAll(() => fixture.close());
    const contract = readContract(readFixture(name));

    test('with the client gets a documented success', async () => {
      const rows = contract.operations.map((operation) => [
        operation.id,
        toRow(contract, operation) as Operation,
      ]);
      const operations = Object.fromEntries(rows);
      const make = (options: ClientOptions) => createClient({ ...options, operations });
      const shown: string[] = [];
      for (const operation of contract.operations) {
        const form = toRequestForm(contract, operation);
        const code = toClient(form, exampleValues(form, url)).replace(/^import .*/, '');
        const log = (status: unknown) => shown.push(`${operation.id}: ${status}`);
        const run = new AsyncFunction('createSessionsClient', 'console', code);
        await run(make, { log }).catch((error: Error) => log(error.message));
      }
      expect(shown.filter((each) => !/: [23]\d\d$/.test(each))).toEqual([]);
    });

    for (const { id, title, print } of LANGUAGES) {
      const { can, run: execute } = RUN[id] ?? { can: false, run: async () => '' };
      test.skipIf(!can)(`in ${title} gets a documented success`, async () => {
        const programs = contract.operations.map((operation) => {
          const form = toRequestForm(contract, operation);
          const { request, problems } = fillIn(form, exampleValues(form, url));
          expect(problems, operation.id).toEqual([]);
          return print(request);
        });
        const printed = await execute(programs);
        const shown = contract.operations.map((operation, index) => {
          const [status] = /\b[1-5]\d\d\b/.exec(printed[index] ?? '') ?? [];
          return `${operation.id}: ${responseFor(operation, Number(status)) && status}`;
        });
        expect(shown.filter((each) => !/: [23]\d\d$/.test(each))).toEqual([]);
      });
    }
  },
);

for (const { id, title, print } of LANGUAGES) {
  const { can, run: execute } = RUN[id] ?? { can: false, run: async () => [] };
  test.skipIf(!can)(`a sample in ${title} takes its token to no other server`, async () => {
    const redirect = createServer((_, response) =>
      response.writeHead(302, { Location: '/b' }).end(),
    );
    await using server = await listen(redirect);
    const request = { method: 'GET', target: '/', url: `${server.url}/`, headers: [] };
    const [printed] = await execute([print({ ...request, body: undefined })]);
    expect(printed).toContain('302');
  });
}

async function output(command: string, parameters: string[]): Promise<string> {
  return (await execute(command, parameters)).stdout;
}

function available(command: string, parameters: string[]): Promise<boolean> {
  return execute(command, parameters).then(
    () => true,
    () => false,
  );
}

test('TypeScript in any other text is compiled or run by a test that reads that text', async () => {
  const tests = await testFiles();
  const sources = await readSources();
  const unread = sources
    .filter(({ text }) => samples(text, 'ts').length > 0)
    .map(({ file }) => file)
    .filter((file) => {
      const name = file.startsWith('packages/') ? 'README.md' : (file.split('/').pop() ?? file);
      const owner = /^packages\/([^/]+)\//.exec(file)?.[1];
      return !tests.some(
        ({ path, text }) => text.includes(name) && (!owner || path.includes(`/${owner}/`)),
      );
    });
  expect(sources.length).toBeGreaterThan(10);
  expect(unread).toEqual([]);
});

/** Every test of the repository. */
async function testFiles(): Promise<{ path: string; text: string }[]> {
  const folders = [
    'docs',
    'spec',
    'e2e',
    'scripts',
    ...(await readdir(join(ROOT, 'packages'))).map((name) => `packages/${name}`),
  ];
  // Other people's files may be installed below, with links that lead round in a circle.
  const found = folders.flatMap((folder) => {
    const test = join(ROOT, folder, 'test');
    const names = globSync('**/*.ts', { cwd: test, exclude: ['**/node_modules/**'] });
    return names.map((name) => join(test, name));
  });
  return Promise.all(found.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
}
