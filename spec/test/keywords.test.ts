import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  type FixtureDocument,
  readFixture,
  readRenamedFixture,
} from '@sql-sessions/testing/contracts';
import { expect, test } from 'vitest';
import { keywordPage } from '../build/keyword-page.ts';
import { grammar } from '../src/model/keywords/grammar.ts';
import { rules } from '../src/model/keywords/rules.ts';
import { type Cells, PARTS } from '../src/model/keywords/verdicts.ts';
import { walkDocument } from '../src/model/keywords/walk-document.ts';
import { keywordNotices } from '../src/model.ts';
import type { LooseDocument } from './contract.ts';

const require = createRequire(import.meta.url);
const readJson = (name: string): LooseDocument =>
  JSON.parse(readFileSync(require.resolve(name), 'utf8'));

/** Objects of OpenAPI by the names that its published schema has for them. */
const KINDS: Readonly<Record<string, string>> = {
  'external-documentation': 'ExternalDocs',
  'oauth-flows': 'OAuthFlows',
  callbacks: 'Callback',
};
/** Definitions that are no object of their own: what they hold belongs to the objects that use them. */
const SHARED = [
  'content',
  'examples',
  'explode-for-form',
  'map-of-strings',
  'specification-extensions',
];

const published = readJson('@seriousme/openapi-schema-validator/schemas/v3.1/schema.json');
const definitions = Object.entries<LooseDocument>(published.$defs).filter(
  ([name]) =>
    !SHARED.includes(name) &&
    !name.endsWith('-or-reference') &&
    !/^(schema|security-requirement)$/.test(name),
);

test.each([['OpenAPI', { ...published, $defs: {} }], ...definitions])(
  '%s: every field of the published schema has a verdict',
  (name, definition) => {
    const fields = [...fieldsOf(definition)].filter((field) => !field.startsWith('x-'));
    const kind =
      KINDS[name] ?? name.replaceAll(/(^|-)(\w)/g, (_all, _dash, letter) => letter.toUpperCase());
    // The flows of OAuth have a definition each, inside theirs.
    const known = { ...grammar[kind], ...(kind === 'OAuthFlows' && grammar.OAuthFlow) };
    expect(grammar).toHaveProperty(kind);
    expect(fields.filter((field) => !Object.hasOwn(known, field))).toEqual([]);
  },
);

test('every keyword of JSON Schema 2020-12, and of schemas in OpenAPI, has a verdict', () => {
  const vocabularies = [
    'core',
    'applicator',
    'unevaluated',
    'validation',
    'meta-data',
    'format-annotation',
    'content',
  ];
  const keywords = vocabularies.flatMap((name) =>
    Object.keys(readJson(`ajv/dist/refs/json-schema-2020-12/meta/${name}.json`).properties),
  );
  const { properties } = readJson('ajv/dist/refs/json-schema-2020-12/schema.json');
  // https://spec.openapis.org/oas/3.1/vocab/base
  const inOpenApi = ['discriminator', 'example', 'externalDocs', 'xml'];
  const all = [...keywords, ...Object.keys(properties), ...inOpenApi];
  expect(all.length).toBeGreaterThan(60);
  expect(all.filter((name) => !Object.hasOwn(grammar.Schema ?? {}, name))).toEqual([]);
});

test('each supported field and value occurs in a fixture', () => {
  const ours = occurrences(readFixture('family'), readFixture('everything'));
  const foreign = occurrences(readFixture('foreign'));
  const missing = [...cells()].filter(({ at, cells: each }) => {
    const refused = PARTS.some((part) => each[part]?.verdict === 'refused');
    const supported = PARTS.some((part) => each[part] === undefined);
    return supported && !(refused ? foreign : ours).has(at);
  });
  expect(missing.map(({ at }) => at)).toEqual([]);
});

test.each(['family', 'everything'] as const)(
  'nothing in %s is refused, whatever the names and the order',
  (name) => {
    expect(keywordNotices(readFixture(name))).toEqual([]);
    expect(keywordNotices(readRenamedFixture(name))).toEqual([]);
  },
);

test('parts are told only of what they do not support, and unknown names concern all', () => {
  const foreign = readFixture('foreign');
  const ofMock = keywordNotices(foreign, ['mock']);
  expect(ofMock.every(({ parts }) => parts.includes('mock'))).toBe(true);
  expect(ofMock.map(({ message }) => message).join()).not.toContain('cookie');
  foreign.info = { ...foreign.info, licence: 'MIT' } as never;
  expect(keywordNotices(foreign, ['kit'])).toContainEqual({
    pointer: '#/info/licence',
    file: '',
    parts: PARTS,
    message:
      '`licence` is not a field of Info objects in OpenAPI 3.1. Correct its name, or begin it with x-.',
    known: false,
  });
});

