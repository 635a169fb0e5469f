import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { buildContract } from '../build/build-contract.ts';
import { contractSource, dereference, type LooseDocument, parseContract } from './contract.ts';
import { copyContract } from './copy-contract.ts';
import { payloads } from './wire-facts.ts';

const [path, item] = Object.entries<LooseDocument>(dereference(parseContract()).paths)[0] ?? [];
const contractOperation = item.delete;

test('the operation table says what the contract says', async () => {
  await using folder = await copyContract();
  expect(await buildContract(folder.path)).toMatchObject({ ok: true });
  const table = await import(pathToFileURL(join(folder.path, 'dist/operations.js')).href);
  const { parameters, ...rest } = table.closeSession;
  expect(rest).toEqual({
    id: contractOperation.operationId,
    method: 'DELETE',
    path,
    body: null,
    success: { 200: null },
    errors: {
      400: 'Error',
      401: 'Error',
      403: 'ForbiddenError',
      404: 'Error',
      408: 'Error',
      500: 'Error',
    },
  });
  expect(parameters).toEqual(
    contractOperation.parameters.map((parameter: LooseDocument) => {
      const { name, in: place, required, schema } = parameter;
      const { description, ...limits } = schema;
      return { name, in: place, required, rule: description.replace(/\.$/, ''), schema: limits };
    }),
  );
});

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
        return [name, new Ajv2020({ strict: true }).compile(JSON.parse(text))] as const;
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
  const validate = new Ajv2020({ strict: true }).compile(schema);
  const fine = { error_code: 'common.0', error_msg: 'no' };
  expect(validate({ ...fine, cause: { of: fine } })).toBe(true);
  expect(validate({ ...fine, cause: { of: { error_code: 'common.0' } } })).toBe(false);
});

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
  [
    'half a YAML file',
    (source) => `${source.slice(0, 2000)}\n  - [`,
    /sessions\.yaml.*\(\d+:\d+\)/,
  ],
  ['an empty file', () => '', /sessions\.yaml: /],
  [
    'a reference to nothing',
    (source) => source.replace('responses/NotFound', 'responses/Nope'),
    /sessions\.yaml:\d+:\d+[\s\S]*Can't resolve \$ref/,
  ],
  [
    'a limit that is no number',
    (source) => source.replace('maxLength: 36', 'maxLength: many'),
    /sessions\.yaml:\d+:\d+[\s\S]*Expected type `integer`/,
  ],
  [
    'a range of statuses',
    (source) => source.replace("'500':", 'default:'),
    /closeSession: response "default" is not a status\. Name each status by its number/,
  ],
  [
    'a rule without words',
    (source) => source.replaceAll('1 to 36 letters, digits or hyphens.', 'an id'),
    /workspace_id: the description of its schema does not start with a sentence/,
  ],
  [
    'a body that is not JSON',
    (source) => source.replaceAll('application/json', 'text/plain'),
    /only application\/json is supported, not text\/plain/,
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
