import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readFixture } from '@sql-sessions/testing/contracts';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { expect, test } from 'vitest';
import { printOperationTable } from '../build/operation-table.ts';
import { type OperationRow, readContract, toRow } from '../src/model.ts';
import { parseContract, specFolder } from './contract.ts';

async function load(document: object) {
  await using folder = await temporaryFolder();
  const contract = readContract(document);
  const code = printOperationTable(contract);
  await cp(join(specFolder, 'dist/model'), join(folder.path, 'model'), { recursive: true });
  await writeFile(join(folder.path, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder.path, 'operations.js'), code);
  const url = pathToFileURL(join(folder.path, 'operations.js')).href;
  const table: Record<string, OperationRow> = await import(url);
  return { contract, code, table };
}

/** A row with the texts that its encoders write in the place of the encoders. */
function withoutFunctions(row: OperationRow | undefined): unknown {
  return JSON.parse(
    JSON.stringify(row, (_, value) => (typeof value === 'function' ? 'a function' : value)),
  );
}

test.each(['family', 'warehouses', 'uploads', 'everything'] as const)(
  'what is printed for %s is what the model says, one export per operation',
  async (name) => {
    const { contract, table } = await load(readFixture(name));
    expect(Object.keys(table).sort()).toEqual(contract.operations.map(({ id }) => id).sort());
    for (const operation of contract.operations) {
      expect(withoutFunctions(table[operation.id])).toEqual(
        withoutFunctions(toRow(contract, operation)),
      );
    }
  },
);

test('the row of an operation says what the contract says', async () => {
  const { contract, table } = await load(parseContract());
  const [operation] = contract.operations;
  const row = table[operation?.id ?? ''];
  expect(row).toMatchObject({
    id: operation?.id,
    method: operation?.method,
    path: operation?.path,
  });
  expect(row?.parameters.map(({ name }) => name)).toEqual(
    operation?.parameters.map(({ name }) => name),
  );
  expect(Object.keys(row?.responses ?? {})).toEqual(operation?.responses.map((one) => one.status));
});

test('rows of a contract of every kind', async () => {
  const { table } = await load(readFixture('everything'));
  expect(table.readOpen?.security).toEqual([]);
  expect(table.readBearer?.security).toEqual([
    [{ scheme: 'Bearer', header: 'Authorization', prefix: 'Bearer ' }],
  ]);
  expect(table.readBoth?.security.map((all) => all.map(({ header }) => header))).toEqual([
    ['X-Api-Key', 'Authorization'],
  ]);
  expect(table.deleteItem?.security.map((all) => all.length)).toEqual([1, 1, 0]);
  expect(table.countItems?.responses).toEqual({ 200: {}, '4XX': {} });
  expect(table.countItems?.accept).toBe('*/*');
  expect(table.showPicture?.accept).toContain('image/png');
  expect(table.deleteItem?.responses[204]).toEqual({});
  expect(table.showPicture?.responses[200]).toEqual({ 'image/png': { as: 'binary' } });
  expect(table.listItems?.responses.default).toEqual({
    'application/problem+json': { as: 'json', required: ['title'] },
    'text/plain': { as: 'text' },
  });
  expect(Object.keys(table.sendText?.body?.types ?? {})).toEqual([
    'application/json',
    'text/plain',
  ]);
  const top = table.listItems?.parameters.find(({ name }) => name === '$top');
  expect(top).toEqual({
    name: '$top',
    in: 'query',
    required: false,
    rule: 'an integer at least 1 and at most 50 in the format int32',
    type: 'integer',
    accepts: expect.any(Function),
  });
});

test('a row imports the encoders that it needs and no others', async () => {
  const operation = (parameter: object) => ({
    openapi: '3.1.0',
    paths: { '/a': { get: { operationId: 'listA', parameters: [parameter], responses: {} } } },
  });
  const scalar = { name: 'p', in: 'query', schema: { type: 'string' } };
  expect((await load(operation(scalar))).code).toMatch(/^import \{ isText as \$isText \}/);
  const deep = { ...scalar, style: 'deepObject', schema: { type: 'object' } };
  expect((await load(operation(deep))).code).toMatch(
    /^import \{ deepObject as \$deepObject, matches as \$matches \}/,
  );
});

test('a schema that contains itself ends where it begins again', async () => {
  const inner = { $ref: '#/components/schemas/Tree' };
  const { table } = await load({
    openapi: '3.1.0',
    paths: {
      '/a': {
        get: {
          operationId: 'listA',
          parameters: [{ name: 'p', in: 'query', schema: inner }],
          responses: {},
        },
      },
    },
    components: { schemas: { Tree: { type: 'object', properties: { inner } } } },
  });
  const accepts = table.listA?.parameters[0]?.accepts;
  expect([{ inner: { inner: 1 } }, { inner: {} }, 1].map((value) => accepts?.(value))).toEqual([
    true,
    true,
    false,
  ]);
});
