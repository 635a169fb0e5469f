import { readFixture } from '@sql-sessions/testing/contracts';
import { describe, expect, test, vi } from 'vitest';
import { type AnyResult, createAnyClient, rowOf, rowsOf } from './contracts.ts';
import { type Fault, playFaults } from './fault-server.ts';

const rows = rowsOf(readFixture('everything'));
const TOKENS = {
  ApiKey: 'key-0123456789',
  Bearer: 'bearer-0123456789',
  Basic: 'ann:p\u00e4ss',
  OpenId: 'openid-0123456789',
};

/** What libraries have for a `Blob`, which the platform writes as `[object Object]`. */
const FOREIGN = { size: 3, type: 'image/png', arrayBuffer: async () => new ArrayBuffer(3) };

/** Sends one operation and gives what was on the wire, and the result. */
async function send(
  id: string,
  args: object,
  { response = { status: 204 }, options = {} }: { response?: Fault; options?: object } = {},
) {
  await using server = await playFaults([response]);
  const client = createAnyClient(rows, {
    baseUrl: server.baseUrl,
    token: TOKENS as object,
    ...options,
  });
  const result: AnyResult = await client[id]?.(args);
  const [request] = server.requests;
  return { request, result };
}

describe('parameters on the wire', () => {
  test.each<[string, object, string]>([
    ['a scalar', { $top: 3 }, '%24top=3'],
    ['a boolean', { archived: false }, 'archived=false'],
    ['form, exploded', { color: ['red', 'dark blue'] }, 'color=red&color=dark%20blue'],
    ['form, not exploded', { size: [1, 2] }, 'size=1,2'],
    ['spaceDelimited', { word: ['blue', 'a|b'] }, 'word=blue%20a%7Cb'],
    ['pipeDelimited', { part: ['top', 'a b'] }, 'part=top%7Ca%20b'],
    [
      'deepObject',
      { filter: { name: 'a&b', min_price: 5 } },
      'filter%5Bname%5D=a%26b&filter%5Bmin_price%5D=5',
    ],
    [
      'deepObject with a list',
      { filter: { tags: ['a', 'b'] } },
      'filter%5Btags%5D=a&filter%5Btags%5D=b',
    ],
    ['an object, not exploded', { range: { from: 1, to: 9 } }, 'range=from,1,to,9'],
    ['an object, exploded', { area: { lat: 47.5, lon: 8.5 } }, 'lat=47.5&lon=8.5'],
    [
      'content',
      { where: { field: 'price', above: 3 } },
      `where=${encodeURIComponent('{"field":"price","above":3}')}`,
    ],
    [
      'reserved characters',
      { redirect: 'https://a.example/b?c=d&e=f#g' },
      'redirect=https://a.example/b?c=d%26e=f%23g',
    ],
    ['an empty list', { size: [] }, ''],
  ])('%s', async (_, args, query) => {
    const { request } = await send('listItems', args, {
      response: { status: 200, body: { items: [] } },
    });
    expect(request?.url).toBe(`/items${query && `?${query}`}`);
  });

  test('lists and objects in the path', async () => {
    const args = { item_ids: [7, 8], box: { w: 3, h: 4 }, tags: ['new', 'cheap'] };
    const { request, result } = await send('compareItems', args, {
      response: { status: 200, headers: { 'content-type': 'application/json' }, body: 'false' },
    });
    expect(request?.url).toBe('/items/7,8/compare/w=3,h=4/new,cheap');
    expect(result).toMatchObject({ ok: true, status: 200, body: false });
  });

  test('headers', async () => {
    const args = {
      item_id: 7,
      'X-Fields': ['id', 'name'],
      'X-Options': { deep: true, level: 2 },
    };
    const { request } = await send('showItem', args, {
      response: { status: 200, body: { id: 7, name: 'a', kind: 'red' } },
    });
    expect(request?.headers).toMatchObject({
      'x-fields': 'id,name',
      'x-options': 'deep=true,level=2',
    });
  });
});