const everything = readFixture('everything');

type Item = LooseDocument;

/** A defect of a document that is else supported, and the place and the beginning of the message that names it. */
const refused: [string, (document: LooseDocument, item: Item) => void, string, string][] = [
  ['another OpenAPI', (d) => (d.openapi = '3.2.0'), '#/openapi', 'OpenAPI 3.2.0'],
  [
    'another dialect',
    (d) => (d.jsonSchemaDialect = 'urn:x'),
    '#/jsonSchemaDialect',
    '`jsonSchemaDialect: urn:x`',
  ],
  [
    'a name twice',
    (_d, i) => i.get.parameters.push({ name: 'size', in: 'header' }),
    '#/paths/~1items/get/parameters/11',
    'The parameter size in query and in header',
  ],
  [
    'body as a name',
    (_d, i) => (i.get.parameters[2].name = 'body'),
    '#/paths/~1items/get/parameters/2/name',
    'The parameter body',
  ],
  [
    'constructor as a name',
    (_d, i) => (i.get.parameters[2].name = 'constructor'),
    '#/paths/~1items/get/parameters/2/name',
    'The parameter constructor',
  ],
  [
    'a header that is content',
    (d) => (d.components.parameters.Trace.name = 'accept'),
    '#/components/parameters/Trace/name',
    'The header parameter accept',
  ],
  [
    'a header that is security',
    (d) => (d.components.parameters.Trace.name = 'x-api-key'),
    '#/components/parameters/Trace/name',
    'The header parameter x-api-key',
  ],
  [
    'a cookie',
    (d) => (d.components.parameters.Trace.in = 'cookie'),
    '#/components/parameters/Trace/in',
    '`in: cookie`',
  ],
  [
    'matrix',
    (d) => (d.components.parameters.ItemId.style = 'matrix'),
    '#/components/parameters/ItemId/style',
    '`style: matrix`',
  ],
  [
    'label',
    (d) => (d.components.parameters.ItemId.style = 'label'),
    '#/components/parameters/ItemId/style',
    '`style: label`',
  ],
  [
    'a style of another place',
    (d) => (d.components.parameters.Trace.style = 'form'),
    '#/components/parameters/Trace/style',
    'The style form for scalar in header',
  ],
  [
    'explode without a meaning',
    (_d, i) => (i.get.parameters[3].explode = true),
    '#/paths/~1items/get/parameters/3/style',
    'The style spaceDelimited (explode: true) for array',
  ],
  [
    'a deep array',
    (_d, i) => (i.get.parameters[5].schema = { type: 'array' }),
    '#/paths/~1items/get/parameters/5/style',
    'The style deepObject (explode: true) for array',
  ],
  [
    'arrays in an array',
    (_d, i) => (i.get.parameters[2].schema.items = { type: 'array' }),
    '#/paths/~1items/get/parameters/2/schema',
    'An array inside the parameter size',
  ],
  [
    'objects in an object',
    (_d, i) => (i.get.parameters[7].schema.properties.lat = { properties: {} }),
    '#/paths/~1items/get/parameters/7/schema',
    'An object inside the parameter area',
  ],
  [
    'an empty value',
    (_d, i) => (i.get.parameters[2].allowEmptyValue = true),
    '#/paths/~1items/get/parameters/2/allowEmptyValue',
    '`allowEmptyValue`',
  ],
  ['TRACE', (_d, i) => (i.trace = i.head), '#/paths/~1items/trace', '`trace`'],
  [
    'a body of GET',
    (_d, i) => (i.get.requestBody = i.post.requestBody),
    '#/paths/~1items/get/requestBody',
    'A body of GET',
  ],
  [
    'servers of an operation',
    (_d, i) => (i.get.servers = []),
    '#/paths/~1items/get/servers',
    '`servers`',
  ],
  ['servers of a path', (_d, i) => (i.servers = []), '#/paths/~1items/servers', '`servers`'],
  [
    'a method that is there',
    (_d, i) => (i.head.operationId = 'toString'),
    '#/paths/~1items/head/operationId',
    'The operationId toString',
  ],
  [
    'a client that is a promise',
    (_d, i) => (i.head.operationId = 'then'),
    '#/paths/~1items/head/operationId',
    'The operationId then',
  ],
  [
    'any media type',
    (d) => (d.components.requestBodies.Notice.content = { 'text/*': {} }),
    '#/components/requestBodies/Notice/content/text~1*',
    'The media type text/*',
  ],
  [
    'other parts',
    (d) => (d.components.requestBodies.Notice.content = { 'multipart/mixed': {} }),
    '#/components/requestBodies/Notice/content/multipart~1mixed',
    'The media type multipart/mixed',
  ],
  [
    'headers of a part',
    (d) =>
      (d.paths['/bodies/multipart'].post.requestBody.content[
        'multipart/form-data'
      ].encoding.file.headers = {}),
    '#/paths/~1bodies~1multipart/post/requestBody/content/multipart~1form-data/encoding/file/headers',
    '`headers`',
  ],
  [
    'an interim response',
    (_d, i) => (i.get.responses['103'] = { description: '' }),
    '#/paths/~1items/get/responses/103',
    'The status 103',
  ],
  [
    'a header that is the body',
    (d) => (d.components.responses.ItemsListed.headers['content-type'] = { schema: true }),
    '#/components/responses/ItemsListed/headers/content-type',
    'The header content-type',
  ],
  [
    'what is lost beside a $ref',
    (_d, i) => (i.post.requestBody.required = true),
    '#/paths/~1items/post/requestBody/required',
    '`required` beside a $ref',
  ],
  [
    'a type beside a $ref',
    (d) => (d.components.schemas.Item.properties.kind.enum = ['red']),
    '#/components/schemas/Item/properties/kind/enum',
    '`enum` beside a $ref',
  ],
  [
    'a $ref into a schema',
    (d) =>
      (d.components.schemas.Item.properties.kind.$ref =
        '#/components/schemas/Form/properties/name'),
    '#/components/schemas/Item/properties/kind/$ref',
    'The $ref #/components/schemas/Form/properties/name',
  ],
  [
    'a $ref into paths',
    (_d, i) => (i.post.requestBody.$ref = '#/paths/~1bodies~1form/post/requestBody'),
    '#/paths/~1items/post/requestBody/$ref',
    'The $ref #/paths/',
  ],
  [
    'a $ref to a path',
    (d) => (d.paths['/copy'] = { $ref: '#/paths/~1items' }),
    '#/paths/~1copy/$ref',
    'The $ref #/paths/~1items',
  ],
  [
    'a path that no request has',
    (d) => (d.paths['/items#all'] = {}),
    '#/paths/~1items#all',
    'The path /items#all',
  ],
  [
    'a path parameter that has no place in the path',
    (_d, i) => i.get.parameters.push({ name: 'other', in: 'path', required: true, schema: {} }),
    '#/paths/~1items/get/parameters/11',
    'The path parameter other of /items ',
  ],
  [
    'a name in braces that nothing describes',
    (d) => {
      const other = { name: 'other', in: 'path', required: true, schema: {} };
      const described = { parameters: [other], responses: {} };
      d.paths['/items/{other}/x'] = { get: { responses: {} }, delete: described };
    },
    '#/paths/~1items~1{other}~1x/get',
    '{other} in /items/{other}/x ',
  ],
  [
    'a field in the query that is called as another parameter',
    (_d, i) => {
      const schema = { type: 'object', properties: { size: {} } };
      i.get.parameters.push({ name: 'sorting', in: 'query', schema });
    },
    '#/paths/~1items/get/parameters/11',
    '`size` of the parameters size and sorting ',
  ],
  [
    'a name in brackets that is the one of a field',
    (_d, i) => {
      const schema = { type: 'object', properties: { size: {} } };
      const nested = { name: 'sorting', in: 'query', style: 'deepObject', schema };
      i.get.parameters.push(nested, { name: 'sorting[size]', in: 'query', schema: {} });
    },
    '#/paths/~1items/get/parameters/12',
    '`sorting[size]` of the parameters sorting and sorting[size] ',
  ],
  [
    'two values of one header',
    (d, i) => {
      d.components.securitySchemes.Custom = { type: 'apiKey', in: 'header', name: 'AUTHORIZATION' };
      i.get.security = [{ Bearer: [] }, { Custom: [], Bearer: [] }];
    },
    '#/paths/~1items/get/security/1',
    'Two schemes in the header authorization ',
  ],
  [
    'a pattern of another language',
    (d) => (d.components.schemas.Uuid.pattern = '(?i)^a$'),
    '#/components/schemas/Uuid/pattern',
    'The pattern (?i)^a$',
  ],
  [
    'a pattern of names without the flag u',
    (d) => (d.components.schemas.Form.patternProperties = { '^\\@': true }),
    '#/components/schemas/Form/patternProperties/^\\@',
    'The pattern ^\\@',
  ],
  [
    'a property __proto__',
    ({ components: c }) => (c.schemas.Form.properties = JSON.parse('{ "__proto__": {} }')),
    '#/components/schemas/Form/properties/__proto__',
    'The name __proto__',
  ],
  [
    'a component __proto__',
    ({ components: c }) => (c.links = JSON.parse('{ "__proto__": {} }')),
    '#/components/links/__proto__',
    'The name __proto__',
  ],
  ...['X H', 'X-\u00e9', ''].map((name): [string, (d: LooseDocument) => void, string, string] => [
    `the header name "${name}"`,
    (d) => (d.components.parameters.Trace.name = name),
    '#/components/parameters/Trace/name',
    `The header name "${name}"`,
  ]),
  [
    'a key in a header without a name',
    (d) => (d.components.securitySchemes.ApiKey.name = 'X Key'),
    '#/components/securitySchemes/ApiKey/name',
    'The header name "X Key"',
  ],
  [
    'a response header that is not a token',
    (d) => (d.components.responses.ItemsListed.headers['E Tag'] = { schema: true }),
    '#/components/responses/ItemsListed/headers/E Tag',
    'The header name "E Tag"',
  ],
  ...['json', 'application json', 'application/'].map(
    (type): [string, (d: LooseDocument) => void, string, string] => [
      `the media type ${type}`,
      (d) => (d.components.requestBodies.Notice.content = { [type]: {} }),
      `#/components/requestBodies/Notice/content/${type.replace('/', '~1')}`,
      `The media type "${type}"`,
    ],
  ),
  [
    'a link to nothing',
    (d) => (d.components.links.Gone = { operationId: 'showNothing' }),
    '#/components/links/Gone/operationId',
    'A link to showNothing',
  ],
  [
    'parameters of a link in a list',
    (d) => (d.components.links.Odd = { operationId: 'listItems', parameters: ['id'] }),
    '#/components/links/Odd/parameters',
    'A link with other parameters',
  ],
  [
    'schemas with one file name',
    (d) => (d.components.schemas.uuid = { type: 'string' }),
    '#/components/schemas/uuid',
    'The schema uuid beside Uuid',
  ],
  ...[
    { minLength: 3, maxLength: 2 },
    { minimum: 1.5, maximum: 1 },
    { exclusiveMinimum: 1, maximum: 1 },
    { minItems: 2, maxItems: 1 },
  ].map((limits): [string, (d: LooseDocument) => void, string, string] => [
    `nothing fits ${JSON.stringify(limits)}`,
    (d) => (d.components.schemas.Odd = limits),
    `#/components/schemas/Odd/${Object.keys(limits)[0]}`,
    `\`${Object.keys(limits)[0]}: `,
  ]),
  ...['$ref', 'allOf', 'anyOf', 'oneOf'].map(
    (by): [string, (d: LooseDocument) => void, string, string] => [
      `a schema that is itself by ${by}`,
      (d) => {
        const $ref = '#/components/schemas/Me';
        d.components.schemas.Me =
          by === '$ref' ? { $ref } : { [by]: [{ type: 'object' }, { $ref }] };
      },
      '#/components/schemas/Me',
      'A schema that leads back to itself',
    ],
  ),
  ...[
    '$id',
    '$anchor',
    '$defs',
    '$dynamicRef',
    '$dynamicAnchor',
    '$vocabulary',
    '$recursiveRef',
    '$recursiveAnchor',
    'definitions',
    'dependencies',
    'xml',
  ].map((keyword): [string, (d: LooseDocument) => void, string, string] => [
    keyword,
    (d) => (d.components.schemas.Uuid[keyword] = {}),
    `#/components/schemas/Uuid/${keyword}`,
    `\`${keyword}\``,
  ]),
  [
    'a dialect of one schema',
    (d) => (d.components.schemas.Uuid.$schema = 'urn:x'),
    '#/components/schemas/Uuid/$schema',
    '`$schema: urn:x`',
  ],
  [
    'a certificate',
    (d) => (d.components.securitySchemes.OpenId.type = 'mutualTLS'),
    '#/components/securitySchemes/OpenId/type',
    '`type: mutualTLS`',
  ],
  [
    'a key in the query',
    (d) => (d.components.securitySchemes.ApiKey.in = 'query'),
    '#/components/securitySchemes/ApiKey/in',
    '`in: query`',
  ],
  [
    'a key in a cookie',
    (d) => (d.components.securitySchemes.ApiKey.in = 'cookie'),
    '#/components/securitySchemes/ApiKey/in',
    '`in: cookie`',
  ],
  [
    'a digest',
    (d) => (d.components.securitySchemes.Basic.scheme = 'digest'),
    '#/components/securitySchemes/Basic/scheme',
    '`scheme: digest`',
  ],
];

