import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platformTest, readContract, responseFor } from '@sql-sessions/contract/model';
import { startMock } from '@sql-sessions/mock';
import { fixturePath, readFixture } from '@sql-sessions/testing/contracts';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { main } from '../src/cli/main.ts';
import { FLAGS } from '../src/cli/read-flags.ts';
import { exampleRequest } from '../src/contract/example-request.ts';
import { createChecker } from '../src/schemas/checker.ts';
import { bin, startBin } from './support/start-bin.ts';

const node = process.execPath;
const SESSION = '/v1/workspaces/w-1/sessions/s-1';
const READY = /at (http:\/\/127\.0\.0\.1:\d+)/;

test('it prints where it is, what there is and what to paste, then a line per request, and ends on a signal', async () => {
  const mock = startBin();
  const [, url = ''] = await mock.waitFor(READY);
  await mock.waitFor(/Ctrl-C stops it/);
  expect(mock.stdout()).toMatch(/^[A-Z]+ \/v1\/.+\n {2}responses: \d/m);
  expect(mock.stdout()).toContain(`${url}/__mock`);
  expect(mock.stdout()).toMatch(/curl .*'http.+' -H 'Prefer: code=\d{3}'/);
  await fetch(url + SESSION, { method: 'DELETE' });
  await mock.waitFor(/200 {2}DELETE \/v1\/workspaces\/w-1\/sessions\/s-1 {2}[\d.]+ ms\n/);
  await fetch(`${url}/v1/workspaces/w-1/sessions/under_score`, { method: 'DELETE' });
  await mock.waitFor(/400 {2}DELETE .+ ms {2}Request path parameter session_id must be a string/);
  // Standard output is not a terminal here: no color.
  expect(mock.stdout()).not.toContain('\u001b');
  expect(await mock.stop('SIGINT')).toEqual({ code: 0, signal: null });
  expect(mock.stderr()).toBe('');
});

test('--json prints one object per line', async () => {
  const mock = startBin('--json', '--scenario', '408');
  const [, url = ''] = await mock.waitFor(/"url":"([^"]+)"/);
  await fetch(url + SESSION, { method: 'DELETE' });
  await mock.waitFor(/"event":"request".*\n/);
  expect(await mock.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  const [ready, request] = mock
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(ready).toMatchObject({ event: 'ready', url, title: expect.any(String) });
  expect(request).toMatchObject({ event: 'request', status: 408 });
});

test('--quiet prints nothing', async () => {
  const { port, close } = await startMock({ port: 0 });
  await close();
  const mock = startBin('--port', String(port), '--quiet');
  let response: Response | undefined;
  while (!response) {
    response = await fetch(`http://127.0.0.1:${port}${SESSION}`, { method: 'DELETE' }).catch(
      () => undefined,
    );
  }
  await mock.stop();
  expect([mock.stdout(), mock.stderr()]).toEqual(['', '']);
});

test('flags set what calls get', async () => {
  const flags =
    '--scenario 404:NotFound,200 --only session_id=s-1 --strict-token --stateful --latency 1-2 --seed 3 --credentials';
  const mock = startBin(...flags.split(' '));
  const [, url = ''] = await mock.waitFor(READY);
  const close = async (id: string, headers = {}) =>
    (await fetch(`${url}/v1/workspaces/w/sessions/${id}`, { method: 'DELETE', headers })).status;
  expect(await close('s-1')).toBe(401);
  const token = { 'x-auth-token': 't' };
  expect([await close('s-1', token), await close('s-1', token)]).toEqual([404, 200]);
  expect([await close('s-2', token), await close('s-2', token)]).toEqual([200, 404]);
  await mock.stop();
});

test.each([
  [['--port', 'abc'], 2, /--port takes a whole number/],
  [['--nope'], 2, /Unknown option '--nope'/],
  [['openapi.yaml'], 2, /Unexpected argument 'openapi.yaml'. A document is given with --spec./],
  [['--scenario', '999'], 2, /404 \(NotFound/],
  [['--scenario', '404', '--after', 'never'], 2, /last \(the last step stays\)/],
  [['--after', 'loop'], 2, /give a --scenario/],
  [['--scenario', '404', '--only', 'x'], 2, /NAME=VALUE/],
  [['--latency', 'long'], 2, /--latency takes milliseconds/],
  [['--latency', '400-100'], 2, /min of at most its max/],
  [['--latency', '60001'], 2, /from 0 to 60000/],
  [['--seed', '5'], 2, /give one of them too/],
  [['--fault-kinds', 'reset'], 2, /such as --faults 0\.1/],
  [['--host='], 2, /host is empty; it must be/],
  [['--faults', '3'], 2, /from 0 to 1/],
  [['--faults', '0.1', '--fault-kinds', 'x'], 2, /reset, stall, truncate, html502/],
  [['--upstream', 'there'], 2, /must be a URL/],
  [['--base-path', 'x'], 2, /both, only or none/],
  [['--tls-cert', 'x'], 2, /--tls-key/],
  [['--tls-cert', 'x', '--tls-key', 'y'], 2, /cannot be read/],
  [['--tls-cert', bin, '--tls-key', bin], 2, /are not a certificate and its private key in PEM/],
  [['--port', '-1'], 2, /--port takes a whole number/],
  [['--spec', 'nowhere.yaml'], 3, /nowhere\.yaml: no such file/],
])('%j ends with code %i and one line', async (args, code, words) => {
  const ended = await runHere(args);
  expect(ended.code).toBe(code);
  expect(ended.stderr).toMatch(words);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  expect(ended.stdout).toBe('');
});

test('a taken port and a document that is not sound end with a code and one line', async () => {
  await using taken = await startMock({ port: 0 });
  const port = await runHere(['--port', String(taken.port)]);
  expect([port.code, port.stderr.trim().split('\n').length]).toEqual([4, 1]);
  expect(port.stderr).toMatch(new RegExp(`port ${taken.port} .* is taken.*--port`));
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'api.yaml');
  await writeFile(file, 'openapi: 3.1.0\ninfo:\n  title: t\n  version: v\npaths: 5\n');
  const document = await runHere(['--spec', file]);
  expect([document.code, document.stderr.trim().split('\n').length]).toEqual([3, 1]);
  expect(document.stderr).toMatch(/api\.yaml:5:\d+: /);
});

