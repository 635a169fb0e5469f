import { readFixture } from '@sql-sessions/testing/contracts';
import { expect, test } from 'vitest';
import { plainText, renderMarkdown } from '../src/render/markdown.ts';
import { siteOf } from './support/site-fixture.ts';

/** Fields whose texts readers want to see. */
const SAID =
  /^(description|summary|title|pattern|url|format|termsOfService|email|openIdConnectUrl|authorizationUrl|tokenUrl|operationRef|contentEncoding|x-sunset)$/;
/** What an operation says instead of its path, and the server of a link, which the model leaves out. */
const LEFT_OUT = [/^\/paths\/\/items\/(summary|description)$/, /\/links\/Remote\/server\//];

const FIXTURES = ['family', 'warehouses', 'uploads', 'everything', 'foreign'] as const;

test.each(FIXTURES)('what %s says is on its pages and in their Markdown twins', async (name) => {
  const document = readFixture(name);
  expect(await missingOf(document, document)).toEqual([]);
});

test.each(FIXTURES)('what %s says with one operation left is on its one page', async (name) => {
  const { components, tags, ...document } = readFixture(name);
  const isOperation = (part: string) => /^(get|put|post|delete|patch|head|options)$/.test(part);
  const [[path, item] = ['', {}]] = Object.entries(document.paths).filter(([, item]) =>
    Object.keys(item).some(isOperation),
  );
  const [kept] = Object.keys(item).filter(isOperation);
  const { parameters, [`${kept}`]: operation } = item;
  const only = { [`${kept}`]: operation };
  const one = { ...document, components, tags, paths: { [path]: { parameters, ...only } } };
  expect(await missingOf(one, { ...document, paths: { [path]: only } })).toEqual([]);
});

const D = (description: string, more = {}) => ({ description, ...more });

test.each([
  [
    'the body and its schema',
    {
      requestBody: {
        content: {
          'application/json': {
            schema: {
              $ref: '#/components/schemas/A',
              ...D('Beside.', { title: 'Title beside' }),
            },
          },
          'text/plain': { schema: D('Inline.', { externalDocs: { url: 'https://a.test/body' } }) },
        },
      },
    },
  ],
  [
    'alternatives and conditions',
    {
      requestBody: {
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: {
                a: { oneOf: [D('Alternative.', { const: 'b', title: 'Title b' })] },
                c: { oneOf: [D('Reference.', { $ref: '#/components/schemas/A' })] },
                d: { externalDocs: { url: 'https://a.test/field' } },
              },
              not: D('Not.', { required: ['x'] }),
              if: D('If.', { required: ['y'] }),
              // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
              then: D('Then.'),
              dependentSchemas: { a: D('Dependent.') },
            },
          },
        },
      },
    },
  ],
  [
    'parameters and headers',
    {
      parameters: [
        {
          name: 'a',
          in: 'query',
          schema: D('Schema of a.', {
            title: 'Title a',
            externalDocs: { url: 'https://a.test/a' },
          }),
        },
      ],
      responses: {
        200: D('OK.', {
          headers: {
            B: { schema: D('Schema of B.', { type: 'object', properties: { b: D('Field b.') } }) },
            C: { content: { 'application/json': { schema: D('Schema of C.') } } },
          },
        }),
      },
    },
  ],
  [
    'other base URLs',
    {
      servers: [
        D('Own server.', {
          url: 'https://{a}.test/',
          variables: { a: D('A variable.', { default: 'b' }) },
        }),
      ],
    },
  ],
  ['one of the base URLs', { servers: [{ url: 'https://second.test' }] }],
  [
    'callbacks',
    {
      callbacks: {
        done: {
          '{$request.body#/url}': {
            post: D('Callback.', {
              operationId: 'tellDone',
              deprecated: true,
              externalDocs: { url: 'https://a.test/callback' },
              security: [{ key: ['tell'] }],
              parameters: [D('Parameter of it.', { name: 'p', in: 'header', schema: {} })],
              responses: {
                200: D('OK.', {
                  headers: { H: D('Header of it.', { schema: {} }) },
                  content: { 'application/json': { schema: D('Body of it.') } },
                }),
              },
            }),
          },
        },
      },
    },
  ],
])('what the contract says of %s is said', async (_name, operation) => {
  const get = { operationId: 'readA', responses: { 200: D('OK.') }, ...operation };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Any', version: '1.0.0' },
    servers: [{ url: 'https://first.test' }, { url: 'https://second.test' }],
    tags: [D('Only second.', { name: 'second' })],
    paths: {
      '/a': { post: { tags: ['first', 'second'], ...get } },
      '/b': { get: { operationId: 'readB', responses: { 200: D('OK.') } } },
    },
    components: {
      schemas: { A: D('Of A.', { type: 'object' }) },
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'Key' } },
    },
  };
  expect(await missingOf(document, document)).toEqual([]);
  const { pages } = await siteOf(document);
  const page = pages.find(({ path }) => path === 'operations/readA/')?.markdown;
  for (const { text } of textsOf({ ...operation }, ''))
    expect(squeeze(`${page}`)).toContain(squeeze(text));
  if ('callbacks' in operation) expect(page).toMatch(/deprecated.*scope tell/s);
});

