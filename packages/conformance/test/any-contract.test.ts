import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { readContract } from '@sql-sessions/contract/model';
import { readFixture, readRenamedFixture } from '@sql-sessions/testing/contracts';
import { listen } from '@sql-sessions/testing/listen';
import { slow } from '@sql-sessions/testing/slow';
import { expect, test } from 'vitest';
import { breakRules } from '../src/values/broken.ts';
import { sampleValid } from '../src/values/sample.ts';
import { Schemas } from '../src/values/schemas.ts';
import { verify } from '../src/verify.ts';
import { startModelServer } from './server/model-server.ts';

const contracts = [
  ['family, renamed and in reverse', readRenamedFixture('family')],
  ['warehouses', readFixture('warehouses')],
  ['uploads', readFixture('uploads')],
  ['everything', readFixture('everything')],
] as const;
const others = [
  ['family', readFixture('family')],
  ['everything, renamed and in reverse', readRenamedFixture('everything')],
] as const;

test.for(slow ? [...contracts, ...others] : contracts)(
  '%s: no false alarm, and every operation is checked',
  async ([, contract]) => {
    await using server = await startModelServer(contract);
    const { report } = await verify({
      baseUrl: server.url,
      contract,
      setup: () => server.setup(),
      level: 'http',
      runs: 5,
    });
    const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
    expect(
      failed.map(({ id, operation, findings }) => [id, operation, findings[0]?.message]),
    ).toEqual([]);
    expect(report).toMatchObject({ ok: true, cutShort: null });
    const passed = (id: string) =>
      report.checks.filter((check) => check.id === id && check.outcome === 'passed').length;
    const operations = Object.values(contract.paths).flatMap((item) =>
      Object.values(item).flatMap(
        (operation) => (operation as { operationId?: string }).operationId ?? [],
      ),
    );
    expect(passed('success')).toBeGreaterThanOrEqual(operations.length);
  },
);

test('an id without limits is not held to any, but for what cannot be decoded', async () => {
  const get = {
    operationId: 'showAny',
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
    responses: { 204: { description: 'There.' }, 400: { description: 'No.' } },
  };
  const contract = {
    openapi: '3.1.0',
    info: { title: 'Any', version: '1' },
    paths: { '/any/{id}': { get } },
  };
  await using server = await listen(
    createServer(({ url = '' }, response) => {
      const [, id] = /^\/any\/([^/?]+)$/.exec(url) ?? [];
      response.writeHead(id === undefined ? 404 : isDecodable(id) ? 204 : 400).end();
    }),
  );
  const { report } = await verify({ baseUrl: server.url, contract, seed: 1, level: 'contract' });
  const ids = report.checks.filter(({ id }) => id.startsWith('id-'));
  expect(ids.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(ids.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id)).toContain(
    'id-malformed-escape',
  );
  expect(ids.find(({ id }) => id === 'id-characters')?.reason).toBe('any such id is allowed');
});

test('a choice of nothing, the widest range, a long pattern and a body that HTTP does not send are gone through', async () => {
  const c = { type: 'integer', minimum: -(2 ** 63), maximum: 2 ** 63 };
  const hash = { type: 'string', pattern: '^[0-9a-f]{64}$' };
  const d = { type: 'object', properties: { hash, short: { ...hash, maxLength: 5 } } };
  const schema = { type: 'object', properties: { a: { enum: [] }, b: { oneOf: [] }, c, d } };
  const content = { 'application/json': { schema } };
  const post = {
    operationId: 'sendNone',
    parameters: [{ name: 'none', in: 'query', schema: { type: 'string', enum: [] } }],
    requestBody: { content },
    responses: { 204: { description: 'Done.', content }, 400: { description: 'No.' } },
  };
  const contract = {
    openapi: '3.1.0',
    info: { title: 'None', version: '1' },
    paths: { '/none': { post } },
  };
  await using server = await listen(
    createServer((request, response) => {
      request.resume();
      response.writeHead(/^\/none(\?|$)/.test(request.url ?? '') ? 204 : 404).end();
    }),
  );
  const { report } = await verify({ baseUrl: server.url, contract, seed: 1, runs: 3 });
  const failed = report.checks.filter(
    ({ id, outcome }) => outcome === 'failed' && /^response-/.test(id),
  );
  expect(failed).toEqual([]);
  expect(report.error).toBeNull();
});