describe('bodies on the wire', () => {
  test.each<[string, string, object, string, string]>([
    ['JSON', 'createItem', { body: { name: 'é' } }, 'application/json', '{"name":"é"}'],
    [
      '+json, optional',
      'changeItem',
      { item_id: 7, body: { price: null } },
      'application/merge-patch+json',
      '{"price":null}',
    ],
    ['a scalar as JSON', 'sendText', { body: 'x' }, 'application/json', '"x"'],
    ['null as JSON', 'sendText', { body: null }, 'application/json', 'null'],
    ['text', 'sendText', { body: 'x', contentType: 'text/plain' }, 'text/plain', 'x'],
    [
      'text, with a parameter',
      'sendText',
      { body: 'x', contentType: 'Text/Plain; charset=utf-8' },
      'text/plain',
      'x',
    ],
    [
      'a form',
      'sendForm',
      { body: { name: 'a&b c', colors: ['red', 'green'], note: 'a/b?', agree: true } },
      'application/x-www-form-urlencoded',
      'name=a%26b%20c&colors=red,green&note=a/b?&agree=true',
    ],
    [
      'a view of bytes',
      'replacePicture',
      { item_id: 7, body: new TextEncoder().encode('png') },
      'application/octet-stream',
      'png',
    ],
    [
      'a Blob',
      'replacePicture',
      { item_id: 7, body: new Blob(['p', 'ng']) },
      'application/octet-stream',
      'png',
    ],
  ])('%s', async (_, id, args, type, body) => {
    const { request } = await send(id, args, { response: { status: 404, body: { title: 'no' } } });
    expect(request?.headers['content-type']).toBe(type);
    expect(request?.body).toBe(body);
  });

  test('members and types that are called like those of every object', async () => {
    const body = { name: 'a', constructor: 'b', toString: { c: 1 } };
    const { request } = await send('sendForm', { body }, { response: { status: 404, body: {} } });
    expect(request?.body).toBe('name=a&constructor=b&toString=%7B%22c%22%3A1%7D');
    const fetch = vi.fn(
      async () => new Response('x', { headers: { 'content-type': 'constructor' } }),
    );
    const client = createAnyClient(rows, { fetch });
    expect(await client.sendText?.({ body: '' })).toMatchObject({ reason: 'content-type' });
    const wrong = client.sendText?.({ body: '', contentType: 'constructor' });
    await expect(wrong).rejects.toMatchObject({ kind: 'invalid-argument' });
  });

  test('parameters and members of one that are called like those of every object', async () => {
    const fetch = vi.fn(async (_url: string) => Response.json({}));
    const schema = { type: 'object', properties: { constructor: { type: 'string' } } };
    const parameters = [
      { name: 'valueOf', in: 'query', schema: { type: 'string' } },
      { name: 'filter', in: 'query', style: 'deepObject', schema },
    ];
    const client = createAnyClient({ anyOperation: rowOf({ parameters }) }, { fetch });
    await client.anyOperation?.({ filter: { a: 1 } });
    expect(fetch.mock.calls[0]?.[0]).toMatch(/\?filter%5Ba%5D=1$/);
  });

  test('null in a query is an empty text, and is refused in a header', async () => {
    const fetch = vi.fn(async (_url: string) => Response.json({}));
    const schema = { type: ['string', 'null'] };
    const parameters = ['query', 'header'].map((place) => ({ name: place, in: place, schema }));
    const client = createAnyClient({ anyOperation: rowOf({ parameters }) }, { fetch });
    await client.anyOperation?.({ query: null });
    expect(fetch.mock.calls[0]?.[0]).toMatch(/\?query=$/);
    await expect(client.anyOperation?.({ header: null })).rejects.toThrow('header must be');
  });

  test('no body where an optional one is not given', async () => {
    const { request } = await send('changeItem', { item_id: 7 });
    expect(request?.headers).not.toHaveProperty('content-type');
    expect(request?.body).toBe('');
  });

  test('parts, which Node reads as they were meant', async () => {
    const file = new File(['png'], 'a "b".png', { type: 'image/png' });
    const body = { file, meta: { title: 'ü' }, labels: ['a', 'b'], count: 2 };
    const { request } = await send(
      'sendParts',
      { body },
      {
        response: { status: 200, headers: { 'content-type': 'application/json' }, body: 'null' },
      },
    );
    const type = request?.headers['content-type'] ?? '';
    const form = await new Response(request?.body, {
      headers: { 'content-type': type },
    }).formData();
    const sent = form.get('file') as File;
    expect([sent.type, await sent.text()]).toEqual(['image/png', 'png']);
    expect(form.get('meta')).toBe('{"title":"ü"}');
    expect(form.getAll('labels')).toEqual(['a', 'b']);
    expect(form.get('count')).toBe('2');
    expect(request?.body).toContain('name="meta"\r\nContent-Type: application/json\r\n');
  });

  test.each([
    ['sendText', { body: 7, contentType: 'text/plain' }, 'body must be a string; got a number'],
    [
      'sendText',
      { body: '', contentType: 'text/html' },
      'contentType must be application/json or text/plain',
    ],
    ['sendText', { body: 7n }, 'body must be a value that JSON can express; got a bigint'],
    ['sendForm', { body: [1] }, 'body must be an object; got a list of length 1'],
    ['sendForm', { body: new URLSearchParams('a=b') }, 'fields of the form, not URLSearchParams;'],
    ['sendParts', { body: new FormData() }, 'fields of the form, not FormData;'],
    ['sendParts', { body: { file: FOREIGN } }, 'await arrayBuffer()'],
    ['replacePicture', { item_id: 7, body: FOREIGN }, 'await arrayBuffer()'],
    ['replacePicture', { item_id: 7, body: new Response('png') }, 'await arrayBuffer()'],
    [
      'replacePicture',
      { item_id: 7, body: 'png' },
      'body must be a Blob, an ArrayBuffer or a view of one',
    ],
    ['createItem', {}, 'body must be given as application/json; got nothing'],
    // Where they arrive, these would be read as other lists.
    ['listItems', { word: ['a b'] }, 'word must be an array, none of its items with a space; got'],
    ['listItems', { part: ['a|b'] }, 'part must be an array, none of its items with `|`; got'],
    ['showItem', { item_id: 7, 'X-Fields': ['a,b'] }, 'X-Fields must be an array, none of'],
  ])('%s refuses %o', async (id, args, message) => {
    const fetch = vi.fn(() => expect.unreachable());
    await expect(createAnyClient(rows, { fetch })[id]?.(args)).rejects.toThrow(message);
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe('responses', () => {
  const of = (type: string, body: string, status = 200) => ({
    response: { status, headers: { 'content-type': type }, body },
  });
  const problem = { title: 'no' };
  const item = { id: 7, name: 'a', kind: 'red' };
  test.each<[string, string, object, { response: Fault }, object]>([
    [
      'JSON',
      'showItem',
      { item_id: 7 },
      of('application/json', JSON.stringify(item)),
      { ok: true, status: 200, body: item },
    ],
    [
      '+json',
      'changeItem',
      { item_id: 7 },
      of('application/vnd.example.item+json; charset=UTF-8', JSON.stringify(item)),
      { ok: true, status: 200, body: item },
    ],
    ['null', 'sendParts', { body: {} }, of('application/json', 'null'), { ok: true, body: null }],
    ['a scalar', 'sendText', { body: '' }, of('application/json', '"x"'), { ok: true, body: 'x' }],
    [
      'a text of several types',
      'sendText',
      { body: '' },
      of('text/csv', 'a,b\n'),
      { ok: true, body: 'a,b\n' },
    ],
    [
      'a text of a type that is no text/*',
      'sendText',
      { body: '' },
      of('application/x-ndjson', '1\n2\n'),
      { ok: true, body: '1\n2\n' },
    ],
    ['an empty text', 'sendText', { body: '' }, of('text/plain', ''), { ok: true, body: '' }],
    [
      'bytes',
      'showPicture',
      { item_id: 7 },
      of('image/png', 'png'),
      { ok: true, body: new TextEncoder().encode('png') },
    ],
    [
      'no bytes',
      'showPicture',
      { item_id: 7 },
      of('image/png', ''),
      { ok: true, body: new Uint8Array() },
    ],
    [
      'a range',
      'listItems',
      {},
      of('application/problem+json', JSON.stringify(problem), 418),
      { ok: false, status: '4XX', httpStatus: 418, body: problem },
    ],
    [
      'a number before default',
      'showItem',
      { item_id: 7 },
      of('application/problem+json', JSON.stringify(problem), 404),
      { ok: false, status: 404 },
    ],
    [
      'default',
      'showItem',
      { item_id: 7 },
      of('application/problem+json', JSON.stringify(problem), 410),
      { ok: false, status: 'default', httpStatus: 410, body: problem },
    ],
    [
      'default, as text',
      'showItem',
      { item_id: 7 },
      of('text/plain', 'broke', 410),
      { ok: false, status: 'default', body: 'broke' },
    ],
    [
      'another 2xx before default',
      'showItem',
      { item_id: 7 },
      of('application/json', JSON.stringify(item), 203),
      { ok: true, status: 200, httpStatus: 203 },
    ],
    [
      'a documented redirect',
      'showItem',
      { item_id: 7 },
      { response: { redirectTo: '/items/8', status: 303 } },
      { ok: false, status: 303, headers: { location: '/items/8' } },
    ],
    [
      'HEAD',
      'countItems',
      {},
      {
        response: {
          status: 200,
          headers: { 'x-total-count': '2', 'content-type': 'application/json' },
        },
      },
      { ok: true, status: 200, body: undefined, headers: { 'x-total-count': '2' } },
    ],
    [
      'HEAD, an error',
      'countItems',
      {},
      { response: { status: 404 } },
      { ok: false, status: '4XX', body: undefined },
    ],
    ['204', 'deleteItem', { item_id: 7 }, { response: { status: 204 } }, { ok: true, status: 204 }],
    [
      'not the object that is documented',
      'showItem',
      { item_id: 7 },
      of('application/json', '[]'),
      { status: 'unexpected', reason: 'invalid-body' },
    ],
    [
      'an error without its members',
      'showItem',
      { item_id: 7 },
      of('application/problem+json', '{"message":"no"}', 404),
      { status: 'unexpected', reason: 'invalid-body' },
    ],
    [
      'a type that is not documented',
      'showPicture',
      { item_id: 7 },
      of('image/gif', 'gif'),
      { status: 'unexpected', reason: 'content-type' },
    ],
    [
      '304, which is not a redirect',
      'showPicture',
      { item_id: 7 },
      { response: { status: 304 } },
      { status: 'unexpected', reason: 'status', httpStatus: 304 },
    ],
  ])('%s', async (_, id, args, given, expected) => {
    expect((await send(id, args, { ...given, options: { maxAttempts: 1 } })).result).toMatchObject(
      expected,
    );
  });

  test('in another charset', async () => {
    const fetch = async () =>
      new Response(new Uint8Array([0x22, 0xe4, 0x22]), {
        headers: { 'content-type': 'application/json; charset="iso-8859-1"' },
      });
    expect(await createAnyClient(rows, { fetch }).sendText?.({ body: '' })).toMatchObject({
      body: 'ä',
    });
  });

  test('of a type that is documented with a parameter', async () => {
    const content = { 'Application/JSON; charset=utf-8': { schema: { type: 'object' } } };
    const anyOperation = rowOf({ responses: { 200: { content } } });
    const fetch = async () => Response.json({ a: 1 });
    expect(await createAnyClient({ anyOperation }, { fetch }).anyOperation?.()).toMatchObject({
      ok: true,
      body: { a: 1 },
    });
    expect(anyOperation.accept).toBe('application/json');
  });

  test.each([600, 999])('%i is no status that "default" documents', async (status) => {
    const fetch = async () => ({ status, headers: new Headers(), body: null });
    const result = await createAnyClient(rows, { fetch }).showItem?.({ item_id: 7 });
    expect(result).toMatchObject({ status: 'unexpected', reason: 'status', httpStatus: status });
  });

  test('the limit of a success is an option, that of an error is 64 KiB', async () => {
    const fetch = async () =>
      new Response('x'.repeat(100), { headers: { 'content-type': 'image/png' } });
    const client = createAnyClient(rows, { fetch, maxResponseBytes: 99 });
    expect(await client.showPicture?.({ item_id: 7 })).toMatchObject({ reason: 'too-large' });
    expect(await client.showPicture?.({ item_id: 7 }, { maxResponseBytes: 100 })).toMatchObject({
      ok: true,
    });
    const large = await send('showPicture', { item_id: 7 }, of('image/png', 'x'.repeat(3_000_000)));
    expect(large.result.body).toHaveLength(3_000_000);
  });
});

describe('security', () => {
  test.each<[string, Record<string, string>]>([
    ['readOpen', {}],
    ['readBearer', { authorization: 'Bearer bearer-0123456789' }],
    ['readBasic', { authorization: `Basic ${Buffer.from('ann:p\u00e4ss').toString('base64')}` }],
    // The first alternative that there is a token for.
    ['readOauth', { authorization: 'Bearer openid-0123456789' }],
    ['readBoth', { 'x-api-key': 'key-0123456789', authorization: 'Bearer bearer-0123456789' }],
    ['deleteItem', { 'x-api-key': 'key-0123456789' }],
  ])('%s', async (id, expected) => {
    const { request } = await send(id, id === 'deleteItem' ? { item_id: 7 } : {});
    const { authorization, 'x-api-key': key } = request?.headers ?? {};
    expect(JSON.parse(JSON.stringify({ authorization, 'x-api-key': key }))).toEqual(expected);
  });

  test('one provider for all schemes is told which', async () => {
    const token = vi.fn(({ scheme }: { scheme: string }) => `token-of-${scheme}`);
    const { request } = await send('readBoth', {}, { options: { token } });
    expect(request?.headers).toMatchObject({
      'x-api-key': 'token-of-ApiKey',
      authorization: 'Bearer token-of-Bearer',
    });
  });

  test('one token for all schemes', async () => {
    const { request } = await send('readBoth', {}, { options: { token: 'any-0123456789' } });
    expect(request?.headers).toMatchObject({
      'x-api-key': 'any-0123456789',
      authorization: 'Bearer any-0123456789',
    });
  });

  test('no token where there is none for it; a scheme that is not known', async () => {
    const { request } = await send(
      'readBearer',
      {},
      { options: { token: { ApiKey: 'key-0123456789' } } },
    );
    expect(request?.headers).not.toHaveProperty('authorization');
    expect(() => createAnyClient(rows, { token: { Bearrer: 'x' } as object })).toThrow(
      'unknown security scheme "Bearrer"; did you mean Bearer?',
    );
  });

  test('a fixed token that was refused is not sent again, whatever another scheme has', async () => {
    const token = { Bearer: TOKENS.Bearer, ApiKey: () => TOKENS.ApiKey } as object;
    const { result } = await send(
      'readBearer',
      {},
      { response: { status: 401 }, options: { token } },
    );
    expect(result).toMatchObject({ httpStatus: 401, attempts: 1 });
  });

  test.each(['nocolon', 'ann:\ud800'])('%j is refused for Basic', (Basic) => {
    expect(() => createAnyClient(rows, { token: { Basic } as object })).toThrow(
      expect.objectContaining({
        kind: 'invalid-argument',
        message: 'token must be a name, a colon and a password.',
      }),
    );
  });

  test('the password of Basic is a secret, with its name and alone', async () => {
    const Basic = 'ann:p\u00e4ss-0123';
    const said = `<p>${Basic} p\u00e4ss-0123 p&#xe4;ss%2d0123</p>`;
    const { result } = await send(
      'readBasic',
      {},
      { response: { status: 503, body: said }, options: { maxAttempts: 1, token: { Basic } } },
    );
    expect(result.snippet).toBe('<p>[token] [token] [token]</p>');
  });

  test('the password of Basic is a secret, and a name alone is refused', async () => {
    const basic = Buffer.from('ann:p\u00e4ss').toString('base64');
    const { result } = await send(
      'readBasic',
      {},
      {
        response: { status: 503, body: `<p>${basic}</p>` },
        options: { maxAttempts: 1 },
      },
    );
    expect(result.snippet).toBe('<p>[token]</p>');
    const client = createAnyClient(rows, {
      token: { Basic: async () => 'ann' } as object,
      fetch: () => expect.unreachable(),
    });
    await expect(client.readBasic?.()).rejects.toMatchObject({
      kind: 'token',
      cause: { message: 'token must be a name, a colon and a password.' },
    });
  });
});
