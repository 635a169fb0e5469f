import { expect, expectTypeOf, test } from 'vitest';
import type { AlreadyDeleted, UnexpectedResponse } from '../src/index.ts';
import { createSessionsClient, unwrap } from '../src/index.ts';
import { createResult } from '../src/testing.ts';
import { ERRORS, IDS } from './examples.ts';

test('a result for a test has the members and the type of one that came', async () => {
  const made = createResult('closeSession', 404, {
    body: ERRORS[404],
    path: '/v1/workspaces/w-1/sessions/s-1',
  });
  expectTypeOf(made.status).toEqualTypeOf<404>();
  const fetch = async () => Response.json(ERRORS[404], { status: 404 });
  const client = createSessionsClient({ baseUrl: 'https://sql.example.com', fetch });
  expect({ ...(await client.closeSession(IDS)), headers: {} }).toEqual(made);
  await expect(unwrap(made)).rejects.toMatchObject({ httpStatus: 404, code: 'common.01000001' });
});

test('statuses that are words', () => {
  const gone = createResult('closeSession', 'already-deleted');
  expectTypeOf(gone).toEqualTypeOf<AlreadyDeleted>();
  expect(gone).toMatchObject({ ok: true, httpStatus: 404 });
  const unexpected = createResult('closeSession', 'unexpected', { httpStatus: 429 });
  expectTypeOf(unexpected).toEqualTypeOf<UnexpectedResponse>();
  expect(unexpected).toMatchObject({ ok: false, httpStatus: 429, reason: 'status' });
  expect(createResult('closeSession', 200)).toMatchObject({ ok: true, body: undefined });
});

test('an operation that is not there', () => {
  // @ts-expect-error there is no such operation
  expect(() => createResult('openEverything', 200)).toThrow('no operation openEverything');
});
