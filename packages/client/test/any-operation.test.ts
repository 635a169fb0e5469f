import { describe, expect, test, vi } from 'vitest';
import type { FetchInit } from '../src/index.ts';
import { createAnyClient, rowOf } from './contracts.ts';
import { type Fault, playFaults } from './fault-server.ts';

/** Any operation the contract might have one day, called as if it were there. */
async function call(
  operation: object,
  args?: unknown,
  {
    method = 'get',
    path = '/v1/things',
    ...options
  }: Record<string, unknown> & {
    method?: string;
    path?: string;
  } = {},
) {
  const anyOperation = rowOf(operation, { method, path });
  const client = createAnyClient({ anyOperation }, { fetch: unreachable, ...options });
  return await client.anyOperation?.(args);
}

const unreachable = vi.fn(() => expect.unreachable());

function parameter(given: object) {
  return { name: 'p', in: 'path', required: true, schema: { type: 'string' }, ...given };
}

const json = (status: number, body?: object) => async () =>
  body ? Response.json(body, { status }) : new Response(null, { status });

describe('every limit of the operation table is held before anything is sent', () => {
  type Case = [
    { in?: string; schema?: object; required?: boolean },
    good: unknown[],
    bad: unknown[],
  ];
  const cases: Case[] = [
    // A path segment that would vanish or climb, whatever the contract allows.
    [{}, ['a', 'a/b', '...', 'é', '%2e%2e', '💥'], ['', '.', '..', undefined, null, 1, {}, ['a']]],
    [{ schema: {} }, ['a', 1, true, ['a', 'b']], ['', '.', '..', [], {}, ['.'], undefined]],
    // Lengths count code points.
    [
      { schema: { type: 'string', minLength: 2, maxLength: 3 } },
      ['ab', '💥💥💥'],
      ['a', '💥', 'abcd', '💥💥💥💥'],
    ],
    [{ schema: { type: 'string', pattern: '^\\p{L}+$' } }, ['aé'], ['a1', 'a\n']],
    [{ schema: { type: 'string', enum: ['up', 'down'] } }, ['up'], ['UP', 'toString']],
    [{ schema: { const: 'up' } }, ['up'], ['down']],
    [
      { schema: { type: 'integer', minimum: 1, maximum: 100 } },
      [1, 100],
      [0, 101, 1.5, '1', Number.NaN, 2 ** 60],
    ],
    [{ schema: { type: 'number', minimum: 0 } }, [0, 1.5], [-0.1, Infinity, Number.NaN, '1']],
    [{ schema: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 2 } }, [1], [0, 2]],
    [{ schema: { type: 'boolean' } }, [true, false], ['true', 0]],
    [{ schema: { type: ['integer', 'string'], enum: [1, 'all'] } }, [1, 'all'], [2, 'none']],
    [{ schema: { anyOf: [{ type: 'integer' }, { const: 'all' }] } }, [3, 'all'], ['some', 1.5]],
    [
      { schema: { allOf: [{ type: 'string', minLength: 2 }, { maxLength: 3 }] } },
      ['ab'],
      ['a', 'abcd'],
    ],
    [
      { schema: { type: 'array', minItems: 2, maxItems: 3, items: { type: 'integer' } } },
      [[1, 2]],
      [[1], [1, 2, 3, 4], [1, 'b'], 'a', 1],
    ],
    [
      {
        schema: {
          type: 'object',
          required: ['w'],
          properties: { w: { type: 'integer' } },
        },
      },
      [{ w: 1 }, { w: 1, more: 'x' }],
      [{}, { w: 'a' }, [1]],
    ],
    [{ in: 'query' }, ['', '.', '&a=b'], [undefined, null, 1]],
    [{ in: 'query', required: false }, [undefined, 'x'], [null, 1]],
    [{ in: 'header' }, ['', 'a b'], ['a\nb', 'é', undefined]],
    [{ in: 'header', schema: { type: 'array' } }, [['a', 'b']], [['a\r\nb'], ['é']]],
    // A half of a surrogate pair cannot be encoded.
    [{ in: 'query' }, ['💥'], ['\ud83d']],
    [{ in: 'query', schema: { type: 'array' } }, [['💥']], [['\ud83d']]],
  ];
  test.each(cases)('%j', async (given, good, bad) => {
    const path = given.in ? '/v1/things' : '/v1/things/{p}';
    const operation = { parameters: [parameter(given)] };
    for (const value of bad) {
      await expect(call(operation, { p: value }, { path }), `${value}`).rejects.toMatchObject({
        kind: 'invalid-argument',
        attempts: 0,
        message: expect.stringMatching(/^anyOperation: p must be .+; got .+\. Nothing was sent\.$/),
      });
    }
    expect(unreachable).not.toHaveBeenCalled();
    for (const value of good) {
      const fetch = vi.fn(json(200, {}));
      expect(await call(operation, { p: value }, { path, fetch }), `${value}`).toMatchObject({
        ok: true,
      });
      expect(fetch).toHaveBeenCalledOnce();
    }
  });

  test('no arguments at all', async () => {
    const operation = { parameters: [parameter({})] };
    for (const args of [undefined, null, {}]) {
      await expect(call(operation, args, { path: '/v1/things/{p}' })).rejects.toThrow(
        'p must be a string; got nothing',
      );
    }
  });

  test('values that are harmless alone cannot climb together', async () => {
    const parameters = ['p', 'q'].map((name) => parameter({ name, schema: {} }));
    const path = '/v1/things/{p}{q}/x';
    const fetch = vi.fn(json(200, {}));
    expect(await call({ parameters }, { p: '...', q: 'x' }, { path, fetch })).toMatchObject({
      ok: true,
    });
    for (const dots of ['/v1/%2e./{p}', '/v1/./{p}', '/v1/../{p}']) {
      const only = { parameters: parameters.slice(0, 1) };
      await expect(call(only, { p: 'a' }, { path: dots })).rejects.toMatchObject({
        kind: 'invalid-argument',
      });
    }
  });
});

