import { readdir, readFile } from 'node:fs/promises';
import { createServer, request as send } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Mock, startMock } from '@sql-sessions/mock';
import { closedPort, listen } from '@sql-sessions/testing/listen';
import { run } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installRecipes, RECIPES } from './install-recipes.ts';

const recipes = (await readdir(RECIPES)).filter((name) => name.endsWith('.mts'));

let mock: Mock;
let installed: (path: string) => string;
let environment: Record<string, string>;
const cleanup = new AsyncDisposableStack();

beforeAll(async () => {
  installed = await installRecipes();
  mock = cleanup.use(await startMock({ port: 0 }));
  const moved = createServer((request, response) => {
    response.writeHead(307, { location: mock.url + request.url }).end();
  });
  environment = {
    SERVICE_URL: mock.url,
    MOVED_URL: cleanup.use(await listen(moved)).url,
    PROXY_URL: cleanup.use(await startProxy()).url,
    CLOSED_URL: `http://127.0.0.1:${await closedPort()}`,
  };
}, 600_000);
afterAll(() => cleanup.disposeAsync());

/** A proxy that forwards requests and makes tunnels. */
function startProxy() {
  const proxy = createServer((request, response) => {
    const { url = '', method, headers } = request;
    request.pipe(
      send(url, { method, headers }, (came) => {
        response.writeHead(came.statusCode ?? 502, came.headers);
        came.pipe(response);
      }),
    );
  });
  proxy.on('connect', ({ url = '' }, socket) => {
    const { hostname, port } = new URL(`http://${url}`);
    const target = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const end of [target, socket])
      end.on('error', () => [target, socket].map((one) => one.destroy()));
  });
  return listen(proxy);
}

test.each(recipes)('%s prints what it says', async (name) => {
  const code = await readFile(join(RECIPES, name), 'utf8');
  const prints = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, printed = '']) => printed);
  expect(prints).not.toEqual([]);
  mock.reset();
  const result = await run(process.execPath, ['--no-warnings', join(RECIPES, name)], {
    cwd: RECIPES,
    env: environment,
  });
  expect(result.stdout.trimEnd().split('\n'), result.stderr).toEqual(prints);
  expect(result.code).toBe(0);
});

test('jest.test.cjs passes in Jest', async () => {
  const { code, stderr } = await run(process.execPath, [installed('jest/bin/jest.js'), '--ci'], {
    cwd: RECIPES,
    env: { ...environment, NODE_OPTIONS: undefined },
  });
  expect(stderr).toContain('2 passed');
  expect(code).toBe(0);
});