test.each([
  ['', 'empty'],
  ['nothing to see', 'a text'],
  ['- a list', 'a list'],
  ['paths: {}', 'an object without `openapi`'],
  ['swagger: "2.0"\npaths: {}', 'Swagger 2.0'],
  ['openapi: 3.2.0\npaths: {}', 'OpenAPI 3.2.0'],
  ['openapi: 4.0.0\npaths: {}', 'OpenAPI 4.0.0'],
])('a document %j is called what it is', async (text, what) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'api.yaml');
  await writeFile(file, text);
  const { code, stderr } = await runHere(['--spec', file]);
  expect([code, stderr]).toEqual([
    3,
    `sql-sessions-mock: ${file}: it is ${what}. Expected OpenAPI 3.0 or 3.1.\n`,
  ]);
});

test('--help lists every flag and exit code, --version prints the version', async () => {
  const help = await runHere(['--help']);
  expect(help.code).toBe(0);
  for (const flag of [...FLAGS.map((name) => `--${name}`), 'Exit codes']) {
    expect(help.stdout).toContain(flag);
  }
  const version = await run(node, [bin, '--version']);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('an older Node is told so in a line', async () => {
  const older =
    'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.1.0" })';
  expect(await run(node, ['--import', older, bin])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: '@sql-sessions/mock needs Node 22.12 or newer, and this is 20.1.0.\n',
  });
});

test('any OpenAPI 3.1 document is served, and followed as it is saved', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'pets.yaml');
  await writeFile(file, PETS);
  const mock = startBin('--spec', file);
  const [, url = ''] = await mock.waitFor(READY);
  const get = await fetch(`${url}/pets/7`);
  expect([get.status, await get.json()]).toEqual([200, { id: 7, name: 'Rex' }]);
  expect((await fetch(`${url}/pets/seven`)).status).toBe(422);
  expect((await fetch(`${url}/pets/7`, { headers: { prefer: 'code=404' } })).status).toBe(404);
  const created = await fetch(`${url}/pets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"id":1,"name":"Tom"}',
  });
  expect(created.status).toBe(201);
  const wrong = await fetch(`${url}/pets/7`, { method: 'PATCH' });
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, DELETE']);

  await writeFile(file, PETS.slice(0, 300));
  await mock.waitFor(/The contract cannot be used, the last good one is served: .*pets\.yaml.*\n/);
  expect((await fetch(`${url}/pets/7`)).status).toBe(200);
  await writeFile(file, PETS.replace('2.0.0', '2.1.0'));
  await mock.waitFor(
    /The contract has recovered\.\nContract reloaded: Pets 2\.1\.0, 3 operations \(\d+ ms\)\n/,
  );
  await mock.stop();
});

test.each([
  ['--help', 'stdout'],
  ['--version', 'stdout'],
  ['--nope', 'stderr'],
] as const)('%s does not mind that nobody reads %s', async (flag, stream) => {
  const child = spawn(node, [bin, flag], { stdio: ['ignore', 'pipe', 'pipe'] });
  child[stream].destroy();
  const other = stream === 'stdout' ? child.stderr : child.stdout;
  const [printed, [code]] = await Promise.all([other.toArray(), once(child, 'close')]);
  expect([code, printed.join('')]).toEqual([flag === '--nope' ? 2 : 0, '']);
});

test('without a reader of its problems, --quiet goes on after a broken save', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'pets.yaml');
  await writeFile(file, PETS);
  const { port, close } = await startMock({ port: 0 });
  await close();
  const child = spawn(node, [bin, '--port', `${port}`, '--quiet', '--spec', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  child.stderr.destroy();
  const stale = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/pets/7`).catch(() => undefined);
    return response?.headers.has('x-mock-stale');
  };
  await vi.waitUntil(async () => (await stale()) === false, { timeout: 60_000 });
  await writeFile(file, PETS.slice(0, 300));
  await vi.waitUntil(async () => child.exitCode !== null || (await stale()), { timeout: 60_000 });
  expect([child.exitCode, await stale()]).toEqual([null, true]);
});