test.each(refused)('refused: %s', (_name, breakIt, pointer, beginning) => {
  const document: LooseDocument = structuredClone(everything);
  breakIt(document, document.paths['/items']);
  const notices = keywordNotices(document);
  expect(notices.map((notice) => notice.pointer)).toEqual([pointer]);
  expect(notices[0]?.message).toMatch(/ (is|are) not supported by [a-z, ]+\. \S.*\. \S.*\.$/);
  expect(notices[0]?.message.slice(0, beginning.length)).toBe(beginning);
});

test.each<[string, LooseDocument]>([
  ['a $ref that is not a text', { $ref: null }],
  ['one value', { minLength: 2, maxLength: 2, minimum: 0, maximum: 0 }],
  ['a tree', { anyOf: [{ type: 'string' }, { items: { $ref: '#/components/schemas/Fine' } }] }],
  [
    'the same twice',
    { allOf: [{ $ref: '#/components/schemas/Uuid' }, { $ref: '#/components/schemas/Uuid' }] },
  ],
])('not refused: %s', (_name, schema) => {
  const document: LooseDocument = structuredClone(everything);
  document.components.schemas.Fine = schema;
  const content = { 'Text/Plain; charset=utf-8': {} };
  document.components.requestBodies.Notice.content = content;
  expect(keywordNotices(document)).toEqual([]);
});

