import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run, start } from '@sql-sessions/testing/process';
import { beforeAll, expect, test } from 'vitest';
import { runCommand } from '../src/command.ts';
import { correct, TOKENS } from './server/behavior.ts';
import { contract } from './server/contract.ts';
import { startTwin } from './server/twin.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const QUICK = ['--only', 'unknown-id,response-schema'];
const CONTRACT = join(import.meta.dirname, '../.results/command-contract.json');

beforeAll(async () => {
  await mkdir(dirname(CONTRACT), { recursive: true });
  await writeFile(CONTRACT, JSON.stringify(contract));
});

/** The command in this process, so that a test of a message costs no start of Node. */
async function kit(
  args: string[],
  env: Record<string, string | undefined> = {},
  { isTTY = false } = {},
) {
  const stdout = new PassThrough();
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const code = await runCommand(['--contract', CONTRACT, ...args], {
    env: { SQL_SESSIONS_TOKEN: TOKENS.main, ...env },
    stdout,
    stderr,
    signal: new AbortController().signal,
  });
  // Node 26 hands out one chunk at a time.
  const read = (stream: PassThrough) => {
    let all = '';
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) all += chunk;
    return all;
  };
  return { code, stdout: read(stdout), stderr: read(stderr) };
}

test('0: the contract is kept', async () => {
  await using twin = await startTwin();
  const done = await run(
    process.execPath,
    [MAIN, '--contract', CONTRACT, '--base-url', twin.url, ...QUICK, '--seed', '-5'],
    {
      env: { SQL_SESSIONS_TOKEN: TOKENS.main },
    },
  );
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(done.stdout).toContain('✓ unknown-id');
  expect(done.stdout).toMatch(/404 ×\d, 408 not seen/);
  expect(done.stdout).toMatch(/2 passed\. \d+ requests in [\d.]+ s\. Seed -5\./);
  expect(done.stdout).not.toContain('\u001b');
});

test('1: the contract is broken, and a command shows it', async () => {
  await using twin = await startTwin({ behavior: { unknown: () => ({ status: 200 }) } });
  const done = await kit(['--base-url', twin.url, ...QUICK]);
  expect(done).toMatchObject({ code: 1, stderr: '' });
  expect(done.stdout).toContain('The contract is broken in 1 place.');
  expect(done.stdout).toContain('contract: expected 404 or 403, got 200: no such id exists');
  expect(done.stdout).toMatch(/\$ curl .*\/v1\/workspaces\/.*"\$SQL_SESSIONS_TOKEN"/);
  expect(done.stdout).toContain('from #/components/responses/NotFound');
});

test('1: strict, and something was not exercised', async () => {
  await using twin = await startTwin();
  const done = await kit(['--base-url', twin.url, '--only', 'success', '--strict']);
  expect(done.code).toBe(1);
  expect(done.stdout).toContain('not exercised: the setup has no `live`');
});

test.for<[string[], RegExp]>([
  [[], /--base-url is missing/],
  [['--nonsense'], /Unknown option '--nonsense'. --help lists/],
  [['http://127.0.0.1:1'], /Unexpected argument 'http:.+'\. The server is given with --base-url\./],
  [
    ['--token', 'secret-1'],
    /^Unknown option '--token'. The token is read from SQL_SESSIONS_TOKEN\./,
  ],
  [['--base-url', 'nowhere'], /expected the URL of a server/],
  [['--base-url', 'http://sessions.example'], /add --allow-remote/],
  [['--base-url', 'http://127.0.0.1:1', '--seed', '1.5'], /--seed is "1.5": expected an integer/],
  [
    ['--base-url', 'http://127.0.0.1:1', '--runs', '0'],
    /--runs is "0": expected an integer from 1/,
  ],
  [['--base-url', 'http://127.0.0.1:1', '--only', 'nothing'], /Unknown check nothing. --list/],
  [
    ['--base-url', 'http://127.0.0.1:1', '--setup', 'missing.js'],
    /--setup missing.js cannot be loaded/,
  ],
  [
    ['--base-url', 'http://127.0.0.1:1', '--setup', MAIN.replace(/main\.ts$/, 'index.ts')],
    /no function as its default export/,
  ],
  [
    ['--base-url', 'http://127.0.0.1:1', '--only', 'success', '--exclude', 'success'],
    /^No check is left to run: choose at least one/,
  ],
  [
    ['--base-url', 'http://127.0.0.1:1', '--html', '/nowhere/report.html'],
    /^\/nowhere\/report.html cannot be written: ENOENT/,
  ],
  [
    ['--base-url', 'http://127.0.0.1:1', '--junit', dirname(MAIN)],
    /cannot be written: it is a folder/,
  ],
  [
    ['--base-url', 'http://127.0.0.1:1', '--expect', 'nothing=404', '--expect', 'nothing=410'],
    /^Unknown check nothing\./,
  ],
  [['--base-url', 'https://127.0.0.1:1', '--cert', MAIN], /give both --cert and --key/],
  [['--base-url', 'https://127.0.0.1:1', '--key', MAIN], /give both --cert and --key/],
  [['--base-url', 'https://127.0.0.1:1', '--ca', MAIN], /--ca cannot be used: .* Expected PEM/],
  [
    ['--base-url', 'http://127.0.0.1:1', '--known', 'missing.json'],
    /--known missing.json cannot be read/,
  ],
])('2: %j', async ([args, message]) => {
  const done = await kit(args);
  expect(done).toMatchObject({ code: 2, stdout: '' });
  expect(done.stderr).toMatch(message);
  // One line, and no stack trace.
  expect(done.stderr.trim().split('\n')).toHaveLength(1);
});