test('what is not written in one way is not tried, and what other versions and languages have is judged', async () => {
  const items = { type: 'object', properties: { a: { type: 'integer' } } };
  const get = {
    operationId: 'listAll',
    parameters: [
      { name: 'X-List', in: 'header', schema: { type: 'array', items, minItems: 1 } },
      { name: 'at', in: 'query', schema: { type: 'string', pattern: '^\\@{x}$' } },
      { name: 'perl', in: 'query', schema: { nullable: true, type: 'string', pattern: '(?i)a' } },
      { name: 'url', in: 'query', schema: { nullable: true, oneOf: [{ format: 'url' }] } },
    ],
    responses: { 204: { description: 'There.' }, 400: { description: 'No.' } },
  };
  const info = { title: 'Lists', version: '1' };
  const contract = { openapi: '3.1.0', info, paths: { '/all': { get } } };
  await using server = await listen(
    createServer(({ url = '', headers }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      const isRead = /^@{x}$/.test(searchParams.get('at') ?? '@{x}') && !headers['x-list'];
      response.writeHead(pathname !== '/all' ? 404 : isRead ? 204 : 400).end();
    }),
  );
  const only = ['value-accepted'];
  const { report } = await verify({ baseUrl: server.url, contract, seed: 1, only });
  expect(report.checks.map(({ outcome }) => outcome)).toEqual(['passed']);
  expect(report.notes.filter((note) => note.includes('cannot be judged'))).toEqual([]);
});

test('ids that are all short are not tried on what changes something, and the run ends', async () => {
  const id = { name: 'ip', in: 'path', required: true };
  const operation = (operationId: string, schema: object) => ({
    operationId,
    parameters: [{ ...id, schema: { type: 'string', ...schema } }],
    responses: { 204: { description: 'Gone.' }, 404: { description: 'No.' } },
  });
  const contract = {
    openapi: '3.1.0',
    info: { title: 'Addresses', version: '1' },
    paths: {
      '/ips/{ip}': { delete: operation('release', { format: 'ipv4' }) },
      '/tags/{ip}': { delete: operation('untag', { maxLength: 10 }) },
      // What it allows is one character over and over.
      '/rows/{ip}': { get: operation('findRow', { pattern: '^([a-z])\\1*$' }) },
    },
  };
  await using server = await listen(
    createServer(({ url = '' }, response) => {
      response.writeHead(/^\/(ips|tags|rows)\/[^/]+$/.test(url) ? 204 : 404).end();
    }),
  );
  const only = ['id-limits-accepted'];
  const { report } = await verify({ baseUrl: server.url, contract, seed: 1, only });
  expect(report.checks.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ['not-exercised', 'any such id could be somebody’s'],
    ['not-exercised', 'any such id could be somebody’s'],
    ['passed', ''],
  ]);
});

test('a body says which of the alternatives it is, as the contract calls it', async () => {
  const alternative = (field: string) => {
    const properties = { kind: { type: 'string' }, [field]: { type: 'string' } };
    return { type: 'object', required: ['kind', field], properties };
  };
  const schemas = { Cat: alternative('meow'), Dog: alternative('bark') };
  const $ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const schema = {
    oneOf: [$ref('Cat'), $ref('Dog')],
    discriminator: { propertyName: 'kind', mapping: { cat: $ref('Cat').$ref } },
  };
  const post = {
    operationId: 'adopt',
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: { 204: { description: 'Adopted.' }, 400: { description: 'No.' } },
  };
  const info = { title: 'Animals', version: '1' };
  const paths = { '/animals': { post } };
  const kinds = new Set<string>();
  const contract = { openapi: '3.1.0', info, paths, components: { schemas } };
  await using server = await listen(
    createServer(async (request, response) => {
      const [, kind = ''] = /"kind":"(\w*)"/.exec(await text(request)) ?? [];
      if (kind !== '') kinds.add(kind);
      response.writeHead(request.url !== '/animals' ? 404 : 204).end();
    }),
  );
  const only = ['response-status'];
  await verify({ baseUrl: server.url, contract, seed: 1, only });
  expect(kinds.size).toBeGreaterThan(0);
  expect(['cat', 'Dog']).toEqual(expect.arrayContaining([...kinds]));
});