describe('names that are not known are refused, and the nearest one is suggested', () => {
  const operation = {
    parameters: [
      parameter({ name: 'session_id', in: 'query', required: false }),
      parameter({ name: 'older_than', in: 'query', required: false }),
    ],
  };
  test.each([
    ['sesion_id', 'session_id'],
    ['olderThan', 'older_than'],
    ['SESSION_ID', 'session_id'],
  ])('%s', async (wrong, right) => {
    await expect(call(operation, { [wrong]: 'x' })).rejects.toThrow(
      `anyOperation: unknown argument "${wrong}"; did you mean ${right}? Allowed: session_id, older_than.`,
    );
  });

  test('one that is far from all', async () => {
    await expect(call(operation, { workspace: 'x' })).rejects.toThrow(
      'anyOperation: unknown argument "workspace". Allowed: session_id, older_than.',
    );
    await expect(call({}, { workspace: 'x' })).rejects.toThrow('Allowed: none.');
    await expect(call({}, { body: {} })).rejects.toThrow('unknown argument "body"');
  });

  test('options of a client and of a call', async () => {
    expect(() => createAnyClient({}, { timeOut: 5 } as object)).toThrow(
      'unknown option "timeOut"; did you mean timeout?',
    );
    const client = createAnyClient({ anyOperation: rowOf({}) }, { fetch: unreachable });
    await expect(client.anyOperation?.({}, { maxAttempt: 5 })).rejects.toThrow(
      'anyOperation: unknown option "maxAttempt"; did you mean maxAttempts?',
    );
  });
});

describe('what is sent', () => {
  const body = { required: true, content: { 'application/json': { schema: {} } } };

  test('path, query and header parameters, and the body', async () => {
    await using server = await playFaults([{ status: 200, body: { id: 1 } }]);
    const operation = {
      requestBody: body,
      parameters: [
        parameter({}),
        parameter({ name: 'page size', in: 'query', schema: { type: 'integer' } }),
        parameter({ name: 'filter', in: 'query', required: false }),
        parameter({ name: 'X-Trace', in: 'header' }),
      ],
    };
    const args = { p: 'a/b?c#d', 'page size': 5, 'X-Trace': 't 1', body: { name: 'é' } };
    const result = await call(operation, args, {
      method: 'post',
      path: '/v1/things/{p}',
      baseUrl: server.baseUrl,
      fetch: undefined,
    });
    expect(result).toMatchObject({ ok: true, status: 200, body: { id: 1 } });
    expect(server.requests).toEqual([
      expect.objectContaining({
        method: 'POST',
        url: '/v1/things/a%2Fb%3Fc%23d?page%20size=5',
        body: '{"name":"é"}',
        headers: expect.objectContaining({ 'x-trace': 't 1', 'content-type': 'application/json' }),
      }),
    ]);
  });

  test('a required body cannot be left out', async () => {
    await expect(call({ requestBody: body }, {}, { method: 'post' })).rejects.toThrow(
      'anyOperation: body must be given as application/json; got nothing. Nothing was sent.',
    );
  });

  test('an optional body is sent if there is one', async () => {
    const sent: FetchInit[] = [];
    const fetch = async (_: string, init: FetchInit) => {
      sent.push(init);
      return Response.json({});
    };
    const operation = { requestBody: { ...body, required: false } };
    await call(operation, { body: { a: 1 } }, { method: 'patch', fetch });
    await call(operation, {}, { method: 'patch', fetch });
    expect(sent.map((init) => init.body)).toEqual(['{"a":1}', undefined]);
    expect(sent.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      undefined,
    ]);
  });
});

