import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixturePath } from '@sql-sessions/testing/contracts';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { lintContract } from '../build/lint-contract.ts';
import { specFolder } from './contract.ts';
import { copyContract } from './copy-contract.ts';

/** What the contract says may change; of the fixture these tests know every line. */
const family = await readFile(fixturePath('family'), 'utf8');

const lint = (folder: string) =>
  run(process.execPath, [join(specFolder, 'build/main.ts'), '--lint', folder]);

test('the contract has no problem, not even a warning', async () => {
  await using folder = await copyContract();
  expect(await lint(folder.path)).toMatchObject({ code: 0, stdout: '', stderr: '' });
});

test.each(['family', 'warehouses', 'uploads', 'everything'] as const)(
  '%s could be the contract',
  async (name) => {
    await using folder = await copyContract();
    await cp(fixturePath(name), join(folder.path, 'sessions.yaml'));
    expect((await lintContract(folder.path)).report).toBe('');
  },
);

test('lint fails on rules of Redocly, of the house and on keywords at once, each with its line', async () => {
  await using folder = await copyContract();
  const broken = family
    .replace('+$', '+')
    .replace('createSession', 'create_session')
    .replace('in: header', 'in: cookie')
    .replace('minLength: 8', 'minLenght: 8');
  await writeFile(join(folder.path, 'sessions.yaml'), broken);
  const { code, stderr } = await lint(folder.path);
  expect(code).toBe(1);
  const line = (text: string) => broken.slice(0, broken.indexOf(text)).split('\n').length;
  const problems = [...stderr.matchAll(/sessions\.yaml:(\d+):\d+ at[\s\S]*?by the (\S+) rule/g)];
  expect(problems.map(([, at, rule]) => [Number(at), rule])).toEqual(
    expect.arrayContaining([
      [line('create_session'), 'rule/operation-id-verb-noun'],
      [line('in: cookie'), 'contract/supported-keywords'],
      [line('A-Za-z0-9-]+\n'), 'contract/path-parameter-limits'],
      [line('minLenght'), 'struct'],
    ]),
  );
  expect(stderr).toMatch(/`in: cookie` is not supported by types and client\. .* Use a header/);
});

test.each([
  ['then: { required: [unknown] }', ''],
  ['if: { required: [unknown] }\n      else: { required: [unknown] }', ''],
  ['not: { anyOf: [{ required: [unknown] }, { required: [other] }] }', ''],
  ['dependentSchemas: { error_code: { required: [unknown] } }', ''],
  ['required: [unknown]', 'unknown'],
  ['properties: { then: { type: object, required: [unknown] } }', 'unknown'],
])('what a condition requires may be described outside of it: %s', async (keywords, reported) => {
  await using folder = await copyContract();
  const place = '\n  schemas:\n';
  const schema = `    Probe:\n      type: object\n      ${keywords}\n`;
  await writeFile(join(folder.path, 'sessions.yaml'), family.replace(place, place + schema));
  const { report } = await lintContract(folder.path);
  expect(report.match(/Required property '(\w+)' is not defined/)?.[1] ?? '').toBe(reported);
});

test.each([
  ['deprecated: true', 'deprecated', 'says until which day it works'],
  ['deprecated: true\n      x-sunset: 2027-02-30', 'x-sunset', 'says until which day it works'],
  ['deprecated: true\n      x-sunset: soon', 'x-sunset', 'YYYY-MM-DD'],
  ['x-sunset: 2027-06-01', 'x-sunset', 'add `deprecated: true`, or take the day away'],
  ["deprecated: true\n      x-sunset: '2027-06-01'", '', ''],
  ['deprecated: true\n      x-sunset: 2027-06-01', '', ''],
])('how long something deprecated works is asked for: %s', async (said, at, problem) => {
  await using folder = await copyContract();
  const operation = /^ {6}operationId:/m;
  await writeFile(
    join(folder.path, 'sessions.yaml'),
    family.replace(operation, `      ${said}\n      operationId:`),
  );
  const { report } = await lintContract(folder.path);
  expect(report).toContain(problem);
  if (problem === '') expect(report).toBe('');
  else expect(report).toMatch(new RegExp(`sessions\\.yaml:\\d+:\\d+ at #/paths/\\S+/${at}`));
});

