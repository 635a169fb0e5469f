import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFixture, readRenamedFixture, writeContract } from '@sql-sessions/testing/contracts';
import { editYaml, limitIds, operationsOf } from '@sql-sessions/testing/edit-yaml';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { buildContract } from '../build/build-contract.ts';
import { createAjv } from './ajv.ts';
import { contractSource, parseContract } from './contract.ts';
import { copyContract } from './copy-contract.ts';
import { payloads } from './wire-facts.ts';

test('the bundle is the contract, in JSON and in YAML', async () => {
  await using folder = await copyContract();
  await buildContract(folder.path);
  const json = JSON.parse(await readFile(join(folder.path, 'dist/openapi.json'), 'utf8'));
  const yaml = parse(await readFile(join(folder.path, 'dist/openapi.yaml'), 'utf8'));
  expect(json).toEqual(parseContract());
  expect(yaml).toEqual(json);
});

test('each component schema stands alone: Ajv compiles the one file, and the payloads are valid by it', async () => {
  await using folder = await copyContract();
  await buildContract(folder.path);
  const names = (await readdir(join(folder.path, 'dist/schemas'))).map((name) =>
    name.replace('.json', ''),
  );
  expect(names.sort()).toEqual(Object.keys(parseContract().components.schemas).sort());
  const validators = new Map(
    await Promise.all(
      names.map(async (name) => {
        const text = await readFile(join(folder.path, `dist/schemas/${name}.json`), 'utf8');
        return [name, createAjv().compile(JSON.parse(text))] as const;
      }),
    ),
  );
  for (const [status, payload] of Object.entries(payloads)) {
    const [fits, other] =
      status === '403' ? ['ForbiddenError', 'Error'] : ['Error', 'ForbiddenError'];
    expect(validators.get(fits)?.(JSON.parse(payload)), `${status} by ${fits}`).toBe(true);
    expect(validators.get(other)?.(JSON.parse(payload)), `${status} by ${other}`).toBe(false);
  }
});

test('a schema that refers to another brings it along', async () => {
  await using folder = await copyContract();
  const contract = parseContract();
  const { schemas } = contract.components;
  schemas.Cause = {
    description: 'The error behind another one.',
    type: 'object',
    properties: { of: { $ref: '#/components/schemas/Error' } },
  };
  schemas.Error.properties.cause = { $ref: '#/components/schemas/Cause' };
  await writeFile(join(folder.path, 'sessions.yaml'), stringify(contract));
  expect(await buildContract(folder.path)).toMatchObject({ ok: true });
  const schema = JSON.parse(await readFile(join(folder.path, 'dist/schemas/Error.json'), 'utf8'));
  expect(Object.keys(schema.$defs).sort()).toEqual(['Cause', 'Error']);
  const validate = createAjv().compile(schema);
  const fine = { error_code: 'common.0', error_msg: 'no' };
  expect(validate({ ...fine, cause: { of: fine } })).toBe(true);
  expect(validate({ ...fine, cause: { of: { error_code: 'common.0' } } })).toBe(false);
});

test.each(['family', 'warehouses', 'uploads', 'everything'] as const)(
  '%s builds, and strict Ajv compiles its schemas',
  async (name) => {
    await using folder = await copyContract();
    for (const document of [readFixture(name), readRenamedFixture(name)]) {
      await writeContract(folder.path, document);
      expect(await buildContract(folder.path)).toMatchObject({ ok: true });
      const files = await readdir(join(folder.path, 'dist/schemas'));
      expect(files.map((file) => file.replace('.json', '')).sort()).toEqual(
        Object.keys(document.components.schemas ?? {}).sort(),
      );
      for (const file of files) {
        const schema = JSON.parse(await readFile(join(folder.path, 'dist/schemas', file), 'utf8'));
        expect(() => createAjv().compile(schema), file).not.toThrow();
      }
    }
  },
);

test('building again writes nothing, and what is no longer derived goes', async () => {
  await using folder = await copyContract();
  await buildContract(folder.path);
  const before = await stat(join(folder.path, 'dist/openapi.json'));
  expect(await buildContract(folder.path)).toMatchObject({ changed: [] });
  expect((await stat(join(folder.path, 'dist/openapi.json'))).mtimeMs).toBe(before.mtimeMs);
  await writeFile(join(folder.path, 'dist/schemas/Gone.json'), '{}');
  expect(await buildContract(folder.path)).toMatchObject({ changed: ['schemas/Gone.json'] });
});

const broken: [string, (source: string) => string, RegExp][] = [
  ['a YAML file with half a list', (source) => `${source}\n[`, /^sessions\.yaml:\d+:\d+: /],
  ['an empty file', () => '', /^sessions\.yaml: it is empty\. Expected OpenAPI 3\.1\.$/],
  ['a list', () => '- a', /^sessions\.yaml: it is a list\. Expected OpenAPI 3\.1\.$/],
  [
    'another version',
    (source) => editYaml(source, (contract) => Object.assign(contract, { openapi: '3.0.3' })),
    /^sessions\.yaml:1:1: it is OpenAPI 3\.0\.3\. Expected OpenAPI 3\.1\.$/,
  ],
  [
    'a reference to nothing',
    (source) =>
      editYaml(source, (contract) => {
        operationsOf(contract).closeSession.responses.default = {
          $ref: '#/components/responses/Nope',
        };
      }),
    /sessions\.yaml:\d+:\d+[\s\S]*Can't resolve \$ref/,
  ],
  [
    'a limit that is not a number',
    (source) => editYaml(source, limitIds('many')),
    /sessions\.yaml:\d+:\d+[\s\S]*Expected type `integer`/,
  ],
];

test.each(broken)('%s is reported and leaves dist as it was', async (_name, breakIt, message) => {
  await using folder = await copyContract();
  await buildContract(folder.path);
  const before = await readFile(join(folder.path, 'dist/openapi.json'), 'utf8');
  const source = breakIt(contractSource);
  expect(source).not.toBe(contractSource);
  await writeFile(join(folder.path, 'sessions.yaml'), source);
  const result = await buildContract(folder.path);
  expect(result).toMatchObject({ ok: false, report: expect.stringMatching(message) });
  expect(result).not.toMatchObject({ report: expect.stringMatching(/\n\s+at .*:\d+:\d+/) });
  expect(await readFile(join(folder.path, 'dist/openapi.json'), 'utf8')).toBe(before);
});
