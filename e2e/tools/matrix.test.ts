/**
 * Our packages in other people's tools: what is packed is published to a registry on loopback, installed by each package
 * manager, and used from each compiler, test runner and bundler. One row, one test.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMock } from '@sql-sessions/mock';
import { closedPort, listen } from '@sql-sessions/testing/listen';
import { pack, temporaryFolder } from '@sql-sessions/testing/packages';
import { run, start } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishedPackages, ROOT } from '../src/published-packages.ts';
import { must } from '../src/release-copy.ts';
import { type Registry, startRegistry } from '../src/start-registry.ts';
import { chromium, program, type Runtime, startFaults, workerd } from './runtimes.ts';

const HERE = fileURLToPath(new URL('../matrix/', import.meta.url));
const tool = (path: string) => join(HERE, 'node_modules', path);

const cleanup = new AsyncDisposableStack();
let registry: Registry;
let root: string;
/** A project with the client and the contract, installed by npm. */
let project: string;

beforeAll(async () => {
  await must(
    'pnpm',
    ['install', '--ignore-workspace', '--ignore-scripts', '--frozen-lockfile', '--prefer-offline'],
    HERE,
  );
  root = cleanup.use(await temporaryFolder()).path;
  await mkdir(join(root, 'registry'));
  registry = cleanup.use(await startRegistry(join(root, 'registry')));
  const npmrc = join(root, 'publish.npmrc');
  await writeFile(npmrc, registry.npmrc);
  for (const { folder } of await publishedPackages()) {
    const tarball = await pack(join(ROOT, folder), root);
    await must('npm', ['publish', tarball, '--userconfig', npmrc], root);
  }
  project = await makeProject('project');
  await must('npm', ['install', '--no-audit', '--no-fund', ...CODE], project);
  for (const name of ['next', 'react', 'react-dom'])
    await symlink(tool(name), join(project, 'node_modules', name), 'junction');
}, 900_000);
afterAll(() => cleanup.disposeAsync());

const CODE = ['@sql-sessions/client', '@sql-sessions/contract'];
const ALL = [...CODE, '@sql-sessions/mock', '@sql-sessions/conformance'];

const SHOW =
  'console.log([typeof createSessionsClient, typeof createFetchClient, typeof operations, typeof version, typeof readContract].join());';
const SHOWN = 'function,function,object,string,function';
const ESM = `import { createSessionsClient } from '@sql-sessions/client';
import { createFetchClient } from '@sql-sessions/client/openapi-fetch';
import { operations, version } from '@sql-sessions/contract';
import { readContract } from '@sql-sessions/contract/model';
`;
const COMMONJS = `const { createSessionsClient } = require('@sql-sessions/client');
const { createFetchClient } = require('@sql-sessions/client/openapi-fetch');
const { operations, version } = require('@sql-sessions/contract');
const { readContract } = require('@sql-sessions/contract/model');
`;
const JEST = `test('works', () => {
  expect([typeof createSessionsClient, typeof createFetchClient, typeof operations, typeof version, typeof readContract].join()).toBe('${SHOWN}');
});
`;

/** Calls the mock, starts its bin, and prints what came of it. */
const MOCK = `import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startMock } from '@sql-sessions/mock';

const mock = await startMock({ port: 0, scenario: [408, 200] });
const close = () => fetch(mock.url + '/v1/workspaces/w-1/sessions/s-1', { method: 'DELETE' });
const statuses = [(await close()).status, (await close()).status];
const count = mock.verify({ method: 'DELETE' });
await mock.close();
const manifest = createRequire(import.meta.url).resolve('@sql-sessions/mock/package.json');
const bin = join(manifest, '../bin/sql-sessions-mock.js');
const version = execFileSync(process.execPath, [bin, '--version'], { encoding: 'utf8' });
console.log(process.version, [...statuses, count].join(), version);
`;

