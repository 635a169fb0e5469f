import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startMock } from '@sql-sessions/mock';
import { installInto, pack, temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from './compilers.ts';
import { installMatrix } from './install-matrix.ts';
import { chromium, program, type Runtime, startCheckServers, workerd } from './runtimes.ts';

const CLIENT = fileURLToPath(new URL('../..', import.meta.url));
const CONTRACT = fileURLToPath(new URL('../../../../spec', import.meta.url));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let project: string;
let tarball: string;
let matrix: (path: string) => string;

beforeAll(async () => {
  folder = await temporaryFolder();
  project = `${folder.path}/stranger`;
  [matrix, tarball] = await Promise.all([installMatrix(), pack(CLIENT, folder.path)]);
  await installInto(project, { tarballs: [tarball, await pack(CONTRACT, folder.path)] });
}, 600_000);
afterAll(() => folder[Symbol.asyncDispose]());

describe('closes a session on the mock, and keeps its promises, under', () => {
  const inMatrix = (path: string, make: (executable: string) => Runtime) => ({
    path,
    runtime: () => make(matrix(path)),
  });
  const runtimes: [string, { path?: string; runtime: () => Runtime }, object][] = [
    ['Node 20', inMatrix('node-20-linux-x64/bin/node', program), {}],
    ['Node 22', inMatrix('node-22-linux-x64/bin/node', program), {}],
    ['Node 24', { runtime: () => program(process.execPath) }, {}],
    ['Node 26', inMatrix('node-26-linux-x64/bin/node', program), {}],
    ['Bun', inMatrix('@oven/bun-linux-x64/bin/bun', (bun) => program(bun, 'run')), {}],
    [
      'Deno',
      inMatrix('@deno/linux-x64-glibc/deno', (deno) =>
        program(deno, 'run', '--allow-net=127.0.0.1', '--no-prompt', '--node-modules-dir=manual'),
      ),
      {},
    ],
    ['Chromium', { runtime: () => chromium }, { refused: 'connection 1' }],
    [
      'workerd',
      inMatrix('@cloudflare/workerd-linux-64/bin/workerd', workerd),
      { refused: 'connection 1' },
    ],
  ];
  test.each(runtimes)('%s', async (_, { path, runtime }, differences) => {
    if (path && !existsSync(matrix(path))) {
      expect.unreachable(`The matrix has no ${path} for ${process.platform} on ${process.arch}.`);
    }
    await using mock = await startMock({ port: 0 });
    await using methods = await startCheckServers(mock.url);
    await using fetchClient = await startCheckServers(mock.url);
    const failures = {
      dots: 'invalid-argument 0',
      refused: 'refused 1',
      redirect: 'redirect 1',
      timeout: 'timeout 1',
      aborted: 'aborted 0',
      ...differences,
    };
    const servers = { methods: methods.at, fetchClient: fetchClient.at };
    expect(await runtime()(project, servers)).toEqual({
      methods: {
        ...failures,
        closed: '200 200 1',
        retry: 'already-deleted 404 2',
        gateway: 'unexpected 502 1',
      },
      fetchClient: { ...failures, closed: '200', retry: '404', gateway: '502' },
    });
  });
});

test.each([
  ['Node 20', 'node-20-linux-x64/bin/node'],
  ['Node 24', undefined],
])('is there for require() under %s', async (_, path) => {
  const file = `${project}/require.cjs`;
  await writeFile(file, "console.log(typeof require('@sql-sessions/client').createSessionsClient)");
  const { stdout } = await run(path ? matrix(path) : process.execPath, [file], { cwd: project });
  expect(stdout).toBe('function\n');
});

describe('type-checks in a strict project, from ESM and from CommonJS, with', () => {
  const compilers: [string, string, boolean][] = [
    ['5.4', 'typescript-5.4', false],
    ['5.9', 'typescript-5', true],
    ['6.0', 'typescript-6', true],
    ['7.0', 'typescript-7', true],
  ];
  describe.each(compilers)('TypeScript %s', (version, folderName, canRequire) => {
    test.each(['nodenext', 'bundler'] as const)('%s', async (resolution) => {
      const name = `${version}-${resolution}`;
      const tsc = matrix(`${folderName}/bin/tsc`);
      const { stdout } = await run(process.execPath, [tsc, '--version']);
      expect(stdout).toContain(`Version ${version}.`);
      expect(await compile(tsc, project, { name, resolution, canRequire })).toBe('');
    });
  });
});

test('publint has nothing to say', async () => {
  const { code, stdout } = await run(process.execPath, [
    matrix('publint/src/cli.js'),
    'run',
    tarball,
    '--strict',
  ]);
  expect(stdout).toContain('All good!');
  expect(code).toBe(0);
});

test('attw has nothing to say', async () => {
  const cli = matrix('@arethetypeswrong/cli/dist/index.js');
  const { code, stdout } = await run(process.execPath, [cli, tarball, '--no-color']);
  expect(stdout).toContain('No problems found');
  expect(code, stdout).toBe(0);
});

test('holds what it runs on and nothing else', async () => {
  const installed = JSON.parse(
    await readFile(`${project}/node_modules/@sql-sessions/client/package.json`, 'utf8'),
  );
  expect(Object.keys(installed.dependencies)).toEqual(['@sql-sessions/contract', 'openapi-fetch']);
  expect(installed.scripts?.postinstall).toBeUndefined();
});
