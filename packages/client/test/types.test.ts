import type { Schemas } from '@sql-sessions/contract';
import { closeSession } from '@sql-sessions/contract/operations';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { createClient } from '../src/core.ts';
import {
  type Answer,
  createSessionsClient,
  type DoneEarlier,
  type Success,
  type UnexpectedAnswer,
  unwrap,
} from '../src/index.ts';
import { documented, IDS } from './examples.ts';
import { playFaults } from './fault-server.ts';

type Close = Answer<'closeSession'>;

async function closeOn(status: 403 | 404 | 408): Promise<Close> {
  await using server = await playFaults([documented(status)]);
  return await createSessionsClient({ baseUrl: server.baseUrl, maxAttempts: 1 }).closeSession(IDS);
}

describe('the type and the value agree', () => {
  test('after 403 the code is an integer, after 404 a string', async () => {
    const forbidden = await closeOn(403);
    if (forbidden.status !== 403) return expect.unreachable();
    expectTypeOf(forbidden.body).toEqualTypeOf<Schemas['ForbiddenError']>();
    expectTypeOf(forbidden.body.error_code).toEqualTypeOf<number>();
    expect(forbidden.body.error_code).toBe(403);

    const missing = await closeOn(404);
    if (missing.status !== 404) return expect.unreachable();
    expectTypeOf(missing.body).toEqualTypeOf<Schemas['Error']>();
    expectTypeOf(missing.body.error_code).toEqualTypeOf<string>();
    expect(missing.body.error_code).toBe('common.01000001');
  });

  test('ok tells successes from the others', async () => {
    const answer = await closeOn(404);
    if (answer.ok) {
      expectTypeOf(answer.status).toEqualTypeOf<200 | 'done-earlier'>();
      expectTypeOf(answer.body).toEqualTypeOf<undefined>();
    } else {
      expectTypeOf(answer.status).toEqualTypeOf<400 | 401 | 403 | 404 | 408 | 500 | 'unexpected'>();
    }
    expect(answer.ok).toBe(false);
  });

  test('an exhaustive switch compiles, and a forgotten status does not', async () => {
    const describe = (answer: Close): string => {
      switch (answer.status) {
        case 200:
        case 'done-earlier':
          return 'closed';
        case 403:
          return `forbidden: ${answer.body.error.title}`;
        case 400:
        case 401:
        case 404:
        case 408:
        case 500:
          return answer.body.error_msg;
        case 'unexpected':
          return `${answer.httpStatus} ${answer.reason} ${answer.snippet}`;
      }
    };
    expect(describe(await closeOn(403))).toBe('forbidden: Forbidden');

    // @ts-expect-error 408 and 'unexpected' are missing
    const forgetful = (answer: Close): string => {
      switch (answer.status) {
        case 200:
        case 'done-earlier':
          return 'closed';
        case 400:
        case 401:
        case 403:
        case 404:
        case 500:
          return answer.body.error_msg;
      }
    };
    expect(forgetful(await closeOn(408))).toBeUndefined();
  });

  test('unwrap leaves the successes', async () => {
    expectTypeOf(unwrap<Close>).returns.resolves.toEqualTypeOf<Success<'closeSession'>>();
    expectTypeOf<Success<'closeSession'>['status']>().toEqualTypeOf<200 | 'done-earlier'>();
    expectTypeOf<Extract<Close, { status: 'done-earlier' }>>().toEqualTypeOf<DoneEarlier>();
    expectTypeOf<Extract<Close, { status: 'unexpected' }>>().toEqualTypeOf<UnexpectedAnswer>();
  });
});

describe('arguments', () => {
  const client = createSessionsClient({
    baseUrl: 'https://sql.example.com',
    fetch: () => expect.unreachable(),
  });
  const refused = { kind: 'invalid-argument' };

  test('an id of another type, a missing id, no arguments: refused by the compiler and at run time', async () => {
    // @ts-expect-error a number is no id
    await expect(client.closeSession({ ...IDS, session_id: 7 })).rejects.toMatchObject(refused);
    // @ts-expect-error session_id is missing
    await expect(client.closeSession({ workspace_id: 'w' })).rejects.toMatchObject(refused);
    // @ts-expect-error no arguments
    await expect(client.closeSession()).rejects.toMatchObject(refused);
  });

  test('no body is taken where the contract requires none', () => {
    // @ts-expect-error closeSession has no body
    const call = () => client.closeSession({ ...IDS, body: {} });
    expect(call).toBeTypeOf('function');
  });

  test('baseUrl is required', () => {
    // @ts-expect-error baseUrl is missing
    expect(() => createSessionsClient({})).toThrow('baseUrl must be an absolute URL');
  });
});

test('a client of chosen operations has those methods, with the same types', () => {
  const chosen = createClient({ baseUrl: 'https://sql.example.com', operations: { closeSession } });
  expectTypeOf(chosen).toEqualTypeOf<
    Pick<ReturnType<typeof createSessionsClient>, 'closeSession'>
  >();
  expect(Object.keys(chosen)).toEqual(['closeSession']);
});