async function makeProject(name: string, manifest: object = {}): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'stranger', private: true, ...manifest }),
  );
  await writeFile(join(folder, '.npmrc'), registry.npmrc);
  // Yarn 4 reads no configuration of npm.
  const usual = (await run('npm', ['config', 'get', 'registry'])).stdout.trim();
  await writeFile(
    join(folder, '.yarnrc.yml'),
    `npmScopes:\n  sql-sessions:\n    npmRegistryServer: ${registry.url}\nunsafeHttpWhitelist: ['127.0.0.1', '${new URL(usual).hostname}']\nenableTelemetry: false\nnpmPreapprovedPackages: ['@sql-sessions/*']\nnpmRegistryServer: ${usual}\nenableImmutableInstalls: false\n`,
  );
  await writeFile(join(folder, 'show.mjs'), ESM + SHOW);
  await writeFile(join(folder, 'show.cjs'), COMMONJS + SHOW);
  await writeFile(join(folder, 'mock.mjs'), MOCK);
  return folder;
}

const QUIET = {
  DO_NOT_TRACK: '1',
  DENO_NO_UPDATE_CHECK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  WRANGLER_SEND_METRICS: 'false',
  NODE_OPTIONS: undefined,
  CI: '1',
};

/** Runs a program in a folder; it must end with 0. Returns what it printed. */
async function runIn(folder: string, command: string, ...args: string[]): Promise<string> {
  const result = await run(command, args, { cwd: folder, env: QUIET, timeout: 280_000 });
  if (result.code !== 0)
    throw new Error(
      `${command} ${args.join(' ')} ended with ${result.code}:\n${result.stdout}${result.stderr}`,
    );
  return result.stdout;
}

const node = (folder: string, ...args: string[]) => runIn(folder, process.execPath, ...args);

/** The package managers: how each installs, and how what it has installed is run with a Node. */
const PNP = tool('@yarnpkg/cli-dist/bin/yarn.js');
const BUN = tool('@oven/bun-linux-x64/bin/bun');
const DENO = tool('@deno/linux-x64-glibc/deno');
const MANAGERS: Record<
  string,
  {
    install(folder: string): Promise<unknown>;
    run?(executable: string, folder: string, file: string): Promise<string>;
    /** Its own runtime, if it has one. */
    runtime?: string;
  }
> = {
  npm: {
    install: (folder) => runIn(folder, 'npm', 'install', '--no-audit', '--no-fund', ...ALL),
  },
  'pnpm 12': {
    async install(folder) {
      const settings = 'pmOnFail: ignore\nminimumReleaseAge: 0\n';
      await writeFile(join(folder, 'pnpm-workspace.yaml'), settings);
      await runIn(folder, 'pnpm', 'add', ...ALL);
      // Build scripts that were not allowed would fail this one too.
      await runIn(folder, 'pnpm', 'install');
    },
  },
  'Yarn 1': {
    install: (folder) => node(folder, tool('yarn/bin/yarn.js'), 'add', '--silent', ...ALL),
  },
  'Yarn 4 with PnP': {
    async install(folder) {
      await writeFile(join(folder, 'yarn.lock'), '');
      await node(folder, PNP, 'add', ...ALL);
    },
    run: (executable, folder, file) => runIn(folder, executable, PNP, 'node', file),
  },
  Bun: { install: (folder) => runIn(folder, BUN, 'add', ...ALL), runtime: BUN },
};

const installed = new Map<string, Promise<string>>();

/** A project into which a package manager has installed all packages, once. */
function installedBy(name: string): Promise<string> {
  const folder =
    installed.get(name) ??
    makeProject(`by-${name.replaceAll(/\W/g, '-')}`).then(async (made) => {
      await MANAGERS[name]?.install(made);
      return made;
    });
  installed.set(name, folder);
  return folder;
}