describe('what comes back', () => {
  test('a documented body is read, also from another 2xx', async () => {
    for (const status of [200, 201]) {
      expect(await call({}, {}, { fetch: json(status, { id: 1 }) })).toMatchObject({
        ok: true,
        status: 200,
        httpStatus: status,
        body: { id: 1 },
      });
    }
  });

  test('a success without the body that its caller was promised is no success', async () => {
    for (const status of [200, 204]) {
      expect(await call({}, {}, { fetch: json(status) })).toMatchObject({
        ok: false,
        status: 'unexpected',
        reason: 'empty-body',
        httpStatus: status,
      });
    }
  });

  test('several documented successes keep their own bodies', async () => {
    const content = { 'application/json': { schema: { type: 'object' } } };
    const responses = { 200: { content }, 202: {} };
    expect(await call({ responses }, {}, { fetch: json(202) })).toMatchObject({
      ok: true,
      status: 202,
      body: undefined,
    });
    expect(await call({ responses }, {}, { fetch: json(200, { id: 1 }) })).toMatchObject({
      status: 200,
      body: { id: 1 },
    });
  });
});

describe('retries depend on the method', () => {
  test.each([
    ['GET', 3],
    ['PUT', 3],
    ['DELETE', 3],
    ['HEAD', 3],
    ['POST', 1],
    ['PATCH', 1],
  ] as const)('%s: %i attempts', async (method, attempts) => {
    const fetch = vi.fn(async () => new Response(null, { status: 503 }));
    expect(await call({}, {}, { method: method.toLowerCase(), fetch })).toMatchObject({
      httpStatus: 503,
      attempts,
    });
    expect(fetch).toHaveBeenCalledTimes(attempts);
  });

  test('only a DELETE is done when its retry gets a 404', async () => {
    const gone = { error_code: 'common.01000001', error_msg: 'no such thing' };
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const responses = [Response.json({}, { status: 500 }), Response.json(gone, { status: 404 })];
      const fetch = vi.fn(async () => responses.shift());
      expect(await call({}, {}, { method: method.toLowerCase(), fetch })).toMatchObject(
        method === 'DELETE' ? { ok: true, status: 'already-deleted' } : { ok: false, status: 404 },
      );
    }
  });

  test('the 404 of a retry may be documented by a range or by default', async () => {
    for (const key of ['4XX', 'default']) {
      const came = [new Response(null, { status: 500 }), new Response(null, { status: 404 })];
      const responses = { 204: {}, [key]: {} };
      expect(
        await call({ responses }, {}, { method: 'delete', fetch: async () => came.shift() }),
      ).toMatchObject({ ok: true, status: 'already-deleted', httpStatus: 404 });
    }
  });

  test.each(['truncated', 'resetAfterHeaders'] as const)(
    'a success that came is not sent for again when its body breaks off: %s',
    async (fault) => {
      for (const method of ['get', 'put', 'delete']) {
        await using server = await playFaults([{ [fault]: 200 } as Fault]);
        const overrides = { baseUrl: server.baseUrl, fetch: undefined, method };
        expect(await call({}, {}, overrides)).toMatchObject({
          httpStatus: 200,
          reason: 'incomplete-body',
          attempts: 1,
        });
      }
    },
  );
});

test('a method for each row of the table, and none besides', () => {
  const rows = { a: rowOf({ operationId: 'listThings' }), b: rowOf({ operationId: 'showThing' }) };
  expect(Object.keys(createAnyClient(rows))).toEqual(['listThings', 'showThing']);
  expect(Object.keys(createAnyClient({}))).toEqual([]);
});
