import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildSite } from '../src/build-site.ts';
import { type DocsServer, serveDocs } from '../src/serve.ts';
import { startSiteServer } from '../src/server/site-server.ts';
import { writeSite } from '../src/site/write-site.ts';
import { copyRepository } from './support/site-fixture.ts';

let docs: DocsServer;

beforeAll(async () => {
  docs = await serveDocs({ port: 0 });
});
afterAll(() => docs.close());

test('the reference is served as HTML that no one may frame', async () => {
  const answer = await fetch(docs.url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html;charset=utf-8');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  expect(await answer.text()).toContain('<main id="main"');
});

test('a file whose name has a hash may be kept for ever', async () => {
  const page = await (await fetch(docs.url)).text();
  const script = /<script type="module" src="([^"]+)"/.exec(page)?.[1] ?? '';
  const answer = await fetch(new URL(script, docs.url));
  expect(answer.headers.get('content-type')).toBe('text/javascript');
  expect(answer.headers.get('cache-control')).toContain('immutable');
});

test('what has not changed is not sent again', async () => {
  const { headers } = await fetch(docs.url);
  const again = await fetch(docs.url, { headers: { 'If-None-Match': headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
});

test('a folder without its slash leads to the one with it', async () => {
  const answer = await fetch(new URL('versions', docs.url), { redirect: 'manual' });
  expect(answer.status).toBe(301);
  const target = new URL(answer.headers.get('location') ?? '', new URL('versions', docs.url));
  expect(target.pathname).toBe('/versions/');
});

test('a site that is built anew meanwhile is served as it is then', async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  const page = (text: string) => new Map([['index.html', text]]);
  await writeSite({ files: page('short') }, path);
  const { url, close } = await startSiteServer({ port: 0, host: '127.0.0.1', folder: path });
  try {
    expect(await (await fetch(url)).text()).toBe('short');
    for (const text of ['a longer one', '-']) {
      await writeSite({ files: page(text) }, path);
      expect(await (await fetch(url)).text()).toBe(text);
    }
  } finally {
    await close();
  }
});

test('a folder keeps what no build wrote: it is neither removed nor replaced', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'site');
  const write = (...names: string[]) =>
    writeSite({ files: new Map(names.map((name) => [name, name])) }, path);
  await mkdir(path);
  await writeFile(join(path, 'CNAME'), 'docs.example.com');
  await writeFile(join(path, 'index.html'), 'My page');
  await expect(write('a.html', 'index.html')).rejects.toThrow(
    /site has files that are not of the site and would be replaced: index\.html\. Choose/,
  );
  expect(await readdir(path)).toEqual(['CNAME', 'index.html']);

  await rm(join(path, 'index.html'));
  await write('index.html', 'old/page/index.html');
  await write('index.html', 'new.html');
  expect((await readdir(path)).sort()).toEqual(['.files.json', 'CNAME', 'index.html', 'new.html']);

  // A list that somebody changed leads nowhere else.
  await writeFile(join(folder.path, 'other'), 'Mine');
  await writeFile(join(path, '.files.json'), '["../other", "new.html", "index.html"]');
  await write('index.html');
  expect((await readdir(path)).sort()).toEqual(['.files.json', 'CNAME', 'index.html']);
  expect(await readdir(folder.path)).toContain('other');
});

test('other methods are refused', async () => {
  const answer = await fetch(docs.url, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('GET, HEAD');
});

test.each([
  '/../package.json',
  '/..%2fpackage.json',
  '/%2e%2e/package.json',
  '/assets/..%5c..%5cpackage.json',
  '/%ZZ',
  '//etc/passwd',
  '/%00',
])('%s leads to no file', async (path) => {
  expect(await firstLine(path)).toMatch(/^HTTP\/1\.1 404 /);
});

test('samples and forms call the mock that is running', async () => {
  const mockUrl = 'http://127.0.0.1:4711';
  const other = await serveDocs({ port: 0, mockUrl });
  try {
    const page = await (await fetch(new URL('llms-full.txt', other.url))).text();
    expect(page).toContain(mockUrl);
    expect(page).not.toContain('127.0.0.1:4010');
  } finally {
    await other.close();
  }
});

test('a taken port is reported with its code', async () => {
  const { port } = new URL(docs.url);
  await expect(serveDocs({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

/** The status line for a path exactly as written: `fetch` would tidy it up before it is sent. */
function firstLine(path: string): Promise<string> {
  const { hostname, port } = new URL(docs.url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket: Socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`);
    });
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text.split('\r\n')[0] ?? ''));
  });
}

test('a taken port is said in a sentence', async () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const { port } = new URL(docs.url);
  const ended = await run(process.execPath, [main, 'serve', '--port', port]);
  expect([ended.code, ended.stderr]).toEqual([
    1,
    expect.stringMatching(/^Port \d+ of 127\.0\.0\.1 is taken/),
  ]);
});

test.each([
  ['missing', null, /openapi\.json cannot be read\. Run "pnpm build"/],
  ['broken', '{', /openapi\.json is broken: .* Run "pnpm build"/],
])('a contract that is %s ends the build with what to do', async (_name, text, message) => {
  await using folder = await temporaryFolder();
  await copyRepository(folder.path);
  const file = join(folder.path, 'spec/dist/openapi.json');
  if (text === null) await rm(file);
  else await writeFile(file, text);
  await expect(buildSite({ root: folder.path })).rejects.toThrow(message);
});

test.each([
  [['build', '--base-url', 'there'], {}, 2, /^--base-url is "there": expected a URL such as/],
  [['build'], { DOCS_BASE_URL: 'there' }, 2, /^DOCS_BASE_URL is "there": expected a URL/],
  [['build', '--repository', 'ftp://x'], {}, 2, /^--repository is "ftp:\/\/x": expected a URL/],
  [['build', '--base-url', 'https://x.test/a?b#c'], {}, 2, /^--base-url is .*without query/],
  [['serve', '--host', ''], {}, 2, /^--host is empty: expected a host/],
  [['serve', '--port', 'abc'], {}, 2, /^--port is "abc", and a port is a number from 0 to 65535/],
  [['serve', '--port'], {}, 2, /^Option '--port <value>' argument missing\./],
  [['serve', '--nonsense'], {}, 2, /^Unknown option '--nonsense'\./],
  [['build', '--out', ''], {}, 2, /^--out is empty: expected a folder/],
  [['print'], {}, 2, /^There is no command "print"/],
  [['serve', 'build'], {}, 2, /^There is no command "serve build"/],
])('%j with %j ends with code %i and says why', async (args, env, code, said) => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const ended = await run(process.execPath, [main, ...args], { env });
  expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(said)]);
  expect(ended.stderr).not.toMatch(/^\s+at /m);
});
