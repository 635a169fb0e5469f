// Jest, with its defaults: a realm of its own and CommonJS. The client needs no transform and no mock of its own.
const { createSessionsClient, isRequestError } = require('@sql-sessions/client');

test('a closed port is a refused connection, in this realm as well', async () => {
  const client = createSessionsClient({ baseUrl: process.env.CLOSED_URL, maxAttempts: 1 });
  const call = client.closeSession({ workspace_id: 'w-1', session_id: 's-1' });
  await expect(call).rejects.toMatchObject({
    kind: 'refused',
    attempts: 1,
    maybeCarriedOut: false,
  });
  expect(isRequestError(await call.catch((error) => error))).toBe(true);
});

test('a fetch of the test', async () => {
  const fetch = jest.fn(async () => new Response());
  const client = createSessionsClient({ baseUrl: 'https://sql.example.com', fetch });
  expect(await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' })).toMatchObject({
    ok: true,
  });
  expect(fetch).toHaveBeenCalledTimes(1);
});