test.each([
  ['', 'The contract is empty. Expected OpenAPI 3.1.'],
  ['null', 'The contract is empty. Expected OpenAPI 3.1.'],
  ['[]', 'The contract is a list. Expected OpenAPI 3.1.'],
  ['some words', 'The contract is a text. Expected OpenAPI 3.1.'],
  ['paths: {}', 'The contract is an object without `openapi`. Expected OpenAPI 3.1.'],
  ['openapi: 3.2.0', 'The contract is OpenAPI 3.2.0. Expected OpenAPI 3.1.'],
  [
    'openapi: 3.0.3',
    'The contract is OpenAPI 3.0.3. Expected OpenAPI 3.1; npx @scalar/cli document upgrade FILE makes one of it.',
  ],
  [
    '\ufeffswagger: "2.0"',
    'The contract is Swagger 2.0. Expected OpenAPI 3.1; npx @scalar/cli document upgrade FILE makes one of it.',
  ],
])('2: the contract %j, which is never taken for the built-in one', async (text, message) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'api.yaml');
  await writeFile(file, text);
  const done = await kit(['--base-url', 'http://127.0.0.1:1', '--contract', file]);
  expect(done).toMatchObject({ code: 2, stdout: '', stderr: `${message}\n` });
});

test.for(['secret-1\r', 'secret\n-1'])('2: the token %j, which is not one line', async (token) => {
  await using twin = await startTwin();
  const done = await kit(['--base-url', twin.url, ...QUICK], { SQL_SESSIONS_TOKEN: token });
  expect(done).toMatchObject({ code: 2, stdout: '' });
  expect(done.stderr).toMatch(/^The credential for \w+ has a character that cannot be sent/);
});

test('what is given again adds to what was given before', async () => {
  await using twin = await startTwin({ behavior: { unknown: () => ({ status: 410 }) } });
  const expected = ['--expect', 'unknown-id=410', '--expect', 'unknown-id=418'];
  const done = await kit(['--base-url', twin.url, '--only', 'unknown-id', ...expected]);
  expect(done).toMatchObject({ code: 0 });
});

test('1: whatever a setup says of the exit code', async () => {
  await using twin = await startTwin({ behavior: { unknown: () => ({ status: 200 }) } });
  await using folder = await temporaryFolder();
  const setup = join(folder.path, 'setup.mjs');
  await writeFile(setup, 'process.exitCode = 0;\nexport default () => ({});\n');
  const args = [MAIN, '--contract', CONTRACT, '--base-url', twin.url, ...QUICK, '--setup', setup];
  const env = { SQL_SESSIONS_TOKEN: TOKENS.main };
  expect(await run(process.execPath, args, { env })).toMatchObject({ code: 1 });
});

test('a reader that stops reading changes nothing', async () => {
  const running = spawn(process.execPath, [MAIN, '--list'], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.stdout.destroy();
  const [stderr, [code]] = await Promise.all([text(running.stderr), once(running, 'close')]);
  expect([code, stderr]).toEqual([0, '']);
});

test('2: a token that is missing or wrong', async () => {
  await using twin = await startTwin();
  const none = await kit(['--base-url', twin.url], { SQL_SESSIONS_TOKEN: undefined });
  expect(none).toMatchObject({ code: 2, stdout: '' });
  expect(none.stderr).toContain(
    'responds with 401 to a call without a token. Set SQL_SESSIONS_TOKEN',
  );
  const wrong = await kit(['--base-url', twin.url], { SQL_SESSIONS_TOKEN: 'not-this-one' });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('responds with 401 to the token');
  expect(wrong.stderr).not.toContain('not-this-one');
});

test('3: nobody responds, or the setup fails', async () => {
  const nobody = await kit(['--base-url', 'http://127.0.0.1:1']);
  expect(nobody).toMatchObject({ code: 3, stdout: '' });
  expect(nobody.stderr).toBe(
    'http://127.0.0.1:1 gave no response: nobody listens there (connection refused). Start the server, or correct --base-url.\n',
  );
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'setup.js');
  await writeFile(file, 'export default async () => { throw new Error("the database is away"); };');
  const failing = await kit(['--base-url', 'http://127.0.0.1:1', '--setup', file]);
  expect(failing).toMatchObject({
    code: 3,
    stderr: 'The setup failed: the database is away\n',
  });
});

