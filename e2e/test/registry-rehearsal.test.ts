/**
 * A rehearsal of everything that happens after `git push`: versions are made and published to a real registry, and
 * strangers install, use and upgrade the packages. The tests are one story and run in order.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildContract } from '@sql-sessions/contract/build';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { operationsOf } from '@sql-sessions/testing/edit-yaml';
import { listen } from '@sql-sessions/testing/listen';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run, start } from '@sql-sessions/testing/process';
import { serveFiles } from '@sql-sessions/testing/serve-files';
import { slow } from '@sql-sessions/testing/slow';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { npxMock } from '../src/npx-mock.ts';
import { publishedPackages, ROOT } from '../src/published-packages.ts';
import { releaseCopy } from '../src/release-copy.ts';
import { type Registry, startRegistry } from '../src/start-registry.ts';
import { type Stranger, stranger } from '../src/stranger.ts';

// Releases and installs take their time on a busy machine; this only ends what hangs.
vi.setConfig({ testTimeout: 300_000 });

const cleanup = new AsyncDisposableStack();
let registry: Registry;
let checkout: Awaited<ReturnType<typeof releaseCopy>>;
let mock: { url: string };
/** A service that has too many calls. */
let busy: { url: string };
let app: Stranger;
let folder: string;

beforeAll(async () => {
  folder = cleanup.use(await temporaryFolder()).path;
  busy = await startBusy();
  await mkdir(join(folder, 'registry'));
  registry = cleanup.use(await startRegistry(join(folder, 'registry')));
  checkout = await releaseCopy(join(folder, 'checkout'));
  await checkout.release(registry.npmrc);
  app = await stranger(join(folder, 'app'), registry.npmrc, { upgrades: true });
  const guest = await stranger(join(folder, 'guest'), registry.npmrc);
  await Promise.all([
    app.install('@sql-sessions/client'),
    npxMock(guest.folder).then((started) => {
      mock = cleanup.use(started);
    }),
  ]);
}, 600_000);

afterAll(() => cleanup.disposeAsync());

/** A project with code for every documented response, as it should be written: with a default. */
const HANDLER = `import type { createSessionsClient } from '@sql-sessions/client';

type Client = ReturnType<typeof createSessionsClient>;

export async function close(client: Client): Promise<string> {
  const result = await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' });
  if (result.ok) return 'closed';
  switch (result.status) {
    case 401:
    case 403:
      return 'sign in';
    case 408:
      return 'try again';
    case 400:
      return result.body.solution_msg ?? result.body.error_msg;
    default:
      return 'sorry';
  }
}
`;

/** A status that the contract does not have, and the first of its minors does. */
const NEW_STATUS = await (async () => {
  const contract = await readFile(join(ROOT, 'spec/dist/openapi.json'), 'utf8');
  return ['429', '423', '451'].find((status) => !contract.includes(`"${status}":`)) ?? '421';
})();

async function startBusy(): Promise<{ url: string }> {
  const server = createServer((_request, response) => {
    response.writeHead(Number(NEW_STATUS), { 'content-type': 'application/json' });
    response.end('{"error_code":"common.00000429","error_msg":"too many requests"}');
  });
  return cleanup.use(await listen(server));
}

const PATH = '/v1/workspaces/{workspace_id}/sessions/{session_id}';

/** The sample of the guide for statuses that are not documented, with a service that sends one. */
async function newStatus(): Promise<string> {
  const guide = await readFile(join(ROOT, 'docs/guides/client.md'), 'utf8');
  const samples = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  const sample = samples.find((code) => code.includes('too many calls')) ?? '';
  return sample.replace('http://127.0.0.1:4010', busy.url).replaceAll('429', NEW_STATUS);
}

test('all packages are there, in the same version', async () => {
  for (const { manifest } of await publishedPackages()) {
    const response = await fetch(`${registry.url}${manifest.name}`);
    expect(await response.json()).toMatchObject({ 'dist-tags': { latest: '1.0.0' } });
  }
});

