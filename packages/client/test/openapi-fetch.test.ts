import { expect, expectTypeOf, test } from 'vitest';
import { createFetchClient } from '../src/openapi-fetch.ts';
import { CANARY, documented, ERRORS, IDS } from './examples.ts';
import { playFaults } from './fault-server.ts';

const PATH = '/v1/workspaces/{workspace_id}/sessions/{session_id}';

test('is openapi-fetch on the paths of the contract, with the token in its header', async () => {
  await using server = await playFaults([documented(404)]);
  const client = createFetchClient({ baseUrl: `${server.baseUrl}/gate/`, token: () => CANARY });
  const { data, error, response } = await client.DELETE(PATH, { params: { path: IDS } });
  expectTypeOf(data).toEqualTypeOf<undefined>();
  expect(error).toEqual(ERRORS[404]);
  expect(response.status).toBe(404);
  expect(server.requests[0]).toMatchObject({
    url: '/gate/v1/workspaces/w-1/sessions/s-1',
    headers: { 'x-auth-token': CANARY },
  });
});

test('does not follow a redirect with the token', async () => {
  await using other = await playFaults([]);
  await using server = await playFaults([{ redirectTo: other.baseUrl }]);
  const client = createFetchClient({ baseUrl: server.baseUrl, token: CANARY });
  await expect(client.DELETE(PATH, { params: { path: IDS } })).rejects.toMatchObject({
    kind: 'redirect',
  });
  expect(other.requests).toEqual([]);
});

test('refuses the same base URLs and tokens', () => {
  expect(() => createFetchClient({ baseUrl: 'http://sql.example.com', token: CANARY })).toThrow(
    'https:',
  );
  expect(() => createFetchClient({ baseUrl: 'ftp://sql.example.com' })).toThrow('https://');
  expect(() => createFetchClient({ baseUrl: 'https://sql.example.com', token: 'a b' })).toThrow(
    'token',
  );
});
