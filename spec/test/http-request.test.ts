import { execFileSync } from 'node:child_process';
import { readFixture } from '@sql-sessions/testing/contracts';
import { describe, expect, test } from 'vitest';
import {
  exampleRequest,
  mediaTypeFor,
  type Parameter,
  readContract,
  toCurl,
  toHttpRequest,
  writeBody,
  writeParameter,
} from '../src/model.ts';

const LIST = ['a b', 'c'];
const OBJECT = { r: 1, g: 'x/y', none: null };

test.each<[place: Parameter['in'], style: Parameter['style'], boolean, unknown, string]>([
  ['path', 'simple', false, 'a/b', 'a%2Fb'],
  ['path', 'simple', true, OBJECT, 'r=1,g=x%2Fy'],
  ['path', 'label', false, LIST, '.a%20b,c'],
  ['path', 'label', true, LIST, '.a%20b.c'],
  ['path', 'label', true, OBJECT, '.r=1.g=x%2Fy'],
  ['path', 'matrix', false, LIST, ';p=a%20b,c'],
  ['path', 'matrix', true, LIST, ';p=a%20b;p=c'],
  ['path', 'matrix', true, OBJECT, ';r=1;g=x%2Fy'],
  ['query', 'form', true, LIST, 'p=a%20b&p=c'],
  ['query', 'form', false, LIST, 'p=a%20b,c'],
  ['query', 'form', true, [], ''],
  ['query', 'form', true, [{ a: 1 }], 'p=%7B%22a%22%3A1%7D'],
  ['query', 'pipeDelimited', false, LIST, 'p=a%20b%7Cc'],
  ['query', 'form', true, ['a', null], 'p=a&p='],
  ['query', 'form', false, [1, null, 2], 'p=1,,2'],
  ['query', 'form', true, null, 'p='],
  ['query', 'deepObject', true, OBJECT, 'p%5Br%5D=1&p%5Bg%5D=x%2Fy'],
  ['cookie', 'form', true, OBJECT, 'r=1; g=x%2Fy'],
  ['header', 'simple', false, LIST, 'a b,c'],
])('%s, %s, explode %s: %j is written as %s', (place, style, explode, value, text) => {
  const parameter = { name: 'p', in: place, style, explode, allowReserved: false };
  expect(writeParameter({ ...parameter, mediaType: undefined }, value)).toBe(text);
});

test('a path template travels as a URL has it', () => {
  const operation = { method: 'GET', path: '/größe/{id} "x"/a%20b:c', parameters: [] };
  const segments = { id: 'ü' };
  expect(toHttpRequest(operation, { valueFor: () => undefined, segments }).target).toBe(
    '/gr%C3%B6%C3%9Fe/ü%20%22x%22/a%20b:c',
  );
});

test.each([
  ['application/json', { a: null }, '{"a":null}'],
  ['text/plain', 'a', 'a'],
  ['application/x-www-form-urlencoded', { a: [1, 2], b: { c: 1 } }, 'a=1&a=2&b=%7B%22c%22%3A1%7D'],
  ['application/x-www-form-urlencoded', { a: null, b: [1, null] }, 'a=&b=1&b='],
  ['application/x-www-form-urlencoded', 'no object', ''],
])('a body of %s from %j', (mediaType, value, text) => {
  expect(writeBody({ mediaType }, value)).toEqual({ contentType: mediaType, text });
});