test('TypeScript, ESM: the example of the README compiles strictly and closes a session on the mock of npx', async () => {
  const example = (await app.example('@sql-sessions/client')).replace(
    'http://127.0.0.1:4010',
    mock.url,
  );
  expect(example).toContain(mock.url);
  await app.write('example.ts', `${example}\ndeclare const console: Console;\n`);
  await app.write(
    'contract.ts',
    `${await app.example('@sql-sessions/contract')}\ndeclare const console: Console;\n`,
  );
  await app.write('handler.ts', HANDLER);
  await app.write('new-status.ts', `${await newStatus()}\ndeclare const console: Console;\n`);
  expect(await app.compile()).toEqual([]);
  expect((await app.node('out/contract.js')).stdout).toMatch(/^1\.0\.0 DELETE \/v1\//);
  expect(await app.node('out/example.js')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\b200\n$/),
  });
  expect((await app.node('out/new-status.js')).stdout).toBe('too many calls\n');
});

test('CommonJS: require loads the client and the contract', async () => {
  const old = await stranger(join(folder, 'commonjs'), registry.npmrc, { type: 'commonjs' });
  await old.install('@sql-sessions/client', '@sql-sessions/contract');
  await old.write(
    'index.js',
    `const { createSessionsClient } = require('@sql-sessions/client');
const { version } = require('@sql-sessions/contract');
const { info } = require('@sql-sessions/contract/openapi.json');
createSessionsClient({ baseUrl: '${mock.url}' })
  .closeSession({ workspace_id: 'w-1', session_id: 's-1' })
  .then(({ status }) => console.log(status, version === info.version));
`,
  );
  expect(await old.node('index.js')).toMatchObject({ code: 0, stdout: '200 true\n' });
});

test('types only: the contract is enough to describe a response', async () => {
  const types = await stranger(join(folder, 'types'), registry.npmrc);
  await types.install('--save-dev', '@sql-sessions/contract');
  await types.write(
    'types.ts',
    `import type { Operations, Schemas } from '@sql-sessions/contract';
export const error: Schemas['Error'] = { error_code: 'common.00000500', error_msg: 'internal error' };
export type Refused = Operations['closeSession']['responses'][403]['error_code'];
export const refused: Refused = 403;
// @ts-expect-error The message is missing.
export const wrong: Schemas['Error'] = { error_code: 'common.00000500' };
`,
  );
  expect(await types.compile()).toEqual([]);
});

test('a Vite app and a page without any build close a session in a browser', async () => {
  const script = `import { createSessionsClient } from '@sql-sessions/client';
const client = createSessionsClient({ baseUrl: '${mock.url}', token: 'any' });
const { status } = await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' });
document.body.textContent = 'response ' + status;
`;
  await app.write('main.js', script);
  await app.write(
    'index.html',
    '<!doctype html><title>Vite</title><body><script type="module" src="/main.js"></script>',
  );
  await build({
    root: app.folder,
    logLevel: 'silent',
    build: { target: 'es2022', outDir: 'vite' },
  });
  await app.write(
    'plain.html',
    `<!doctype html><title>No build</title><body>
<script type="importmap">{ "imports": {
  "@sql-sessions/client": "/node_modules/@sql-sessions/client/dist/index.js",
  "@sql-sessions/contract": "/node_modules/@sql-sessions/contract/dist/index.js",
  "@sql-sessions/contract/loopback": "/node_modules/@sql-sessions/contract/dist/loopback.js",
  "@sql-sessions/contract/operations": "/node_modules/@sql-sessions/contract/dist/operations.js",
  "openapi-fetch": "/node_modules/openapi-fetch/dist/index.mjs"
} }</script>
<script type="module">${script}</script>`,
  );

  const browser = await launchBrowser();
  cleanup.defer(() => browser.close());
  const page = await browser.newPage();
  await using built = await serveFiles(join(app.folder, 'vite'));
  await using plain = await serveFiles(app.folder);
  for (const url of [built.url, `${plain.url}plain.html`]) {
    await page.goto(url);
    await page.getByText('response 200').waitFor();
  }
});