describe.each(Object.entries(MANAGERS))('installed by %s', (name, { run: runFile, runtime }) => {
  const runWith = runFile ?? ((executable, folder, file) => runIn(folder, executable, file));

  test('the client is loaded, as ES modules and by require()', async () => {
    const folder = await installedBy(name);
    const executable = runtime ?? process.execPath;
    expect(await runWith(executable, folder, 'show.mjs')).toContain(SHOWN);
    expect(await runWith(executable, folder, 'show.cjs')).toContain(SHOWN);
  });

  test.each([
    ['22.12', tool('node-22.12-linux-x64/bin/node')],
    ['24', process.execPath],
    ['26', tool('node-26-linux-x64/bin/node')],
  ])('the mock is called, and its bin started, under Node %s', async (version, executable) => {
    const folder = await installedBy(name);
    const printed = await runWith(executable, folder, 'mock.mjs');
    expect(printed).toMatch(new RegExp(`v${version}\\.\\S+ 408,200,2 \\d+\\.\\d+\\.\\d+`));
  });
});

test('installed by Deno, and run', async () => {
  const folder = await makeProject('by-Deno');
  const anyAge = '--minimum-dependency-age=0';
  await runIn(folder, DENO, 'add', anyAge, ...CODE.map((name) => `npm:${name}`));
  expect(await runIn(folder, DENO, 'run', anyAge, '--allow-env', 'show.mjs')).toContain(SHOWN);
});

/** The Nodes that the client runs on. */
const NODES: [string, string][] = [
  ...['20', '22', '26'].map((version): [string, string] => [
    `Node ${version}`,
    tool(`node-${version}-linux-x64/bin/node`),
  ]),
  ['Node 24', process.execPath],
];

test.each(NODES)('loaded by %s, as ES modules and by require()', async (_, executable) => {
  expect(await runIn(project, executable, 'show.mjs')).toContain(SHOWN);
  expect(await runIn(project, executable, 'show.cjs')).toContain(SHOWN);
});

describe('closes a session on the mock, and keeps its promises, under', () => {
  const deno = ['run', '--allow-net=127.0.0.1', '--allow-env=SERVERS', '--no-prompt'];
  const runtimes: [string, Runtime, object?][] = [
    ...NODES.map(([name, executable]): [string, Runtime] => [name, program(executable)]),
    ['Bun', program(BUN, 'run')],
    ['Deno', program(DENO, ...deno, '--node-modules-dir=manual')],
    ['Chromium', chromium, { refused: 'connection 1' }],
    [
      'workerd',
      workerd(tool('@cloudflare/workerd-linux-64/bin/workerd')),
      { refused: 'connection 1' },
    ],
  ];
  test.each(runtimes)('%s', async (_, runtime, differences) => {
    await using mock = await startMock({ port: 0 });
    await using elsewhere = await startFaults();
    await using faults = await startFaults(elsewhere.url);
    const refused = `http://127.0.0.1:${await closedPort()}`;
    const at = { mock: mock.url, refused, faults: faults.url };
    const failures = {
      dots: 'invalid-argument 0',
      refused: 'refused 1',
      redirect: 'redirect 1',
      timeout: 'timeout 1',
      aborted: 'aborted 0',
      ...differences,
    };
    expect(await runtime(project, at)).toEqual({
      methods: {
        ...failures,
        closed: '200 200 1',
        retry: 'already-deleted 404 2',
        gateway: 'unexpected 502 1',
      },
      fetchClient: { ...failures, closed: '200', retry: '404', gateway: '502' },
    });
    // Both entries: each request once, the repeated one twice, and nothing where the redirect leads.
    expect(faults.counts).toEqual({ redirect: 2, stalled: 2, retry: 4, gateway: 2 });
    expect(elsewhere.counts).toEqual({});
  });
});

test('the client is installed with what it runs on and nothing else', async () => {
  const manifest = join(project, 'node_modules/@sql-sessions/client/package.json');
  const { dependencies, scripts } = JSON.parse(await readFile(manifest, 'utf8'));
  expect(Object.keys(dependencies)).toEqual(['@sql-sessions/contract', 'openapi-fetch']);
  expect(scripts?.postinstall).toBeUndefined();
});

