import type { Operation, OperationParameter } from '@sql-sessions/contract/operations';
import { describe, expect, test, vi } from 'vitest';
import { createClient } from '../src/core.ts';
import { createSessionsClient, type SessionsClient } from '../src/index.ts';
import { playFaults } from './fault-server.ts';

/** Any operation the contract might have one day, called as if it were there. */
function call(row: Partial<Operation>, args: unknown, options: object = {}) {
  const operation = { id: 'anyOperation', ...BASE, ...row } as unknown as Operation;
  const client = createClient({
    baseUrl: 'https://sql.example.com',
    fetch: unreachable,
    ...options,
    operations: { operation },
  }) as unknown as Record<string, (args: unknown) => Promise<unknown>>;
  return client.anyOperation?.(args);
}

const BASE = {
  method: 'GET',
  path: '/v1/things',
  parameters: [],
  body: null,
  success: { 200: 'Thing' },
  errors: { 404: 'Error' },
};
const unreachable = vi.fn(() => expect.unreachable());

function parameter(given: Partial<OperationParameter>): OperationParameter {
  return {
    name: 'p',
    in: 'path',
    required: true,
    rule: 'as the rule says',
    schema: { type: 'string' },
    ...given,
  };
}

describe('every limit of the operation table is held before anything is sent', () => {
  type Case = [Partial<OperationParameter>, good: unknown[], bad: unknown[]];
  const cases: Case[] = [
    // A path segment that would vanish or climb, whatever the contract allows.
    [{}, ['a', 'a/b', '...', 'é', '%2e%2e', '💥'], ['', '.', '..', undefined, null, 1, {}, ['a']]],
    [{ schema: {} }, ['a', 1, true], ['', '.', {}, [], undefined]],
    // Lengths count code points.
    [
      { schema: { type: 'string', minLength: 2, maxLength: 3 } },
      ['ab', '💥💥💥'],
      ['a', '💥', 'abcd', '💥💥💥💥'],
    ],
    [{ schema: { type: 'string', pattern: '^\\p{L}+$' } }, ['aé'], ['a1', 'a\n']],
    [{ schema: { type: 'string', enum: ['up', 'down'] } }, ['up'], ['UP', 'toString']],
    [
      { schema: { type: 'integer', minimum: 1, maximum: 100 } },
      [1, 100],
      [0, 101, 1.5, '1', Number.NaN, 2 ** 60],
    ],
    [{ schema: { type: 'number', minimum: 0 } }, [0, 1.5], [-0.1, Infinity, Number.NaN, '1']],
    [{ schema: { type: 'boolean' } }, [true, false], ['true', 0]],
    [{ schema: { type: ['integer', 'string'], enum: [1, 'all'] } }, [1, 'all'], [2, 'none']],
    [{ in: 'query' }, ['', '.', '&a=b'], [undefined, null, 1]],
    [{ in: 'query', required: false }, [undefined, 'x'], [null, 1]],
    [{ in: 'header' }, ['', 'a b'], ['a\nb', 'é', undefined]],
    // A half of a surrogate pair cannot be encoded.
    [{ in: 'query' }, ['💥'], ['\ud83d']],
  ];
  test.each(cases)('%j', async (given, good, bad) => {
    const row = {
      path: given.in ? '/v1/things' : '/v1/things/{p}',
      parameters: [parameter(given)],
    };
    for (const value of bad) {
      await expect(call(row, { p: value }), `${value}`).rejects.toMatchObject({
        kind: 'invalid-argument',
        attempts: 0,
        message: expect.stringMatching(
          /^anyOperation: p must be as the rule says, but is .+\. Nothing was sent\.$/,
        ),
      });
    }
    expect(unreachable).not.toHaveBeenCalled();
    for (const value of good) {
      const fetch = vi.fn(async (_: Request) => Response.json({}));
      expect(await call(row, { p: value }, { fetch }), `${value}`).toMatchObject({ ok: true });
      expect(fetch).toHaveBeenCalledOnce();
    }
  });

  test('no arguments at all', async () => {
    const row = { path: '/v1/things/{p}', parameters: [parameter({})] };
    for (const args of [undefined, null, {}]) {
      await expect(call(row, args)).rejects.toThrow('p must be as the rule says, but is missing');
    }
  });
});