test.each([
  ['', 'sessions.yaml: it is empty. Expected OpenAPI 3.1.\n'],
  ['openapi: 3.1.0\n  : [', /^sessions\.yaml:\d+:\d+: .+\n$/],
  ['a: 1\na: 2', 'sessions.yaml:2:1: duplicated mapping key\n'],
  ['openapi:', 'sessions.yaml:1:1: it is OpenAPI null. Expected OpenAPI 3.1.\n'],
  ['openapi: 3.1.0\na: !!binary aGk=', /^sessions\.yaml:2:4: it has !!binary\..+\n$/],
  ['openapi: 3.1.0\na: .nan', /^sessions\.yaml:2:1: JSON has no number NaN\..+\n$/],
  ['a: 1\n---\na: 2', /^sessions\.yaml:2:1: expected a single document.+\n$/],
  ['openapi: 3.1.0\na: x\xe9', 'sessions.yaml:2:5: it is not UTF-8. Save it as UTF-8.\n'],
  [
    'openapi: 3.1.0\na: &a\n  b: *a',
    /^sessions\.yaml:3:3: an alias .+ Use a \$ref to a component\.\n$/,
  ],
  [
    "openapi: 3.1.0\na: { $ref: '#/b' }\nb: { $ref: '#/a' }",
    /^sessions\.yaml:2:6: the \$ref leads back .+\nsessions\.yaml:3:6: the \$ref .+\n$/,
  ],
])('a file %j is a problem in one line, and no stack trace', async (text, said) => {
  await using folder = await copyContract();
  await writeFile(join(folder.path, 'sessions.yaml'), text, 'latin1');
  const { code, stderr } = await lint(folder.path);
  expect(code).toBe(1);
  expect(stderr).toEqual(typeof said === 'string' ? said : expect.stringMatching(said));
});

test.each([
  [/^servers:\n(?: .*\n)+/m, 'servers: [null]\n', '#/servers/0'],
  [
    /\n {2}schemas:\n/,
    '$&    Probe: { description: It., oneOf: {}, properties: { a: { required: [b] } } }\n',
    '#/components/schemas/Probe/oneOf',
  ],
])('where a rule would throw at a wrong type, that type has its line: %s', async (from, to, at) => {
  await using folder = await copyContract();
  const broken = family.replace(from, to);
  expect(broken).not.toBe(family);
  const more = broken.replace('in: header', 'in: cookie');
  await writeFile(join(folder.path, 'sessions.yaml'), more);
  const { report } = await lintContract(folder.path);
  expect(report).toMatch(new RegExp(`sessions\\.yaml:\\d+:\\d+ at ${at}\\s+Expected type`));
  expect(report).toContain('`in: cookie` is not supported');
});

test.each([
  ['multipleOf: 0', '/multipleOf', '`multipleOf` must be > 0'],
  ['type: []', '/type', '`type` must NOT have fewer than 1 items'],
  ['prefixItems: []', '/prefixItems', '`prefixItems` must NOT'],
  ['dependentRequired: { a: [b, b] }', '/dependentRequired/a', '`dependentRequired/a` must NOT'],
  ['type: integer\n      default: x', '/default', 'The default must be integer'],
  ['maximum: 5\n      default: 9', '/default', 'The default must be <= 5'],
  ['items: { type: integer }\n      not: { type: string }\n      default: [x]', '', ''],
  ['type: number\n      multipleOf: 0.01\n      default: 19.99', '', ''],
  ['$schema: https://spec.openapis.org/oas/3.1/dialect/base\n      type: string', '', ''],
  ['properties: { id: { readOnly: true } }\n      required: [id]\n      default: { n: 1 }', '', ''],
  [
    'type: [string, "null"]\n      oneOf: [{ maxLength: 3 }, { minLength: 4 }]\n      default: null',
    '',
    '',
  ],
])(
  'what JSON Schema does not allow is a problem, and what it allows is none: %s',
  async (keywords, at, said) => {
    await using folder = await copyContract();
    const place = '\n  schemas:\n';
    const schema = `    Probe:\n      description: It.\n      ${keywords}\n`;
    await writeFile(join(folder.path, 'sessions.yaml'), family.replace(place, place + schema));
    const { report } = await lintContract(folder.path);
    expect(report).not.toContain('no schema with key');
    const problems = report.split(/^(?=\[\d+\] )/m).filter((one) => /json-schema rule/.test(one));
    expect(problems).toEqual(
      said === '' ? [] : [expect.stringContaining(`at #/components/schemas/Probe${at}\n\n${said}`)],
    );
  },
);

test('rules that cannot be read, a folder that is not there and a wrong flag are a line each', async () => {
  await using folder = await copyContract();
  await writeFile(join(folder.path, 'redocly.yaml'), 'rules: [');
  const rules = await lint(folder.path);
  expect([rules.code, rules.stderr]).toEqual([1, expect.stringMatching(/^redocly\.yaml:.+\n$/)]);
  const nowhere = await lint(join(folder.path, 'nowhere'));
  expect([nowhere.code, nowhere.stderr]).toEqual([
    1,
    expect.stringMatching(/^redocly\.yaml: .+\n$/),
  ]);
  const flag = await lint('--nonsense');
  expect([flag.code, flag.stderr]).toEqual([2, expect.stringMatching(/^Unknown option .+\n$/)]);
});

test('a keyword in another file is refused there', async () => {
  await using folder = await copyContract();
  await writeFile(
    join(folder.path, 'sessions.yaml'),
    family.replace("'#/components/schemas/WorkspaceId'", './more.yaml#/Id'),
  );
  const more = 'Id:\n  type: string\n  pattern: ^a$\n  $anchor: id\n';
  await writeFile(join(folder.path, 'more.yaml'), more);
  const { report, files } = await lintContract(folder.path);
  expect(report).toMatch(/more\.yaml:4:\d+ at #\/Id\/\$anchor\s+`\$anchor` is not supported by/);
  expect(files).toContain(join(folder.path, 'more.yaml'));
});