describe('type-checked by', () => {
  const USE = `const client = createSessionsClient({ baseUrl: 'https://sql.example.com' });
export async function close() {
  const result = await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' });
  switch (result.status) {
    case 200:
    case 'already-deleted':
      return String(result.attempts satisfies number);
    case 403:
      return result.body.error_code.toFixed();
    case 404:
      return result.body.error_code.toUpperCase();
    case 'unexpected':
      return result.snippet;
    default:
      return String(result.httpStatus);
  }
}
// @ts-expect-error an id is missing
client.closeSession({ workspace_id: 'w-1' });
// @ts-expect-error there is no such operation
client.openNothing();
export const status: Promise<200 | 'already-deleted'> = unwrap(
  client.closeSession({ workspace_id: 'w-1', session_id: 's-1' }),
).then((success) => success.status);
export const kind = (error: unknown) => (error instanceof RequestError ? error.kind : undefined);
`;
  const ROOTS = `import { createSessionsClient, RequestError, unwrap } from '@sql-sessions/client';
import type { Operations } from '@sql-sessions/contract';
export type Id = Operations['closeSession']['parameters']['session_id'];
${USE}`;
  const EVERY = `import { createClient } from '@sql-sessions/client/core';
import { createFetchClient } from '@sql-sessions/client/openapi-fetch';
import { readContract, type Contract } from '@sql-sessions/contract/model';
import { closeSession } from '@sql-sessions/contract/operations';
import type { paths } from '@sql-sessions/contract/raw';
${ROOTS}
export const contract: Contract = readContract({});
export type Paths = keyof paths;
export const clients: Pick<typeof client, 'closeSession'>[] = [
  createSessionsClient({ baseUrl: 'https://sql.example.com', token: async ({ fresh }) => String(fresh) }),
  createClient({ baseUrl: 'https://sql.example.com', operations: { closeSession } }),
];
export const closeByPath = () =>
  createFetchClient({ baseUrl: 'https://sql.example.com' }).DELETE(
    '/v1/workspaces/{workspace_id}/sessions/{session_id}',
    { params: { path: { workspace_id: 'w-1', session_id: 's-1' } } },
  );
`;
  const modes = {
    node10: { module: 'commonjs', moduleResolution: 'node10' },
    'node16, ES modules': { module: 'node16', moduleResolution: 'node16' },
    'node16, CommonJS': { module: 'node16', moduleResolution: 'node16' },
    nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
    bundler: { module: 'esnext', moduleResolution: 'bundler' },
  };
  type Mode = keyof typeof modes;
  const rows: [string, string, Mode, string][] = [
    ['5.0', 'typescript-5.0', 'node10', ROOTS],
    ['5.0', 'typescript-5.0', 'node16, ES modules', ROOTS],
    ['5.0', 'typescript-5.0', 'node16, CommonJS', ROOTS],
    ...(['5.4', '5.9', '6', '7'] as const).flatMap((version) =>
      (Object.keys(modes) as Mode[])
        // TypeScript 7 has no node10 any more.
        .filter((mode) => version !== '7' || mode !== 'node10')
        .map((mode): [string, string, Mode, string] => [
          version,
          version === '5.9' ? 'typescript' : `typescript-${version}`,
          mode,
          EVERY,
        ]),
    ),
  ];
  test.each(rows)('TypeScript %s (%s): %s', async (version, compiler, mode, code) => {
    const name = `types-${version}-${mode.replaceAll(/\W/g, '')}`;
    const file = `${name}.${mode.includes('CommonJS') ? 'cts' : mode.includes('ES') ? 'mts' : 'ts'}`;
    await writeFile(join(project, file), code);
    const config = join(project, `${name}.json`);
    const old = version === '6' && mode === 'node10' ? { ignoreDeprecations: '6.0' } : {};
    await writeFile(
      config,
      JSON.stringify({
        compilerOptions: {
          ...modes[mode],
          ...old,
          noEmit: true,
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          skipLibCheck: false,
          skipDefaultLibCheck: true,
          target: 'es2022',
          lib: ['es2022', 'dom', 'dom.iterable'],
          types: [],
        },
        files: [file],
      }),
    );
    const tsc = tool(`${compiler}/bin/tsc`);
    const { stdout: is } = await run(process.execPath, [tsc, '--version']);
    expect(is).toContain(`Version ${version}.`);
    const { stdout } = await run(process.execPath, [tsc, '-p', config], { cwd: project });
    expect(stdout).toBe('');
  });
});

