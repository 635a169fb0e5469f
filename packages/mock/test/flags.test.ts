import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { startMock } from '@sql-sessions/mock';
import { listen } from '@sql-sessions/testing/listen';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../src/behavior/settings.ts';
import { HELP } from '../src/cli/help.ts';
import { FLAGS, readFlags } from '../src/cli/read-flags.ts';
import { DEFAULTS } from '../src/start-mock.ts';

const SESSIONS = '/v1/workspaces/w-1/sessions';

test.each([
  ['--no-cors', { cors: false }],
  ['--dynamic', { dynamic: true }],
  ['--no-validate', { validate: false }],
  ['--no-watch', { watch: false }],
])('%s sets what startMock calls %j', (flag, option) => {
  expect(readFlags([]).mock).not.toMatchObject(option);
  expect(readFlags([flag]).mock).toMatchObject(option);
});

test('without CORS no response lets a page of another origin read it', async () => {
  await using mock = await startMock({ port: 0, ...readFlags(['--no-cors', '--port', '0']).mock });
  const { headers } = await fetch(`${mock.url + SESSIONS}/s-1`, {
    method: 'DELETE',
    headers: { origin: 'https://app.example' },
  });
  expect(headers.get('access-control-allow-origin')).toBe(null);
});

test('without validation a call that breaks a rule gets the default response', async () => {
  const flags = ['--no-validate', '--port', '0'];
  await using mock = await startMock(readFlags(flags).mock);
  const { status } = await fetch(`${mock.url + SESSIONS}/under_score`, { method: 'DELETE' });
  expect(status).toBe(200);
});

test.each([
  ['method=delete', 3],
  ['status=408', 1],
  ['status=200&method=DELETE', 2],
  [`path=${SESSIONS}/s-2`, 1],
  ['header=x-test:1', 1],
  ['body=%7B%7D', 1],
  ['operation=nothing', 0],
])('the list of requests, filtered by %s, has %i', async (query, count) => {
  await using mock = await startMock({ port: 0, scenario: [408, 200] });
  const close = (id: string, init: RequestInit = {}) =>
    fetch(`${mock.url + SESSIONS}/${id}`, { method: 'DELETE', ...init });
  await close('s-1');
  await close('s-2?a=b', { headers: { 'x-test': '1' } });
  await close('s-3', { body: '{}', headers: { 'content-type': 'application/json' } });
  const response = await fetch(`${mock.url}/__mock/requests?${query}`);
  const { requests } = (await response.json()) as { requests: object[] };
  expect(requests).toHaveLength(count);
});

test('verify looks into the body, as JSON or as text', async () => {
  await using mock = await startMock({ port: 0, validate: false });
  await fetch(`${mock.url + SESSIONS}/s-1`, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: '{"a":{"b":1,"c":2}}',
  });
  expect(mock.verify({ body: { a: { b: 1 } }, times: 1 })).toBe(1);
  expect(mock.verify({ body: '"c":2' })).toBe(1);
  expect(mock.verify({ body: { a: { b: 2 } }, times: 0 })).toBe(0);
  expect(() => mock.verify({ body: { d: 1 } })).toThrow(/Got 0 requests .*expected at least 1/);
});

test('behind a path prefix, the panel and all that it loads are found', async () => {
  await using mock = await startMock({ port: 0 });
  const proxy = createServer((incoming, outgoing) => {
    const path = incoming.url?.replace(/^\/mock/, '') ?? '';
    const { method, headers } = incoming;
    const forwarded = request(mock.url + path, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  await using listening = await listen(proxy);
  const panel = await fetch(`${listening.url}/mock/__mock`);
  const page = await panel.text();
  expect([panel.status, page]).toEqual([200, expect.stringContaining('<title>')]);
  const links = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, link = '']) => link);
  const loaded = links.filter((link) => !link.startsWith('data:'));
  expect(loaded.length).toBeGreaterThan(0);
  for (const link of loaded) {
    const url = new URL(link, panel.url);
    expect([url.pathname.startsWith('/mock/'), (await fetch(url)).status]).toEqual([true, 200]);
  }
});

test('the README, the docstrings and the help text have the defaults of the other options', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const source = await readFile(new URL('../src/start-mock.ts', import.meta.url), 'utf8');
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const row = readme
      .split('\n')
      .find((line) => /^\| (.*?) \|/.exec(line)?.[1]?.includes(`\`${name}\``));
    expect(row?.split(' | ')[2], name).toContain(`\`${value}\``);
    expect(source).toMatch(new RegExp(`Default: ${value}\\s+\\*/\\s+${name}\\?:`));
    if (typeof value === 'boolean') continue;
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} `;
    const help = HELP.slice(HELP.indexOf(flag)).split(/\n {2}-/)[0];
    expect(help).toContain(`(default: ${value})`);
  }
});

test('the README has the defaults of the settings, and a row for every flag', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) {
    const shown = value === null || typeof value === 'object' ? 'none' : `\`${value}\``;
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row?.split(' | ')[2], name).toBe(shown);
  }
  const told = ['help', 'version', 'seed'];
  for (const flag of FLAGS.filter((name) => !told.includes(name)))
    expect(readme).toContain(`--${flag}`);
});