test.for([
  ['prints to standard output', "console.log('{'); return {};", 1, ''],
  [
    'ends the process',
    'process.exit(0);',
    3,
    'The run ended early: process.exit() was called, most likely by the setup.\n',
  ],
  [
    'throws behind its own back',
    "setTimeout(() => { throw new Error('lost\\nsight'); }); return new Promise(() => undefined);",
    3,
    'The run ended early: an error that nobody caught, most likely of the setup: lost\n',
  ],
  [
    'rejects behind its own back',
    "void Promise.reject(new Error('lost')); return new Promise(() => undefined);",
    3,
    'The run ended early: an error that nobody caught, most likely of the setup: lost\n',
  ],
  ['never lets go', 'setInterval(() => undefined, 9e5); return {};', 1, ''],
] as const)('a setup that %s is no verdict on the server', async ([, body, code, message]) => {
  await using twin = await startTwin({ behavior: { unknown: () => ({ status: 200 }) } });
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'setup.mjs');
  await writeFile(file, `export default () => { ${body} };`);
  const args = [
    '--contract',
    CONTRACT,
    '--base-url',
    twin.url,
    '--setup',
    file,
    ...QUICK,
    '--json',
  ];
  const done = await run(process.execPath, [MAIN, ...args], {
    env: { SQL_SESSIONS_TOKEN: TOKENS.main },
  });
  expect(done.code, done.stderr).toBe(code);
  if (message === '') expect(JSON.parse(done.stdout)).toMatchObject({ ok: false, error: null });
  else expect(done).toMatchObject({ stdout: '', stderr: message });
});

test('reports go to files, and the list of departures is read from one', async () => {
  await using twin = await startTwin({
    behavior: { unknown: () => ({ status: 200 }), close: correct.close },
  });
  await using folder = await temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  await writeFile(
    at('known.json'),
    '[{ "check": "unknown-id", "finding": "got 200", "reason": "a <mock> & proud" }]',
  );
  await writeFile(at('setup.mjs'), 'export default () => ({ requiresToken: true });');
  const done = await kit([
    '--base-url',
    twin.url,
    '--only',
    'unknown-id,token-missing,success',
    '--json',
    '--known',
    at('known.json'),
    '--setup',
    at('setup.mjs'),
    '--html',
    at('report.html'),
    '--junit',
    at('report.xml'),
    '--har',
    at('all.har'),
  ]);
  expect(done).toMatchObject({ code: 0, stderr: '' });
  const report = JSON.parse(done.stdout);
  expect(report).toMatchObject({
    ok: true,
    summary: { passed: 1, failed: 0, known: 1, 'not-exercised': 1 },
    kit: { name: '@sql-sessions/conformance' },
  });
  const junit = await readFile(at('report.xml'), 'utf8');
  expect(junit).toContain('tests="3" failures="0" skipped="2"');
  expect(junit).toContain('<skipped message="a &lt;mock&gt; &amp; proud"/>');
  expect(await readFile(at('report.html'), 'utf8')).toContain('a &#60;mock&#62; &#38; proud');
  const har = JSON.parse(await readFile(at('all.har'), 'utf8'));
  expect(har.log.entries).toHaveLength(report.requests);
});

test('--list, --help and --version need no server', async () => {
  const list = await kit(['--list', '--json']);
  expect(JSON.parse(list.stdout)).toContainEqual({
    id: 'timeout-status',
    group: 'Outcomes',
    level: 'contract',
    sentence: 'What cannot be finished in time gets 408, and a retry succeeds later.',
    needs: ['stuck'],
  });
  expect((await kit(['--help'])).stdout).toMatch(/^Usage: sql-sessions-conformance/);
  expect((await kit(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('an older Node is told so in a line', async () => {
  const older =
    'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.1.0" })';
  const bin = fileURLToPath(new URL('../bin/sql-sessions-conformance.js', import.meta.url));
  expect(await run(process.execPath, ['--import', older, bin])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: '@sql-sessions/conformance needs Node 22.12 or newer, and this is 20.1.0.\n',
  });
});

test('130: Ctrl-C ends the run early, with a report and the setup closed', async () => {
  await using twin = await startTwin();
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'setup.mjs');
  // It waits for the signal before it hands its first session over.
  await writeFile(
    file,
    `export default () => ({
      live: async () => {
        const interrupted = new Promise((done) => process.once('SIGINT', done));
        const busy = setInterval(() => undefined, 1000);
        console.error('ready');
        await interrupted;
        clearInterval(busy);
      },
      close: async () => console.error('closed'),
    });`,
  );
  const kit = start(
    process.execPath,
    [MAIN, '--contract', CONTRACT, '--base-url', twin.url, '--setup', file],
    {
      env: { SQL_SESSIONS_TOKEN: TOKENS.main },
    },
  );
  await kit.waitFor(/ready/);
  expect(await kit.stop('SIGINT')).toMatchObject({ code: 130 });
  expect(kit.stderr()).toContain('closed');
  expect(kit.stdout()).toContain('not exercised: the run was interrupted');
});

test('on a terminal one line shows how far it is, and is gone at the end', async () => {
  await using twin = await startTwin();
  const args = ['--base-url', twin.url, ...QUICK];
  const { stderr } = await kit(args, {}, { isTTY: true });
  expect(stderr).toContain('\r\u001b[K0/2 first call (1 request)');
  expect(stderr.endsWith('\r\u001b[K')).toBe(true);
});