test('a path of another operation is not taken for one that there is not', async () => {
  const remove = (operationId: string, ...names: string[]) => ({
    delete: {
      operationId,
      parameters: names.map((name) => {
        return { name, in: 'path', required: true, schema: { type: 'string', maxLength: 40 } };
      }),
      responses: { 204: { description: 'Gone.' }, 404: { description: 'No.' } },
    },
  });
  const contract = {
    openapi: '3.1.0',
    info: { title: 'Hooks', version: '1' },
    paths: {
      '/hooks/{id}': remove('deleteHook', 'id'),
      '/hooks/{id}/{token}': remove('deleteHookWithToken', 'id', 'token'),
      // No request can reach it.
      '/hooks/{id}#all': remove('deleteHookAndAll', 'id'),
    },
  };
  await using server = await listen(
    createServer(({ url = '' }, response) => {
      response.writeHead(/^\/hooks\/[^/]+(\/[^/]+)?$/.test(url) ? 204 : 404).end();
    }),
  );
  const only = ['path-doubled-slash', 'path-climbing', 'path-unknown'];
  const { report } = await verify({ baseUrl: server.url, contract, seed: 1, only });
  expect(report.checks.map(({ id, outcome }) => [id, outcome])).toEqual(
    only.flatMap((id) => [
      [id, 'passed'],
      [id, 'passed'],
    ]),
  );
});

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
}

test('what only other parts refuse is gone through, with a note for what cannot be judged', async () => {
  const contract = readFixture('foreign');
  await using server = await startModelServer(contract);
  const { report } = await verify({ baseUrl: server.url, contract, runs: 1, seed: 1 });
  expect(report.error).toBeNull();
  expect(report.requests).toBeGreaterThan(100);
});

test('a wrong example, or a list that its style cannot carry, is not the server’s fault', async () => {
  const responses = { 204: { description: 'Done.' }, 400: { description: 'No.' } };
  const words = { type: 'array', items: { enum: ['a', 'c d', 'e'] }, minItems: 1, maxItems: 2 };
  const ids = { type: 'array', items: { type: 'integer', format: 'int64' }, minItems: 1 };
  const parameters = [
    { name: 'n', in: 'query', required: true, schema: { type: 'integer' }, example: 'many' },
    { name: 'w', in: 'query', style: 'spaceDelimited', explode: false, schema: words },
  ];
  const content = { 'application/json': { schema: ids, example: [2 ** 70] } };
  const contract = {
    openapi: '3.1.0',
    info: { title: 'Examples', version: '1.0.0' },
    paths: {
      '/words': { get: { operationId: 'findWords', parameters, responses } },
      '/ids': {
        post: { operationId: 'sendIds', requestBody: { required: true, content }, responses },
      },
    },
  };
  await using server = await startModelServer(contract);
  const { report } = await verify({ baseUrl: server.url, contract, runs: 1, seed: 1 });
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ id, findings }) => [id, findings[0]?.message])).toEqual([]);
  const outcomeOf = (id: string) => report.checks.find((check) => check.id === id)?.outcome;
  expect(outcomeOf('value-accepted')).toBe('passed');
});

test('a field that only responses have is not broken in a request', () => {
  const schemas = { Id: { type: 'string', readOnly: true, minLength: 2 } };
  const contract = readContract({ openapi: '3.1.0', paths: {}, components: { schemas } });
  const properties = { id: { $ref: '#/components/schemas/Id' }, name: { type: 'string' } };
  const schema = { type: 'object', required: ['id', 'name'], properties };
  const broken = breakRules(new Schemas(contract), schema, { id: 'abc', name: 'a' });
  expect(new Set(broken.map(({ at }) => at))).toEqual(new Set(['', 'name']));
});