test('a reader of its output that goes away does not end it', async () => {
  const child = spawn(node, [bin, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let printed = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    printed += chunk;
    if (READY.test(printed)) break;
  }
  // The loop has destroyed the pipe.
  const [, url = ''] = READY.exec(printed) ?? [];
  for (let call = 0; call < 3; call += 1) {
    expect((await fetch(url + SESSION, { method: 'DELETE' })).status).toBe(200);
  }
  expect(child.exitCode).toBe(null);
});

test('in the background it outlives the script that started it, unless it is to end with it', async () => {
  const startBy = async (flags: string) => {
    const script = `"${node}" "${bin}" --port 0 --json ${flags} & sleep 60`;
    const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
    const shell = spawn('sh', ['-c', script], { stdio, detached: true });
    onTestFinished(() => {
      if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
    });
    shell.stdout.setEncoding('utf8');
    const [line] = (await once(shell.stdout, 'data')) as [string];
    return { shell, url: JSON.parse(line).url as string };
  };
  const stays = await startBy('');
  stays.shell.kill('SIGKILL');
  await once(stays.shell, 'exit');
  const ends = await startBy('--exit-with-parent');
  const told = once(ends.shell.stdout, 'data') as Promise<[string]>;
  ends.shell.kill('SIGKILL');
  expect((await told)[0]).toContain('"reason":"the process that started it has ended"');
  // By now the other one would have ended as well.
  expect((await fetch(stays.url + SESSION, { method: 'DELETE' })).status).toBe(200);
});

test('no line of the log has a control character, whoever wrote it', async () => {
  const mock = startBin();
  const [, url = ''] = await mock.waitFor(READY);
  await fetch(`${url}/%1b[2J`);
  await fetch(url + SESSION, { method: 'DELETE', headers: { prefer: 'code=\u009b2J' } });
  await mock.waitFor(/422 {2}DELETE .*\n/);
  await mock.stop();
  expect(mock.stdout()).not.toMatch(/[^\P{C}\n]/u);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  'under npx, %s ends npx, and the mock with its parent',
  async (signal) => {
    // A terminal sends Ctrl-C to all that runs in it; SIGTERM reaches npx alone.
    const npx = spawn('npx', ['-c', `"${node}" "${bin}" --port 0 --exit-with-parent`], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => {
      if (npx.pid === undefined) return;
      try {
        process.kill(-npx.pid, 'SIGKILL');
      } catch {
        // The group has ended, as it should.
      }
    });
    let printed = '';
    for await (const chunk of npx.stdout.setEncoding('utf8')) {
      printed += chunk;
      const [, url] = READY.exec(printed) ?? [];
      if (url === undefined || npx.pid === undefined || npx.killed) continue;
      if (signal === 'SIGINT') process.kill(-npx.pid, signal);
      else npx.kill(signal);
      // The output ends when the last of them has ended.
      printed = '';
    }
    expect(npx.pid).toBeGreaterThan(0);
  },
);

/** Runs the bin's code in this process, for what ends before it serves. */
async function runHere(args: string[]) {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += text;
      return true;
    }),
  );
  try {
    return { code: await main(args), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const PETS = `openapi: 3.1.0
info: { title: Pets, version: 2.0.0 }
paths:
  /pets:
    post:
      operationId: addPet
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } }
      responses:
        '201': { description: Added }
  /pets/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: integer } }
    get:
      operationId: getPet
      responses:
        '200':
          description: A pet
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Pet' }
              example: { id: 7, name: Rex }
        '404': { description: No such pet }
    delete:
      operationId: deletePet
      responses:
        '204': { description: Gone }
components:
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties:
        id: { type: integer }
        name: { type: string }
`;

test.each(['family', 'everything'] as const)(
  '--dynamic makes up a body that keeps its schema, for every operation of %s',
  async (name) => {
    const contract = readContract(readFixture(name));
    const checker = createChecker(contract, platformTest);
    const mock = startBin('--dynamic', '--spec', fixturePath(name));
    const [, url = ''] = await mock.waitFor(READY);
    let made = 0;
    for (const operation of contract.operations) {
      const { method, target, headers, body } = exampleRequest(contract, operation);
      const bare = method === 'GET' || method === 'HEAD';
      const init = { method, headers, ...(body !== null && !bare && { body }) };
      const response = await fetch(url + target, { redirect: 'manual', ...init });
      const type = response.headers.get('content-type') ?? '';
      expect([operation.id, response.status < 400]).toEqual([operation.id, true]);
      if (!/json/.test(type) || method === 'HEAD') continue;
      const [content] = responseFor(operation, response.status)?.content ?? [];
      const value = await response.json();
      expect([operation.id, checker(content?.schema ?? {}, 'response')(value)]).toEqual([
        operation.id,
        [],
      ]);
      if (JSON.stringify(value) !== JSON.stringify(content?.examples[0]?.value)) made += 1;
    }
    await mock.stop();
    expect(made).toBeGreaterThan(4);
  },
);
