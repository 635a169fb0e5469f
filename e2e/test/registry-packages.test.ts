import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { pack, temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Manifest, publishedPackages, ROOT } from '../src/published-packages.ts';

const packages = await publishedPackages();
/** What has a form for tools that load no ES modules. */
const DUAL = ['@sql-sessions/contract', '@sql-sessions/client'];
const LIFECYCLE = ['preinstall', 'install', 'postinstall', 'prepublish', 'prepare'];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder?.[Symbol.asyncDispose]());

const FILES = ['LICENSE', 'README.md', 'package.json', 'dist/**.js', 'dist/**.d.ts'];
const OWN_FILES: Readonly<Record<string, string[]>> = {
  client: [
    'core/package.json',
    'dist/**.json',
    'openapi-fetch/package.json',
    'testing/package.json',
  ],
  contract: [
    'arazzo.yaml',
    'changelog.json',
    'dist/**.json',
    'dist/**.yaml',
    'loopback/package.json',
    'model/package.json',
    'openapi.yaml',
    'operations/package.json',
    'raw/package.json',
  ],
  mock: ['bin/sql-sessions-mock.js', 'dist/**.css', 'dist/**.html', 'dist/**.json', 'dist/**.md'],
  conformance: [
    'bin/sql-sessions-conformance.js',
    'known/mock.json',
    'known/prism.json',
    'setup-protocol.yaml',
  ],
};

test('the published packages are the ones of the fixed group', async () => {
  const config = JSON.parse(await readFile(join(ROOT, '.changeset/config.json'), 'utf8'));
  expect(config.fixed).toEqual([['@sql-sessions/{contract,client,mock,conformance}']]);
  expect(packages.map(({ manifest }) => manifest.name).sort()).toEqual(
    ['client', 'conformance', 'contract', 'mock'].map((name) => `@sql-sessions/${name}`),
  );
});

describe.each(packages)('$manifest.name', ({ folder: source, manifest }) => {
  let bytes: Buffer;
  let packed: ReturnType<typeof createPackageFromTarballData>;
  let published: Manifest;
  beforeAll(async () => {
    bytes = await readFile(await pack(join(ROOT, source), folder.path));
    packed = createPackageFromTarballData(bytes);
    published = JSON.parse(packed.readFile(`/node_modules/${manifest.name}/package.json`));
  });

  test('holds nothing but what is built, and what npm asks for', () => {
    const prefix = `/node_modules/${manifest.name}/`;
    const files = packed.listFiles().map((file) => file.slice(prefix.length));
    const name = manifest.name.slice(manifest.name.indexOf('/') + 1);
    // What dist holds follows from the sources and from the contract: only its kinds of files are listed.
    const kinds = files.map((file) => file.replace(/^dist\/.*?((\.d)?\.[a-z]+)$/, 'dist/**$1'));
    expect([...new Set(kinds)].sort()).toEqual([...FILES, ...(OWN_FILES[name] ?? [])].sort());
  });

  test('holds the licence of the repository and a README that starts with an example', async () => {
    const read = (file: string) => packed.readFile(`/node_modules/${manifest.name}/${file}`);
    expect(read('LICENSE')).toBe(await readFile(join(ROOT, 'LICENSE'), 'utf8'));
    expect(read('README.md')).toMatch(/^# @sql-sessions\/\w+\n\n[^#]+?```(ts|sh)\n/);
  });

  test('gives the same bytes when it is packed again', async () => {
    const again = await readFile(await pack(join(ROOT, source), folder.path));
    expect(again.equals(bytes)).toBe(true);
  });

  test('says in its manifest what strangers need to know', () => {
    expect(published.license).toBe('Apache-2.0');
    expect(published.type).toBe('module');
    expect(published.repository).toEqual({
      type: 'git',
      url: 'git+https://github.com/sql-sessions/sql-sessions.git',
      directory: source,
    });
    // What is published has every entry but those that the other packages of this repository use.
    const { './build': _, './versioning': __, ...entries } = manifest.exports;
    expect(published.exports).toEqual(entries);
    for (const [entry, target] of Object.entries(published.exports)) {
      const conditions = DUAL.includes(manifest.name)
        ? ['import', 'require']
        : ['types', 'default'];
      if (typeof target === 'string') expect(target, entry).toMatch(/\.(json|yaml)$/);
      else expect(Object.keys(target), entry).toEqual(conditions);
    }
    expect(published.homepage).toMatch(/^https:/);
    // The bundlers of those who put it into a page have to know; a bin and a test kit are not bundled.
    if (published.bin === undefined) expect(published.sideEffects).toBe(false);
    else expect(published.engines?.node).toMatch(/^>=2\d/);
    expect(Object.keys(published.scripts ?? {}).filter((name) => LIFECYCLE.includes(name))).toEqual(
      [],
    );
    for (const [name, range] of Object.entries(published.dependencies ?? {})) {
      expect(range, name).toMatch(/^\^?\d+\.\d+\.\d+$/);
    }
  });

  test('publint finds nothing', async () => {
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages, pkg } = await publint({
      pack: { tarball: tarball as ArrayBuffer },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test('the types of every entry are right', async () => {
    const result = await checkPackage(packed);
    if (result.types === false) throw new Error('It has no types.');
    const entries = Object.entries(published.exports).filter(([, to]) => typeof to !== 'string');
    for (const [entry] of entries) expect(result.entrypoints[entry]?.hasTypes, entry).toBe(true);
    const problems = result.problems.filter((problem) => {
      // Entries that are data.
      if ('entrypoint' in problem && /\.(yaml|json)$/.test(problem.entrypoint)) return false;
      if (DUAL.includes(manifest.name)) return true;
      // The others are ES modules by design: an old `require` cannot load them, and TypeScript says so by its own error.
      return (
        problem.kind !== 'CJSResolvesToESM' &&
        !('resolutionKind' in problem && problem.resolutionKind === 'node10')
      );
    });
    expect(problems).toEqual([]);
  });
});

test('what Backstage reads leads to the contract', async () => {
  const { kind, spec } = parse(await readFile(join(ROOT, 'catalog-info.yaml'), 'utf8'));
  expect([kind, spec.type]).toEqual(['API', 'openapi']);
  const contract = parse(await readFile(join(ROOT, spec.definition.$text), 'utf8'));
  expect(contract.openapi).toMatch(/^3\.1/);
});

test('a command writes the bill of materials of each package', async () => {
  const { code, stderr } = await run('pnpm', ['run', 'release:sbom'], { cwd: ROOT });
  expect(code, stderr).toBe(0);
  for (const { manifest } of packages) {
    const name = manifest.name.slice(1).replace('/', '-');
    const file = join(ROOT, '.release', `${name}-${manifest.version}.cdx.json`);
    const bill = JSON.parse(await readFile(file, 'utf8'));
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { version: manifest.version } },
    });
    const components = bill.components as { group?: string; name: string }[];
    const listed = components.map(({ group, name }) =>
      group === undefined ? name : `${group}/${name}`,
    );
    expect(listed).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies ?? {})));
  }
});