test('each refusal has such a case', () => {
  const messages = refused.map(([, breakIt]) => {
    const document: LooseDocument = structuredClone(everything);
    breakIt(document, document.paths['/items']);
    return keywordNotices(document).map(({ message }) => message);
  });
  const reasons = new Set(
    [...[...cells()].map((cell) => cell.cells), ...rules.map((rule) => rule.cells)].flatMap(
      (each) =>
        Object.values(each).flatMap((cell) => (cell.verdict === 'refused' ? [cell.reason] : [])),
    ),
  );
  for (const reason of reasons) expect(messages.flat().join('\n')).toContain(reason);
});

/** Every field, as `Kind.field`, and every value, as `Kind.field: value`. */
function* cells(): Generator<{ at: string; cells: Cells }> {
  for (const [kind, fields] of Object.entries(grammar)) {
    for (const [field, { cells: own, values }] of Object.entries(fields)) {
      yield { at: `${kind}.${field}`, cells: own };
      for (const [value, each] of Object.entries(values))
        yield { at: `${kind}.${field}: ${value}`, cells: each };
    }
  }
}

function occurrences(...documents: FixtureDocument[]): Set<string> {
  const found = new Set<string>();
  for (const document of documents) {
    const root = { file: '', pointer: '#', value: document };
    for (const { kind, node, fields } of walkDocument(root, () => undefined)) {
      for (const [field, row] of fields) {
        const name =
          Object.values(grammar[kind] ?? {}).includes(row) &&
          !Object.hasOwn(grammar[kind] ?? {}, field)
            ? '*'
            : field;
        found.add(`${kind}.${name}`);
        const { values } = row;
        const value = `${node[field]}`;
        if (Object.keys(values).length > 0)
          found.add(`${kind}.${name}: ${Object.hasOwn(values, value) ? value : '*'}`);
      }
    }
  }
  return found;
}

function* fieldsOf(schema: LooseDocument): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries<LooseDocument>(schema)) {
    if (key === 'properties') yield* Object.keys(value);
    else if (key !== 'if' && key !== 'not') yield* fieldsOf(value);
  }
}

test('the page shows the table as it is', () => {
  const page = readFileSync(new URL('../../docs/keywords.md', import.meta.url), 'utf8');
  expect(page, 'run `pnpm --filter @sql-sessions/contract keywords`').toBe(keywordPage());
});