test('a form in parts names its boundary, the types and the files', () => {
  const encoding = { a: { contentType: 'text/csv', fileName: 'a.csv' }, b: { contentType: '*/*' } };
  const { contentType, text, parts } = writeBody(
    { mediaType: 'multipart/form-data', encoding },
    { a: '1,2', b: { c: 1 }, c: null },
  );
  const boundary = /boundary=(.+)$/.exec(contentType)?.[1];
  expect(text.split(`--${boundary}`)).toEqual([
    '',
    '\r\nContent-Disposition: form-data; name="a"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n1,2\r\n',
    '\r\nContent-Disposition: form-data; name="b"\r\nContent-Type: application/json\r\n\r\n{"c":1}\r\n',
    '\r\nContent-Disposition: form-data; name="c"\r\n\r\n\r\n',
    '--\r\n',
  ]);
  expect(parts?.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});

test('credentials travel where the contract says', () => {
  const credential = (place: 'header' | 'query' | 'cookie', basic = false) => ({
    in: place,
    name: 'key',
    prefix: basic ? 'Basic ' : '',
    basic,
    value: 'ü:1',
  });
  expect(
    toHttpRequest(
      { method: 'GET', path: '/{a}/{b}', parameters: [] },
      {
        valueFor: () => undefined,
        segments: { a: '%ZZ' },
        credentials: [credential('query'), credential('cookie'), credential('header', true)],
      },
    ),
  ).toEqual({
    method: 'GET',
    target: '/%ZZ/b?key=%C3%BC%3A1',
    headers: [
      ['key', 'Basic w7w6MQ=='],
      ['Cookie', 'key=%C3%BC:1'],
    ],
  });
});

describe.each(['family', 'warehouses', 'uploads', 'everything', 'foreign'] as const)(
  'the example requests of %s',
  (name) => {
    const { operations } = readContract(readFixture(name));
    test.each(operations.map((operation) => [operation.id, operation] as const))(
      '%s',
      (_, operation) => {
        const { method, target, headers, body } = exampleRequest(operation);
        expect([method, target]).toEqual([operation.method, expect.not.stringMatching(/[{}\s]/)]);
        const needed = operation.parameters.filter((one) => one.in === 'header' && one.required);
        const names = headers.map(([header]) => header);
        expect(names).toEqual(expect.arrayContaining(needed.map((one) => one.name)));
        if (body) expect(headers.at(-1)).toEqual(['Content-Type', body.contentType]);
      },
    );
  },
);

test('a command for curl is read by a shell as it was meant', () => {
  const command = toCurl(
    {
      method: 'POST',
      target: "/a/../b?c[d]='",
      headers: [
        ['A', "it's"],
        ['Empty', ''],
      ],
      body: { contentType: 'text/plain', text: '@$HOME `x`\n' },
    },
    'http://127.0.0.1:1/',
  );
  const words = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }; ${command}`], {
    encoding: 'utf8',
  });
  expect(words.split('\0').slice(0, -1)).toEqual([
    '-i',
    '-X',
    'POST',
    "http://127.0.0.1:1/a/../b?c[d]='",
    '--globoff',
    '--path-as-is',
    '-H',
    "A: it's",
    '-H',
    'Empty;',
    '--data-raw',
    '@$HOME `x`\n',
  ]);
});

test.each([
  ['application/json; version=2', 'application/json; version=2'],
  ['Application/JSON;charset=utf-8;VERSION="1"', 'application/json; version=1'],
  ['application/json; version=3', 'application/json; version=1'],
  ['application/json', 'application/json; version=1'],
  ['text/csv; charset=utf-8', 'text/*'],
  ['image/png', '*/*'],
])('what is said of a body of the type %s is what is said of %s', (sent, documented) => {
  const types = ['*/*', 'text/*', 'application/json; version=1', 'application/json; version=2'];
  const content = types.map((mediaType) => ({ mediaType }));
  expect(mediaTypeFor(content, sent)?.mediaType).toBe(documented);
});

test.each([
  ['@/etc/hostname', '', '', ['--form-string', 'a=@/etc/hostname']],
  ['<b>;type=x', '', '', ['--form-string', 'a=<b>;type=x']],
  ['@b', 'text/plain', '', ['-F', 'a="@b";type=text/plain']],
  ['"b"\\;', 'text/plain', 'c', ['-F', 'a="\\"b\\"\\\\;";type=text/plain;filename="c"']],
])(
  'the part %s of a form is one for curl, and no file (%s %s)',
  (value, contentType, fileName, words) => {
    const parts = [{ name: 'a', value, contentType, fileName }];
    const body = { contentType: 'multipart/form-data', text: '', parts };
    const request = { method: 'POST', target: '/', headers: [], body };
    const printed = toCurl(request, '', { quote: (text) => `${text}\n`, separator: '' });
    expect(printed.split('\n').at(-2)).toBe(words.join(' '));
  },
);
