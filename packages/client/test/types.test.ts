import type { Schemas } from '@sql-sessions/contract';
import { closeSession } from '@sql-sessions/contract/operations';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { createClient } from '../src/core.ts';
import {
  type AlreadyDeleted,
  createSessionsClient,
  type Result,
  type Success,
  type UnexpectedResponse,
  unwrap,
} from '../src/index.ts';
import { documented, IDS } from './examples.ts';
import { playFaults } from './fault-server.ts';

type Close = Result<'closeSession'>;

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
    const result = await closeOn(404);
    if (result.ok) {
      expectTypeOf<200 | 'already-deleted'>().toExtend<typeof result.status>();
      expectTypeOf<404>().not.toExtend<typeof result.status>();
      if (result.status === 200) expectTypeOf(result.body).toEqualTypeOf<undefined>();
    } else {
      expectTypeOf<403 | 404 | 'unexpected'>().toExtend<typeof result.status>();
      expectTypeOf<200>().not.toExtend<typeof result.status>();
    }
    expect(result.ok).toBe(false);
  });

  test('a switch with a default compiles, and one that forgets a status does not', async () => {
    const describe = (result: Close): string => {
      switch (result.status) {
        case 200:
        case 'already-deleted':
          return 'closed';
        case 403:
          return `forbidden: ${result.body.error.title}`;
        case 404:
          return result.body.error_msg;
        case 'unexpected':
          return `${result.httpStatus} ${result.reason} ${result.snippet}`;
        default:
          return `${result.httpStatus}`;
      }
    };
    expect(describe(await closeOn(403))).toBe('forbidden: Forbidden');

    // @ts-expect-error others are missing
    const forgetful = (result: Close): string => {
      switch (result.status) {
        case 200:
        case 'already-deleted':
          return 'closed';
        case 403:
        case 404:
          return result.body.error_msg;
      }
    };
    expect(forgetful(await closeOn(408))).toBeUndefined();
  });

  test('unwrap leaves the successes', async () => {
    expectTypeOf(unwrap<Close>).returns.resolves.toEqualTypeOf<Success<'closeSession'>>();
    expectTypeOf<200 | 'already-deleted'>().toExtend<Success<'closeSession'>['status']>();
    expectTypeOf<404>().not.toExtend<Success<'closeSession'>['status']>();
    expectTypeOf<Extract<Close, { status: 'already-deleted' }>>().toEqualTypeOf<AlreadyDeleted>();
    expectTypeOf<Extract<Close, { status: 'unexpected' }>>().toEqualTypeOf<UnexpectedResponse>();
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

  test('a body of another kind than the contract documents', () => {
    // @ts-expect-error an empty object is all that closeSession takes
    const call = () => client.closeSession({ ...IDS, body: { a: 1 } });
    expect(call).toBeTypeOf('function');
  });

  test('what map and a mutation pass as a second argument', async () => {
    const many: Promise<Close>[] = [IDS].map(chosen().closeSession);
    expect(await Promise.all(many)).toMatchObject([{ ok: true }]);
    const mutationFn: (ids: typeof IDS, context: { mutationKey?: string[] }) => Promise<Close> =
      chosen().closeSession;
    expect(await mutationFn(IDS, { mutationKey: ['close'] })).toMatchObject({ ok: true });
  });

  test('baseUrl is required', () => {
    // @ts-expect-error baseUrl is missing
    expect(() => createSessionsClient({})).toThrow('baseUrl must be an absolute URL');
  });
});

function chosen() {
  const baseUrl = 'https://sql.example.com';
  return createSessionsClient({ baseUrl, fetch: async () => new Response() });
}

test('a client of chosen operations has those methods, with the same types', () => {
  const chosen = createClient({ baseUrl: 'https://sql.example.com', operations: { closeSession } });
  expectTypeOf(chosen).toEqualTypeOf<
    Pick<ReturnType<typeof createSessionsClient>, 'closeSession'>
  >();
  expect(Object.keys(chosen)).toEqual(['closeSession']);
});