test('what a part of a schema requires is shown where the whole describes it', async () => {
  const requires = (name: string) => ({ required: [name] });
  const schema = {
    type: 'object',
    properties: { a: true, b: true, c: true, d: true, e: true, f: true },
    anyOf: [requires('a'), requires('b')],
    if: requires('a'),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: requires('c'),
    not: requires('d'),
    dependentSchemas: { e: requires('f') },
  };
  const markdown = await markdownOf(schema);
  const twin = squeeze(markdown);
  expect(twin).toContain('Any of object a must be there object b must be there');
  expect(twin).toContain('if object a must be there then object c must be there');
  expect(twin).toContain('With e also object f must be there');
  expect(twin).toContain('Must not be object d must be there');
});

test('a sample has what one of several alternatives requires', async () => {
  const alternative = (kind: string, ...required: string[]) => ({
    properties: { kind: { const: kind } },
    required,
  });
  const item = {
    type: 'object',
    required: ['kind'],
    properties: {
      kind: { enum: ['write', 'delete'] },
      id: { type: 'integer' },
      text: { type: 'string' },
    },
    oneOf: [alternative('write', 'text'), alternative('delete', 'id')],
    additionalProperties: false,
  };
  const schema = { type: 'array', minItems: 1, items: item };
  const markdown = await markdownOf(schema);
  const [, body = ''] = /--data-raw '([^']*)'/.exec(markdown) ?? [];
  expect(JSON.parse(body)).toEqual([{ kind: 'write', text: 'string' }]);
});

test('a sample says which of the alternatives it is, as the contract calls it', async () => {
  const kind = { type: 'object', required: ['kind'], properties: { kind: { type: 'string' } } };
  const $ref = '#/components/schemas/Cat';
  const discriminator = { propertyName: 'kind', mapping: { cat: $ref } };
  const markdown = await markdownOf({ oneOf: [{ $ref }], discriminator }, { Cat: kind });
  const [, body = ''] = /--data-raw '([^']*)'/.exec(markdown) ?? [];
  expect(JSON.parse(body)).toEqual({ kind: 'cat' });
});

test('a named schema is shown where it is sent and once by itself, and linked from others', async () => {
  const object = (name: string, schema: object) => ({
    type: 'object',
    properties: { [name]: schema },
  });
  const $ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const schemas = {
    Outer: object('middle', $ref('Middle')),
    Middle: object('inner', $ref('Inner')),
    Inner: object('deep', { type: 'string', description: 'Seen twice.' }),
  };
  const markdown = await markdownOf($ref('Outer'), schemas);
  expect(markdown.match(/Seen twice\./g)).toHaveLength(2);
  expect(markdown).toContain('`middle` object Middle optional');
});

const one = (value: string) => ({ const: value });
const named = (name: string) => ({ $ref: `#/components/schemas/${name}` });

