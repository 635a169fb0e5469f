/** What `SECURITY.md` promises about the packages that get in here, and the script line that checks it. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { checkLicences, checkLockfile, checkSettings } from '../src/check-lockfile.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');
const lockfile = await read('pnpm-lock.yaml');
const settings = await read('pnpm-workspace.yaml');

test('the lockfile and the settings are as promised', () => {
  expect(lockfile.match(/integrity: sha512-/g)?.length).toBeGreaterThan(500);
  expect(lockfile).not.toMatch(/https?:\/\/(?!\S*#)\S*registry/);
  expect(checkLockfile(lockfile)).toEqual([]);
  expect(checkSettings(settings)).toEqual([]);
});

const YAML = /( {2}yaml@\d\S*:\n {4}resolution: )\{integrity: \S+\}/;

test.each([
  [
    'a tarball from elsewhere',
    YAML,
    '$1{integrity: sha512-x, tarball: http://localhost/y.tgz}',
    'does not come from the registry',
  ],
  ['a commit', YAML, '$1{commit: abc, repo: here, type: git}', 'does not come from the registry'],
  ['no digest', YAML, '$1{}', 'has no SHA-512 digest'],
  ['an old digest', YAML, '$1{integrity: sha1-abc=}', 'has no SHA-512 digest'],
  ['a deprecated version', YAML, '$&\n    deprecated: Use another.', 'is deprecated: Use another.'],
  [
    'a version from git',
    /( {6}yaml:\n {8}specifier: )'catalog:'/,
    '$1github:a/b',
    'asks for yaml as github:a/b',
  ],
  ['a tag', /( {6}yaml:\n {8}specifier: )'catalog:'/, '$1latest', 'asks for yaml as latest'],
  [
    'one system only',
    /^ {2}'@turbo\/(darwin|windows)-\w+@[^']+':\n(?: {4}.*\n)+/gm,
    '',
    '@turbo/ has nothing for darwin, win32',
  ],
])('the lockfile is refused with %s', (_, from, to, problem) => {
  const changed = lockfile.replace(from, to);
  expect(changed).not.toBe(lockfile);
  expect(checkLockfile(changed).join('\n')).toContain(problem);
});

test('a lockfile without packages is refused', () => {
  expect(checkLockfile('lockfileVersion: 9')).toEqual(['The lockfile lists no packages.']);
});

test.each([
  [/minimumReleaseAge: \d+/, 'minimumReleaseAge: 60', 'minimumReleaseAge has to be 4320'],
  [/minimumReleaseAge: \d+/, '', 'minimumReleaseAge has to be 4320'],
  [/minimumReleaseAge: \d+/, '$&\nminimumReleaseAgeExclude: [yaml]', 'lets in what is too new'],
  ['blockExoticSubdeps: true', '', 'blockExoticSubdeps'],
  ['strictDepBuilds: true', 'strictDepBuilds: false', 'strictDepBuilds'],
  ['esbuild: false', 'esbuild: true', 'lets esbuild run code'],
  [/vite: [\d.]+/, 'vite: ^8.0.0', 'vite as ^8.0.0'],
])('the settings are refused: %s → %s', (from, to, problem) => {
  const changed = settings.replace(from, to);
  expect(changed).not.toBe(settings);
  expect(checkSettings(changed).join('\n')).toContain(problem);
});

test('a licence that is not on the list is refused, and so is a list without packages', () => {
  expect(checkLicences('{ "MIT": [{ "name": "a" }] }')).toEqual([]);
  expect(checkLicences('{ "MIT": [{ "name": "a" }], "AGPL-3.0": [{ "name": "b" }] }')).toEqual([
    expect.stringContaining('b: the licence AGPL-3.0 is not on the list'),
  ]);
  expect(checkLicences('{ "Unknown": [{ "name": "b" }] }')).toHaveLength(1);
  expect(checkLicences('{}')).toHaveLength(1);
});

test('pnpm ci:audit asks the registry, and says so where it cannot', async () => {
  let answer: { status: number; body: object } = { status: 405, body: {} };
  const asked: string[] = [];
  const registry = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  }).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
  const audit = (env: Record<string, string | undefined> = {}) =>
    run('pnpm', ['--config.verify-deps-before-run=false', 'run', 'ci:audit'], {
      cwd: root,
      env: {
        GITHUB_ACTIONS: undefined,
        pnpm_config_registry: url,
        npm_config_registry: url,
        ...env,
      },
    });
  try {
    const refused = await audit({ GITHUB_ACTIONS: 'true' });
    expect(refused.stdout).toMatch(
      /^::warning title=Audit::Known vulnerabilities were NOT looked up: .* responded with 405\./m,
    );
    expect(refused.code).toBe(0);
    expect(asked).toEqual(['POST /-/npm/v1/security/advisories/bulk']);

    answer = { status: 200, body: {} };
    const clean = await audit();
    expect(clean.stdout).not.toContain('NOT looked up');
    expect(clean.code, clean.stdout).toBe(0);

    const advisory = {
      id: 1,
      url: 'http://localhost/advisory',
      title: 'A hole in yaml',
      severity: 'high',
      vulnerable_versions: '>=0',
      cwe: [],
      cvss: { score: 9, vectorString: null },
    };
    answer = { status: 200, body: { yaml: [advisory] } };
    const found = await audit();
    expect(found.stdout).toContain('A hole in yaml');
    expect(found.code).toBe(1);
  } finally {
    registry.closeAllConnections();
    registry.close();
  }
  const unreachable = await audit({
    pnpm_config_fetch_retries: '0',
    npm_config_fetch_retries: '0',
  });
  expect(unreachable.stdout).toContain('Warning: Known vulnerabilities were NOT looked up');
  expect(unreachable.code).toBe(0);
});