test('what the contract package offers beside types works: JSON Schemas in Ajv, the document in Redocly and Prism', async () => {
  const contract = join(app.folder, 'node_modules/@sql-sessions/contract/dist');
  const { components } = JSON.parse(await readFile(join(contract, 'openapi.json'), 'utf8'));
  const schema = JSON.parse(await readFile(join(contract, 'schemas/Error.json'), 'utf8'));
  const isError = new Ajv2020({ strict: true }).compile(schema);
  expect(isError(components.examples.NotFound.value)).toBe(true);
  expect(isError({ error_code: 404, error_msg: 'a number' })).toBe(false);

  const document = join(contract, 'openapi.yaml');
  const redocly = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'));
  const env = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const linted = await run(process.execPath, [redocly, 'lint', document, '--extends', 'spec'], {
    cwd: folder,
    env,
  });
  expect(linted.code, linted.stderr).toBe(0);

  const prism = fileURLToPath(import.meta.resolve('@stoplight/prism-cli/dist/index.js'));
  const mocked = start(process.execPath, [prism, 'mock', document, '--port', '0']);
  try {
    const [url] = await mocked.waitFor(/http:\/\/127\.0\.0\.1:\d+(?=\s|$)/m);
    const response = await fetch(`${url}/v1/workspaces/w-1/sessions/s-1`, {
      method: 'DELETE',
      headers: { prefer: 'code=404' },
    });
    expect(response.status).toBe(404);
    // Prism takes an example of the schema first, if there is one.
    const shown = [components.examples.NotFound.value, ...(schema.examples ?? [])];
    expect(shown).toContainEqual(await response.json());
  } finally {
    await mocked.stop();
  }
});

