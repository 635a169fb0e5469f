/** What `SECURITY.md` promises about the packages that get in here, and the script line that checks it. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { listen } from '@sql-sessions/testing/listen';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkLicenses, checkLockfile } from '../src/check-packages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');
const lockfile = await read('pnpm-lock.yaml');

test('the lockfile names no host and has a digest for everything', () => {
  expect(lockfile.match(/integrity: sha512-/g)?.length).toBeGreaterThan(500);
  expect(lockfile).not.toMatch(/https?:\/\/(?!\S*#)\S*registry/);
  expect(checkLockfile(lockfile)).toEqual([]);
});

const YAML = /( {2}yaml@\d\S*:\n {4}resolution: )\{integrity: \S+\}/;

test.each([
  ['a tarball from elsewhere', '{integrity: sha512-x, tarball: http://localhost/y.tgz}'],
  ['a commit', '{commit: abc, repo: here, type: git}'],
  ['no digest', '{}'],
  ['an old digest', '{integrity: sha1-abc=}'],
])('the lockfile is refused with %s', (_, resolution) => {
  const changed = lockfile.replace(YAML, `$1${resolution}`);
  expect(checkLockfile(changed)).toEqual([
    expect.stringMatching(/^yaml@\S+ has to come from the registry, by a SHA-512 digest alone/),
  ]);
});

test('a lockfile without packages is refused', () => {
  expect(checkLockfile('lockfileVersion: 9')).toEqual(['The lockfile lists no packages.']);
});

test('pnpm is told to refuse what SECURITY.md says, and to run scripts of one package only', async () => {
  const settings = parse(await read('pnpm-workspace.yaml'));
  expect(settings).toMatchObject({
    minimumReleaseAge: 3 * 24 * 60,
    blockExoticSubdeps: true,
    strictDepBuilds: true,
  });
  expect(settings).not.toHaveProperty('minimumReleaseAgeExclude');
  const allowed = Object.entries(settings.allowBuilds).filter(([, may]) => may);
  expect(allowed).toEqual([['node', true]]);
  // What starts pnpm may be another Node; engines are compared with the one that the scripts run in.
  expect(settings.nodeVersion).toBe(settings.catalog.node);
  for (const catalog of [settings.catalog, ...Object.values(settings.catalogs)]) {
    for (const version of Object.values(catalog as object)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
  }
});

test('a license that is not on the list is refused, and so is a list without packages', () => {
  expect(checkLicenses('{ "MIT": [{ "name": "a" }] }')).toEqual([]);
  expect(checkLicenses('{ "MIT": [{ "name": "a" }], "AGPL-3.0": [{ "name": "b" }] }')).toEqual([
    expect.stringContaining('b: the license AGPL-3.0 is not on the list'),
  ]);
  expect(checkLicenses('{ "Unknown": [{ "name": "b" }] }')).toHaveLength(1);
  expect(checkLicenses('{}')).toHaveLength(1);
});

test('pnpm ci:audit asks the registry, and says so where it cannot', async () => {
  let reply: { status: number; body: object } = { status: 405, body: {} };
  const asked: string[] = [];
  const registry = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    response
      .writeHead(reply.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(reply.body));
  });
  const listening = await listen(registry);
  const url = `${listening.url}/`;
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

    reply = { status: 200, body: {} };
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
    reply = { status: 200, body: { yaml: [advisory] } };
    const found = await audit();
    expect(found.stdout).toContain('A hole in yaml');
    expect(found.code).toBe(1);
  } finally {
    await listening[Symbol.asyncDispose]();
  }
  const unreachable = await audit({
    pnpm_config_fetch_retries: '0',
    npm_config_fetch_retries: '0',
  });
  expect(unreachable.stdout).toContain('Warning: Known vulnerabilities were NOT looked up');
  expect(unreachable.code).toBe(0);
});