test.each<[schema: object, said: RegExp, not?: RegExp]>([
  [{ type: 'string', anyOf: [{ format: 'date' }, { format: 'time' }] }, /`a` string optional/],
  [{ oneOf: [...'123456789'].map(one) }, /one of 9 alternatives/],
  [{ type: 'object', propertyNames: named('Letters') }, /names: matches \S*\^\[a-z\]/],
  [{ type: 'object', propertyNames: one('b') }, /names: "b"/],
  [{ type: 'object', propertyNames: {} }, /`a` object/, /names:/],
  [{ type: 'object', dependentRequired: { d: [], e: ['f'] } }, /with e, f must/, /with d/],
  [{ type: 'array', prefixItems: [true], unevaluatedItems: false }, /no other items/],
  [
    { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'integer' } },
    /`a` list optional.*`\[…\]` integer/s,
    /list of/,
  ],
  [{ type: 'array', contains: true }, /contains at least 1 item;/, /below/],
  [
    {
      anyOf: [named('Cat')],
      discriminator: { propertyName: 'kind', mapping: { c: 'Cat', d: 'Cat' } },
    },
    /Cat, where kind is c or d/,
  ],
])('the words about %j are true', async (schema, said, not = /undefined/) => {
  const schemas = {
    Letters: { type: 'string', pattern: '^[a-z]+$' },
    Cat: { type: 'object', properties: { kind: { type: 'string' } } },
  };
  const markdown = await markdownOf({ type: 'object', properties: { a: schema } }, schemas);
  const [, fields = ''] =
    /## Request body\s+(.*?)\n## /s.exec(markdown.replaceAll('###', '##')) ?? [];
  expect(fields).toMatch(said);
  expect(fields).not.toMatch(not);
});

test('a field that is called like a method of objects is shown', async () => {
  const properties = { hasOwnProperty: { type: 'string' } };
  const markdown = await markdownOf({ type: 'object', required: ['hasOwnProperty'], properties });
  expect(markdown).toContain('`hasOwnProperty` string required');
});

test('what Markdown can say stays in the Markdown twin', async () => {
  const table = '| a | b |\n| --- | --- |\n| 1 | `x\\|y` |';
  const tasks = '- [x] done\n- [ ] ~~open~~';
  const block = '~~~~\n```\n~~~~';
  const markdown = await markdownOf({ description: [table, tasks, block].join('\n\n') });
  expect(markdown).toContain(table);
  expect(markdown.replaceAll(/ +/g, ' ')).toContain(tasks);
  expect(markdown).toContain('````\n```\n````');
});

const X = { $ref: '#/components/schemas/X' };