if (slow) {
  test('a minor compiles unchanged, and its new operation is a method of the client at once', async () => {
    await checkout.edit((contract) => {
      const ref = (name: string) => ({ $ref: `#/components/${name}` });
      for (const { responses } of Object.values(operationsOf(contract)))
        if (responses[408]) responses[NEW_STATUS] = ref('responses/BadRequest');
      const touch = {
        summary: 'Touch a session',
        description: 'Says whether the session is open.',
        operationId: 'touchSession',
        tags: ['Sessions'],
        parameters: [ref('parameters/WorkspaceId'), ref('parameters/SessionId')],
        responses: { 200: ref('responses/Closed'), 404: ref('responses/NotFound') },
      };
      contract.paths[PATH] = { patch: touch, ...contract.paths[PATH] };
      const note = { description: 'Name of the request.', type: 'string' };
      const { Error: error } = contract.components.schemas;
      error.properties = { note_of_copy: note, ...error.properties };
    });
    await checkout.release(registry.npmrc, 'minor');

    await app.install('@sql-sessions/client@^1.0.0');
    expect(await app.installed('@sql-sessions/client')).toBe('1.1.0');
    expect(await app.installed('@sql-sessions/contract')).toBe('1.1.0');
    expect(await app.compile()).toEqual([]);
    expect(await app.node('out/example.js')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\b200\n$/),
    });

    // The status is documented now, and what the guide says about it goes on working.
    const table = join(app.folder, 'node_modules/@sql-sessions/contract/dist/openapi.json');
    expect(JSON.parse(await readFile(table, 'utf8')).paths[PATH].delete.responses).toHaveProperty(
      NEW_STATUS,
    );
    expect((await app.node('out/new-status.js')).stdout).toBe('too many calls\n');

    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end();
    });
    const { url } = cleanup.use(await listen(server));
    await app.write(
      'get.ts',
      `import { createSessionsClient } from '@sql-sessions/client';
const client = createSessionsClient({ baseUrl: '${url}' });
await client.touchSession({ workspace_id: 'w-1', session_id: 's-1' });
`,
    );
    expect(await app.compile()).toEqual([]);
    expect((await app.node('out/get.js')).code).toBe(0);
    expect(asked).toEqual(['PATCH /v1/workspaces/w-1/sessions/s-1']);
  });

  test('a major fails to compile exactly where it should', async () => {
    await checkout.commit('1.1.0');
    await checkout.edit(({ components }) => {
      for (const name in components.schemas)
        delete components.schemas[name].properties?.solution_msg;
      for (const name in components.examples) delete components.examples[name].value?.solution_msg;
    });
    await checkout.edit((contract) => {
      for (const { responses } of Object.values(operationsOf(contract))) delete responses[408];
      delete contract.components.responses.RequestTimeout;
      delete contract.components.examples.RequestTimeout;
    });
    await checkout.release(registry.npmrc, 'major');
    await checkout.commit('2.0.0');

    // Who asks for 1 stays on it.
    await app.install('@sql-sessions/client@^1.0.0');
    expect(await app.installed('@sql-sessions/client')).toBe('1.1.0');

    await app.install('@sql-sessions/client@2');
    expect(await app.installed('@sql-sessions/contract')).toBe('2.0.0');
    const line = (text: string) => HANDLER.split('\n').findIndex((each) => each.includes(text)) + 1;
    expect(await app.compile()).toEqual([
      `handler.ts(${line('case 408')}): TS2678`,
      `handler.ts(${line('solution_msg')}): TS2339`,
    ]);

    await app.write(
      'handler.ts',
      HANDLER.replace(/ {4}case 408:\n.*\n/, '').replace('result.body.solution_msg ?? ', ''),
    );
    expect(await app.compile()).toEqual([]);
    const changelog = JSON.parse(
      await readFile(
        join(app.folder, 'node_modules/@sql-sessions/contract/changelog.json'),
        'utf8',
      ),
    );
    expect(
      changelog.releases.map(({ version, rating }: Record<string, string>) => [version, rating]),
    ).toEqual([
      ['2.0.0', 'major'],
      ['1.1.0', 'minor'],
      ['1.0.0', 'none'],
    ]);
  });

  test('a fix for the version before reaches who stays on it, and `latest` does not move back', async () => {
    await checkout.git('checkout', '--quiet', '-b', '1.x', 'HEAD~1');
    await checkout.edit(({ paths }) => {
      paths[PATH].patch.externalDocs = { url: 'https://example.com/touch' };
    });
    await checkout.release(registry.npmrc, 'patch');
    await checkout.commit('1.1.1');

    for (const { manifest } of await publishedPackages()) {
      const response = await fetch(`${registry.url}${manifest.name}`);
      expect(await response.json()).toMatchObject({
        'dist-tags': { latest: '2.0.0', 'latest-1': '1.1.1' },
      });
    }
    await app.install('@sql-sessions/client@^1.0.0');
    expect(await app.installed('@sql-sessions/client')).toBe('1.1.1');
    expect(await app.installed('@sql-sessions/contract')).toBe('1.1.1');
    await app.install('@sql-sessions/client@latest');
    expect(await app.installed('@sql-sessions/client')).toBe('2.0.0');

    // What was released from the branch belongs to main as well; the gate misses what is forgotten.
    const log = JSON.parse(await readFile(join(checkout.root, 'spec/changelog.json'), 'utf8'));
    await checkout.git('checkout', '--quiet', 'main');
    await checkout.git('merge', '--quiet', '--strategy=ours', '1.x');
    const missed = await checkout.gate();
    expect([missed.code, missed.stderr]).toEqual([
      1,
      expect.stringContaining('spec/releases/1.1.1.yaml was removed, although it is frozen'),
    ]);
    await checkout.git('checkout', '1.x', '--', 'spec/releases/1.1.1.yaml');
    const file = join(checkout.root, 'spec/changelog.json');
    const { releases } = JSON.parse(await readFile(file, 'utf8'));
    releases.splice(1, 0, log.releases[0]);
    await writeFile(file, JSON.stringify({ releases }, null, 2));
    await buildContract(join(checkout.root, 'spec'));
    const { code, stderr } = await checkout.gate();
    expect([code, stderr]).toEqual([0, '']);
  });
}