describe('used from', () => {
  const entry = async (name: string, file: string, text: string) => {
    const folder = join(project, name);
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await writeFile(join(folder, file), text);
    return folder;
  };
  const tools: [string, () => Promise<string>][] = [
    [
      'Jest with its defaults',
      async () => {
        const folder = await entry('jest', 'a.test.js', COMMONJS + JEST);
        await writeFile(join(folder, 'package.json'), '{}');
        const result = await run(
          process.execPath,
          [tool('jest/bin/jest.js'), '--rootDir', folder],
          { cwd: folder, env: QUIET },
        );
        return result.code === 0 ? SHOWN : result.stderr;
      },
    ],
    [
      'Jest with babel-jest and import',
      async () => {
        const folder = await entry('jest-babel', 'a.test.js', ESM + JEST);
        await writeFile(join(folder, 'package.json'), '{}');
        await writeFile(
          join(folder, 'babel.config.cjs'),
          `module.exports = { presets: [[${JSON.stringify(tool('@babel/preset-env'))}, { targets: { node: 'current' } }]] };`,
        );
        const result = await run(
          process.execPath,
          [tool('jest/bin/jest.js'), '--rootDir', folder],
          { cwd: folder, env: QUIET },
        );
        return result.code === 0 ? SHOWN : result.stderr;
      },
    ],
    [
      'Jest with ts-jest',
      async () => {
        const folder = await entry(
          'ts-jest',
          'a.test.ts',
          `declare const test: any, expect: any;\n${ESM}${JEST}`,
        );
        await writeFile(join(folder, 'package.json'), '{}');
        await writeFile(
          join(folder, 'tsconfig.json'),
          '{ "compilerOptions": { "module": "commonjs", "moduleResolution": "node10", "target": "es2022", "lib": ["es2022", "dom"], "types": [], "esModuleInterop": true } }',
        );
        await writeFile(
          join(folder, 'jest.config.cjs'),
          `module.exports = { transform: { '\\\\.ts$': ${JSON.stringify(tool('ts-jest'))} } };`,
        );
        const result = await run(
          process.execPath,
          [tool('jest/bin/jest.js'), '--rootDir', folder],
          { cwd: folder, env: QUIET },
        );
        return result.code === 0 ? SHOWN : result.stderr;
      },
    ],
    [
      'Vitest',
      async () => {
        const folder = await entry(
          'vitest',
          'a.test.js',
          `${ESM}import { expect, test } from ${JSON.stringify(tool('vitest/dist/index.js'))};\n${JEST}`,
        );
        await writeFile(join(folder, 'vitest.config.mjs'), 'export default {};');
        await node(folder, tool('vitest/vitest.mjs'), 'run', '--root', folder);
        return SHOWN;
      },
    ],
    [
      'webpack 5',
      async () => {
        const folder = await entry('webpack', 'index.js', ESM + SHOW);
        await writeFile(
          join(folder, 'build.cjs'),
          `require(${JSON.stringify(tool('webpack'))})({ mode: 'production', target: 'node', context: __dirname, entry: './index.js', output: { path: __dirname + '/out', filename: 'out.cjs' } }, (error, stats) => { if (error || stats.hasErrors() || stats.hasWarnings()) { console.error(error ?? stats.toString()); process.exit(1); } });`,
        );
        await node(folder, 'build.cjs');
        return node(folder, 'out/out.cjs');
      },
    ],
    [
      'Rollup',
      async () => {
        const folder = await entry('rollup', 'index.js', ESM + SHOW);
        await writeFile(
          join(folder, 'rollup.config.mjs'),
          `import { nodeResolve } from ${JSON.stringify(tool('@rollup/plugin-node-resolve/dist/es/index.js'))};\nexport default { input: 'index.js', output: { file: 'out.mjs' }, plugins: [nodeResolve()], onwarn(warning) { if (warning.code !== 'CIRCULAR_DEPENDENCY') throw new Error(warning.message); } };`,
        );
        await node(folder, tool('rollup/dist/bin/rollup'), '-c', 'rollup.config.mjs');
        return node(folder, 'out.mjs');
      },
    ],
    [
      'esbuild',
      async () => {
        const folder = await entry('esbuild', 'index.js', ESM + SHOW);
        await node(
          folder,
          tool('esbuild/bin/esbuild'),
          'index.js',
          '--bundle',
          '--outfile=out.mjs',
          '--format=esm',
          '--log-level=warning',
        );
        return node(folder, 'out.mjs');
      },
    ],
    [
      'Vite',
      async () => {
        const folder = await entry('vite', 'index.js', ESM + SHOW);
        await node(
          folder,
          tool('vite/bin/vite.js'),
          'build',
          '--ssr',
          'index.js',
          '--outDir',
          'out',
          '--logLevel',
          'error',
        );
        const [file = ''] = await readdir(join(folder, 'out'));
        return node(folder, join('out', file));
      },
    ],
    [
      'Parcel 2',
      async () => {
        const folder = await entry('parcel', 'index.js', ESM + SHOW);
        await writeFile(
          join(folder, 'package.json'),
          '{ "targets": { "out": { "context": "node", "includeNodeModules": true, "engines": { "node": ">= 20" } } }, "out": "out/index.js" }',
        );
        await node(
          folder,
          tool('parcel/lib/bin.js'),
          'build',
          'index.js',
          '--no-cache',
          '--no-source-maps',
          '--no-content-hash',
          '--dist-dir',
          'out',
        );
        const [file = ''] = await readdir(join(folder, 'out'));
        return node(folder, join('out', file));
      },
    ],
    [
      'Next 16',
      async () => {
        const folder = await entry(
          'next',
          'app/page.jsx',
          `${ESM}export default function Page() { return <p>{[typeof createSessionsClient, typeof createFetchClient, typeof operations, typeof version, typeof readContract].join()}</p>; }`,
        );
        await writeFile(
          join(folder, 'app/layout.jsx'),
          'export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }',
        );
        await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
        await mkdir(join(folder, 'app/close'));
        await writeFile(
          join(folder, 'app/close/route.js'),
          `${ESM}export const dynamic = 'force-dynamic';
export async function GET() {
  const client = createSessionsClient({ baseUrl: process.env.SERVICE_URL });
  const { httpStatus } = await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' });
  return new Response(httpStatus + ' through a patched fetch: ' + ('__nextPatched' in fetch));
}`,
        );
        const next = tool('next/dist/bin/next');
        await node(folder, next, 'build', '--webpack', folder);
        await closesInNext(next, folder);
        return readFile(join(folder, '.next/server/app/index.html'), 'utf8');
      },
    ],
    [
      'wrangler, a dry run',
      async () => {
        const folder = await entry(
          'wrangler',
          'index.js',
          `${ESM}export default { fetch: () => new Response([createSessionsClient, createFetchClient, operations, version, readContract].join()) };`,
        );
        await writeFile(
          join(folder, 'wrangler.json'),
          '{ "name": "stranger", "main": "index.js", "compatibility_date": "2026-01-01" }',
        );
        await node(
          folder,
          tool('wrangler/bin/wrangler.js'),
          'deploy',
          '--dry-run',
          '--outdir',
          'out',
        );
        return existsSync(join(folder, 'out/index.js')) ? SHOWN : 'nothing was written';
      },
    ],
    [
      "Metro with React Native's preset",
      async () => {
        const folder = await entry('metro', 'index.js', ESM + SHOW);
        await writeFile(
          join(folder, 'build.cjs'),
          `const Metro = require(${JSON.stringify(tool('metro'))});
(async () => {
  const config = await Metro.loadConfig({ cwd: __dirname }, { projectRoot: __dirname, watchFolders: [${JSON.stringify(project)}, ${JSON.stringify(HERE)}], resolver: { nodeModulesPaths: [${JSON.stringify(join(HERE, 'node_modules'))}] }, transformer: { babelTransformerPath: require.resolve('./transformer.cjs') }, cacheStores: [] });
  await Metro.runBuild(config, { entry: 'index.js', out: __dirname + '/out.js', dev: false, minify: false, platform: 'ios' });
})().catch((error) => { console.error(error); process.exit(1); });`,
        );
        await writeFile(
          join(folder, 'transformer.cjs'),
          `const babel = require(${JSON.stringify(tool('@babel/core'))});
exports.transform = ({ filename, options, src, plugins }) => {
  const { ast, metadata } = babel.transformSync(src, { ast: true, babelrc: false, configFile: false, code: false, filename, sourceType: 'unambiguous', plugins, presets: [[${JSON.stringify(tool('@react-native/babel-preset'))}, { enableBabelRuntime: false }]], caller: { name: 'metro', bundler: 'metro', platform: options.platform } });
  return { ast, metadata };
};`,
        );
        await node(folder, 'build.cjs');
        return node(folder, 'out.js');
      },
    ],
  ];
  test.each(tools)('%s', async (_, use) => {
    expect(await use()).toContain(SHOWN);
  });
});