test.each([
  ['a field with a description', { properties: { next: { allOf: [X], description: 'Next.' } } }],
  ['the items of a list', { properties: { next: { type: 'array', items: { allOf: [X] } } } }],
  ['the values of a map', { additionalProperties: { allOf: [X] } }],
  ['an alternative', { oneOf: [{ type: 'array', items: { allOf: [X] } }, { type: 'string' }] }],
  ['what it must not be', { not: { properties: { next: { allOf: [X] } } } }],
  [
    'a field of two parts',
    { allOf: [{ properties: { next: X } }, { properties: { next: { minProperties: 1 } } }] },
  ],
])('a schema that comes round to itself through %s ends there', async (_name, schema) => {
  const markdown = await markdownOf(X, { X: { type: 'object', ...schema } });
  expect(markdown).toMatch(/^### X/m);
});

test('what has a base, inside of what has the same one, is shown as a whole', async () => {
  const R = { $ref: '#/components/schemas/Resource' };
  const customer = { allOf: [R, { properties: { points: { description: 'Loyalty.' } } }] };
  const markdown = await markdownOf(
    { allOf: [R, { properties: { customer } }] },
    { Resource: { type: 'object', properties: { id: { type: 'integer' } } } },
  );
  expect(markdown).toContain('customer.id');
  expect(markdown).toContain('Loyalty.');
});

test('fields, tags and schemas have ids of their own, whatever their names', async () => {
  const names = ['', 'größe', 'grüße', '日本', '東京', 'a/b', 'a?b', 'a', '(a)'];
  names.push('a b', 'a  b', 'a-b', 'a+b', 'a~b', 'a~20b', 'a\tb', 'a%20b');
  const Names = { type: 'object', properties: Object.fromEntries(names.map((one) => [one, true])) };
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Names' } } };
  const get = (path: string, tag: string) => {
    const responses = { 200: { description: 'OK', content } };
    return [path, { get: { operationId: `find${path.length}`, tags: [tag], responses } }] as const;
  };
  const { pages } = await siteOf({
    openapi: '3.1.0',
    info: { title: 'Any', version: '1.0.0' },
    paths: Object.fromEntries([get('/a', 'レポート'), get('/ab', 'イベント')]),
    components: { schemas: { Names } },
  });
  for (const { path, main } of pages) {
    const ids = [...main.text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size, path).toBe(ids.length);
  }
});

test('what would have the id of another part of its page has one of its own', async () => {
  const text = (name: string, one: string) => ({ [name]: { type: 'string', description: one } });
  const alternatives = (...names: string[]) => ({
    oneOf: names.map((name) => ({ type: 'object', properties: text(name, name) })),
  });
  const schema = { allOf: [alternatives('a', 'b'), alternatives('a', 'c')] };
  const ids = ['about', 'security', 'servers', 'webhooks', 'top', 'main', 'search-input'];
  const names = ['Start<', 'Start>', 'größe', 'grüße', 'a', 'a-note'];
  const paths = ids.map((operationId, index) => {
    const parameters = names.map((name) => ({ name, in: 'query', schema: { type: 'string' } }));
    const content = { 'application/json': { schema } };
    const headers = { 'One+of-1.a': { schema: { type: 'string' } } };
    const responses = { 200: { description: 'OK.', headers, content } };
    const post = { operationId, parameters, requestBody: { content }, responses };
    return [`/${index}`, { post: { ...post, tags: index === 0 ? ['others'] : [] } }];
  });
  const { files } = await siteOf({
    openapi: '3.1.0',
    info: { title: 'Any', version: '1.0.0' },
    paths: Object.fromEntries(paths),
    webhooks: { b: { post: { responses: { 200: { description: 'OK.' } } } } },
    components: { securitySchemes: { a: { type: 'http', scheme: 'bearer' } } },
  });
  for (const [name, page] of files) {
    if (!/^(operations\/.*)?index\.html$/.test(name)) continue;
    const found = Array.from(String(page).matchAll(/ id="([^"]*)"/g), ([, id]) => id);
    expect(
      found.filter((id, index) => found.indexOf(id) !== index),
      name,
    ).toEqual([]);
    const links = Array.from(
      String(page).matchAll(/ (?:for="|href="#)([^"/][^"]*)"/g),
      ([, id]) => id,
    );
    expect(
      links.filter((id) => !found.includes(id)),
      name,
    ).toEqual([]);
  }
  expect(String(files.get('index.html'))).toContain(
    'id="about"><a class="self" href="#about">About',
  );
});

test('the page of a contract without schemas leads nowhere that is not there, whatever its operation is called', async () => {
  const get = { operationId: 'search', responses: { 204: { description: 'Nothing.' } } };
  const info = { title: 'Any', version: '1.0.0' };
  const { files } = await siteOf({ openapi: '3.1.0', info, paths: { '/a': { get } } });
  const page = String(files.get('index.html'));
  const ids = Array.from(page.matchAll(/ id="([^"]*)"/g), ([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const targets = Array.from(page.matchAll(/ href="#([^"/][^"]*)"/g), ([, id]) => id);
  expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
});

test('a schema that asks for more than can be shown is shown', async () => {
  const large = { type: 'array', minItems: 1e9, items: { type: 'string', minLength: 1e9 } };
  const properties = { toString: { type: 'string' }, valueOf: large };
  const items = { type: 'object', properties, required: ['valueOf'] };
  const schema = { type: 'array', minItems: 1e9, items };
  const markdown = await markdownOf(schema);
  expect(markdown).toContain('at least 1000000000 items');
});

test('parameters, ways to authenticate and the menu say what holds', async () => {
  const key = (name: string) => ({ type: 'apiKey', in: 'header', name });
  const get = (id: string, tag: string, security: object[]) => {
    const schema = { type: 'string', not: { const: 'b' } };
    const parameters = [{ name: 'If-Match', in: 'header', schema, example: '"1"' }];
    const responses = { 204: { description: 'Done.' } };
    return { get: { operationId: id, summary: id, tags: [tag], security, parameters, responses } };
  };
  const { pages, files } = await siteOf({
    openapi: '3.1.0',
    info: { title: 'Any', version: '1.0.0' },
    tags: [{ name: 'first' }, { name: 'second' }],
    paths: {
      '/second': get('findSecond', 'second', [{ a: [] }, { b: [] }]),
      '/first': get('findFirst', 'first', [{ a: [] }, {}]),
    },
    components: { securitySchemes: { a: key('A'), b: key('B') } },
  });
  const twinOf = (id: string) =>
    pages.find(({ path }) => path === `operations/${id}/`)?.markdown ?? '';
  const [first, second] = [twinOf('findFirst'), twinOf('findSecond')];
  expect(first).toContain('Example: `"1"`');
  expect(first).toMatch(/`A`\S* key in header, \[a\]\S+ optional/);
  expect(second).toContain('One of these:');
  expect(second).toMatch(/key in header, \[a\]\S+\n.*key in header, \[b\]\S+\n/s);
  expect(squeeze(first)).toContain('Must not be b');
  const [, menu = ''] =
    /<nav class="menu".*?>(.*?)<\/nav>/s.exec(`${files.get('index.html')}`) ?? [];
  expect(menu.match(/operations\/\w+/g)).toEqual(['operations/findFirst', 'operations/findSecond']);
});

test('a link of the contract runs no script, and a link to an operation is said whole', async () => {
  const url = 'javascript:alert(1)';
  const description = '*Some* words.';
  const first = {
    description: 'First.',
    content: { 'text/plain': { examples: { a: { externalValue: url } } } },
    links: { Next: { operationId: 'first', parameters: { at: { a: 1 } }, description } },
  };
  const variables = { a: { default: 'b', description } };
  const { files } = await siteOf({
    openapi: '3.1.0',
    info: {
      title: 'Any',
      version: '1.0.0',
      termsOfService: url,
      contact: { url },
      license: { name: 'None', url },
    },
    externalDocs: { url },
    servers: [{ url: 'https://{a}.test', variables }],
    paths: { '/a': { get: { operationId: 'first', responses: { 200: first } } } },
    components: { securitySchemes: { a: { type: 'openIdConnect', openIdConnectUrl: url } } },
  });
  const page = String(files.get('index.html'));
  expect(page).not.toContain('href="javascript:');
  expect(page.match(/javascript:alert\(1\)/g)).toHaveLength(6);
  expect(page.match(/<em>Some<\/em> words/g)).toHaveLength(2);
  expect(page).toContain('{&quot;a&quot;:1}');
});

test('of many operations without a tag, the menu has the one that is open with its contents', async () => {
  const paths = Object.fromEntries(
    Array.from({ length: 31 }, (_, index) => {
      const get = { operationId: `find${index}`, responses: { 204: { description: 'Done.' } } };
      return [`/${index}`, { get }];
    }),
  );
  const info = { title: 'Any', version: '1.0.0' };
  const { files } = await siteOf({ openapi: '3.1.0', info, paths });
  const page = String(files.get('operations/find3/index.html'));
  const [, menu = ''] = /<nav class="menu".*?>(.*?)<\/nav>/s.exec(page) ?? [];
  expect(menu).toMatch(/aria-current="page">find3<\/a><ul class="contents">/);
  expect(menu).not.toContain('find4');
});

/** The reference of an operation that takes such a body, as Markdown. */
async function markdownOf(schema: object, schemas: object = {}): Promise<string> {
  const post = {
    operationId: 'sendAny',
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: { 204: { description: 'Done.' } },
  };
  const info = { title: 'Any', version: '1.0.0' };
  const { pages } = await siteOf({
    openapi: '3.1.0',
    info,
    paths: { '/any': { post } },
    components: { schemas },
  });
  return pages.find(({ kind }) => kind === 'reference')?.markdown ?? '';
}

/** Texts of a part of a document that the pages of the document lack. */
async function missingOf(document: object, part: object): Promise<{ at: string; text: string }[]> {
  const { pages } = await siteOf(document);
  const reference = pages.filter(({ kind }) => kind === 'reference');
  const shown = squeeze(plainText(reference.map(({ main }) => main.text).join(' ')));
  const links = reference.map(({ main }) => main.text).join(' ');
  const twins = squeeze(reference.map(({ markdown }) => markdown).join(' '));
  return textsOf(part, '')
    .filter(({ at }) => !LEFT_OUT.some((pattern) => pattern.test(at)))
    .filter(({ text }) => {
      const plain = squeeze(plainText(String(renderMarkdown(text, { inside: true }).html)));
      return !(shown.includes(plain) && twins.includes(plain)) && !links.includes(text);
    });
}

function textsOf(node: unknown, at: string): { at: string; text: string }[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (/^(example|value|default|const|enum)$/.test(key)) return [];
    return typeof value === 'string' && SAID.test(key)
      ? [{ at: `${at}/${key}`, text: value }]
      : textsOf(value, `${at}/${key}`);
  });
}

/** Letters and figures alone: emphasis and line breaks differ. */
function squeeze(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
}