test('what is required and not described is sent, and extensions with ids do no harm', () => {
  const schemas = new Schemas(readContract({ openapi: '3.1.0', paths: {} }));
  const note = { 'x-tool': { id: 'one', $id: 'one' } };
  const properties = { a: { type: 'string', ...note }, b: { type: 'boolean', ...note } };
  const schema = { type: 'object', required: ['a', 'further'], properties };
  for (const value of sampleValid(schemas, schema, 1, 3)) expect(value).toHaveProperty('further');
  expect([...schemas.problems]).toEqual([]);
  expect(sampleValid(schemas, { ...schema, additionalProperties: false }, 1, 3)).toEqual([]);
});

test('a value that would keep the judge busy for ever is not judged, and that is said', () => {
  const $ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const node = (kind: string) => ({
    type: 'object',
    properties: { left: $ref('Tree'), kind: { const: kind } },
  });
  const Tree = { oneOf: [$ref('And'), $ref('Or'), { type: 'boolean' }] };
  const components = { schemas: { Tree, And: node('and'), Or: node('or') } };
  const schemas = new Schemas(readContract({ openapi: '3.1.0', paths: {}, components }));
  const treeOf = (levels: number): unknown =>
    levels === 0 ? true : { left: treeOf(levels - 1), kind: levels % 2 ? 'and' : 'or' };
  expect(schemas.accepts($ref('Tree'), treeOf(6))).toBe(true);
  expect(schemas.accepts($ref('Tree'), { ...(treeOf(6) as object), kind: 'not' })).toBe(false);
  expect([...schemas.problems]).toEqual([]);
  schemas.accepts($ref('Tree'), treeOf(60));
  expect([...schemas.problems].join()).toContain('cannot be judged');
});

test('where no value can be made, a check is not exercised and says why', async () => {
  const item = (operation: object) => ({
    responses: { 204: { description: 'Done.' } },
    ...operation,
  });
  const q = { name: 'q', in: 'query', required: true, schema: { type: 'string', minLength: 1e9 } };
  const list = { type: 'array', minItems: 1e9, items: { type: 'string' } };
  const requestBody = { required: true, content: { 'application/json': { schema: list } } };
  const contract = {
    openapi: '3.1.0',
    info: { title: 'Large', version: '1.0.0' },
    paths: {
      '/text': { get: item({ operationId: 'findText', parameters: [q] }) },
      '/list': { post: item({ operationId: 'sendList', requestBody }) },
    },
  };
  await using server = await startModelServer(contract);
  const { report } = await verify({ baseUrl: server.url, contract, runs: 1, seed: 1 });
  expect(report.error).toBeNull();
  const reasons = (id: string) =>
    report.checks
      .filter(({ operation, outcome }) => operation === id && outcome === 'not-exercised')
      .map(({ reason }) => reason);
  expect(reasons('findText').join()).toContain('no value of q could be made');
  expect(reasons('sendList').join()).toContain('no body could be made');
});

test.each([
  ['(a+)+$', `${'a'.repeat(50_000)}!`, false],
  ['(a+)+$', 'a'.repeat(50_000), true],
  ['[a-z]+$', `${'a'.repeat(500_000)}!`, false],
  ['^(?=.*[0-9])[a-z0-9]+-[a-z]+$', 'a1-b', true],
  ['^(?=.*[0-9])[a-z0-9]+-[a-z]+$', 'a-b', false],
])('no text of a server keeps a pattern busy: %s', (pattern, text, valid) => {
  const schemas = new Schemas(readContract({ openapi: '3.1.0', paths: {} }));
  expect(schemas.accepts({ pattern }, text)).toBe(valid);
  const named = { patternProperties: { [pattern]: { type: 'string' } } } as const;
  expect(schemas.accepts(named, { [text]: 1 })).toBe(!valid);
  expect([...schemas.problems]).toEqual([]);
});

test('a text that is too long for a pattern with look-around is not judged, and that is said', () => {
  const schemas = new Schemas(readContract({ openapi: '3.1.0', paths: {} }));
  expect(schemas.accepts({ pattern: '^(?=a)(a+)+$' }, 'aab')).toBe(false);
  expect(schemas.accepts({ pattern: '^(?=a)(a+)+$' }, `${'a'.repeat(50_000)}!`)).toBe(true);
  expect([...schemas.problems]).toEqual([
    'A schema cannot be judged: its pattern ^(?=a)(a+)+$ could take for ever on 50001 characters.',
  ]);
});