/** A route on Next's own server closes a session of a service, which is called once. */
async function closesInNext(next: string, folder: string): Promise<void> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end();
  });
  await using service = await listen(server);
  const app = start(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', '0', folder], {
    cwd: folder,
    env: { ...QUIET, SERVICE_URL: service.url },
  });
  try {
    const [url] = await app.waitFor(/http:\/\/127\.0\.0\.1:[1-9]\d*/);
    const response = await fetch(`${url}/close`);
    expect(await response.text()).toBe('200 through a patched fetch: true');
    expect(asked).toEqual(['DELETE /v1/workspaces/w-1/sessions/s-1']);
  } finally {
    await app.stop();
  }
}

describe('the contract is accepted, as a file in the package, by', () => {
  /** What a tool warns of here, it warns of in any contract. */
  const SMALL = `openapi: 3.1.0
info: { title: Small, version: 1.0.0 }
servers: [{ url: 'https://{host}', variables: { host: { default: host } } }]
paths: { /x: { get: { operationId: getX, responses: { '200': { description: Fine. } } } } }
`;
  const CONTRACT = 'node_modules/@sql-sessions/contract/openapi.yaml';
  type Arguments = (contract: string, out: string) => string[];
  const generators: [string, string, Arguments][] = [
    ['hey-api', '@hey-api/openapi-ts/bin/run.js', (contract, out) => ['-i', contract, '-o', out]],
    [
      'orval',
      'orval/dist/bin/orval.mjs',
      (contract, out) => ['--input', contract, '--output', `${out}/client.ts`],
    ],
    [
      'swagger-typescript-api',
      'swagger-typescript-api/dist/cli.mjs',
      (contract, out) => ['generate', '-p', contract, '-o', out, '-n', 'client.ts'],
    ],
    [
      'openapi-zod-client',
      'openapi-zod-client/bin.js',
      (contract, out) => [contract, '-o', `${out}/client.ts`],
    ],
  ];
  test.each(generators)('%s', async (name, bin, args) => {
    const warningsOf = async (contract: string, out: string) => {
      await mkdir(join(project, out), { recursive: true });
      const ran = await run(process.execPath, [tool(bin), ...args(contract, out)], {
        cwd: project,
        env: QUIET,
      });
      const said = ran.stdout + ran.stderr;
      expect(ran.code, said).toBe(0);
      return said.split('\n').filter((line) => /warn/i.test(line));
    };
    await writeFile(join(project, 'small.yaml'), SMALL);
    const usual = await warningsOf('small.yaml', `generated-small-${name}`);
    const out = `generated-${name}`;
    const warnings = await warningsOf(CONTRACT, out);
    expect(warnings.length, warnings.join('\n')).toBeLessThanOrEqual(usual.length);
    const files = await readdir(join(project, out), { recursive: true });
    const texts = await Promise.all(
      files
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFile(join(project, out, file), 'utf8')),
    );
    expect(texts.join('\n')).toMatch(/closeSession|\/sessions\//i);
  });
});