describe('what is sent', () => {
  test('path, query and header parameters, and the body that is required', async () => {
    await using server = await playFaults([{ status: 200, body: { id: 1 } }]);
    const row = {
      method: 'POST',
      path: '/v1/things/{p}',
      body: 'NewThing',
      parameters: [
        parameter({}),
        parameter({ name: 'page size', in: 'query', schema: { type: 'integer' } }),
        parameter({ name: 'filter', in: 'query', required: false }),
        parameter({ name: 'X-Trace', in: 'header' }),
      ],
    } satisfies Partial<Operation>;
    const args = { p: 'a/b?c#d', 'page size': 5, 'X-Trace': 't 1', body: { name: 'é' } };
    const answer = await call(row, args, { baseUrl: server.baseUrl, fetch: undefined });
    expect(answer).toMatchObject({ ok: true, status: 200, body: { id: 1 } });
    expect(server.requests).toEqual([
      expect.objectContaining({
        method: 'POST',
        url: '/v1/things/a%2Fb%3Fc%23d?page size=5'.replace(' ', '%20'),
        body: '{"name":"é"}',
        headers: expect.objectContaining({ 'x-trace': 't 1', 'content-type': 'application/json' }),
      }),
    ]);
  });

  test('a required body cannot be left out', async () => {
    await expect(call({ method: 'POST', body: 'NewThing' }, {})).rejects.toThrow(
      'anyOperation: body must be NewThing, but is missing. Nothing was sent.',
    );
  });

  test('no body where none is required, whatever the caller passes', async () => {
    await using server = await playFaults([{ status: 200 }]);
    const client = createSessionsClient({ baseUrl: server.baseUrl });
    const args = { workspace_id: 'w', session_id: 's', body: { a: 1 } };
    await client.closeSession(args as unknown as { workspace_id: string; session_id: string });
    expect(server.requests[0]?.body).toBe('');
  });
});

describe('what comes back', () => {
  const json = (status: number, body?: object) => async () =>
    body ? Response.json(body, { status }) : new Response(null, { status });

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
    const success = { 200: 'Thing', 202: null };
    expect(await call({ success }, {}, { fetch: json(202) })).toMatchObject({
      ok: true,
      status: 202,
      body: undefined,
    });
    expect(await call({ success }, {}, { fetch: json(200, { id: 1 }) })).toMatchObject({
      status: 200,
      body: { id: 1 },
    });
  });
});

describe('repeats depend on the method', () => {
  test.each([
    ['GET', 3],
    ['PUT', 3],
    ['DELETE', 3],
    ['HEAD', 3],
    ['POST', 1],
    ['PATCH', 1],
  ] as const)('%s: %i attempts', async (method, attempts) => {
    const fetch = vi.fn(async () => new Response(null, { status: 503 }));
    expect(await call({ method }, {}, { fetch })).toMatchObject({ httpStatus: 503, attempts });
    expect(fetch).toHaveBeenCalledTimes(attempts);
  });

  test('only a DELETE is done when its repeat is answered with 404', async () => {
    const gone = { error_code: 'common.01000001', error_msg: 'no such thing' };
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const answers = [Response.json({}, { status: 500 }), Response.json(gone, { status: 404 })];
      const fetch = vi.fn(async () => answers.shift());
      expect(await call({ method }, {}, { fetch })).toMatchObject(
        method === 'DELETE' ? { ok: true, status: 'done-earlier' } : { ok: false, status: 404 },
      );
    }
  });

  test('a GET is repeated when its body breaks off', async () => {
    await using server = await playFaults([
      { truncated: 200 },
      { resetAfterHeaders: 200 },
      { status: 200, body: { id: 1 } },
    ]);
    const answer = await call({}, {}, { baseUrl: server.baseUrl, fetch: undefined });
    expect(answer).toMatchObject({ ok: true, body: { id: 1 }, attempts: 3 });
  });
});

test('a method for each row of the table, and none besides', () => {
  const client = createSessionsClient({ baseUrl: 'https://sql.example.com' });
  expect(Object.keys(client)).toEqual(['closeSession'] satisfies (keyof SessionsClient)[]);
  expect(Object.keys(createClient({ baseUrl: 'https://sql.example.com', operations: {} }))).toEqual(
    [],
  );
});
